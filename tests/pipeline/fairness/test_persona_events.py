"""Personas out of events."""

from pathlib import Path

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.fairness.persona_events import PersonaEvents, trait_patch
from tests.pipeline.fairness.conftest import ground_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(gendered_root: Path) -> tuple[PersonaEvents, object]:
    ground = ground_of(gendered_root, contexts=25)
    ids = [ground.selection.profiles[row].person_id for row in ground.contexts]
    few = bootstrap.open_warehouse(ground.project)
    return PersonaEvents(ground.project, ground.warehouse, few, ground.as_of, ids), ground


def test_unchanged_personas_have_the_profiles_and_features_of_the_run(told: tuple[PersonaEvents, object]) -> None:
    events, ground = told
    (world,) = events.worlds([[{}] * 25])
    selection = ground.selection  # type: ignore[attr-defined]
    rows = ground.contexts  # type: ignore[attr-defined]
    assert list(world.profiles) == [selection.profiles[row] for row in rows]
    for name, column in selection.table.columns.items():
        kept = [column[row] for row in rows]
        hidden = [selection.table.withheld[name][row] for row in rows]
        assert [None if out else value for value, out in zip(world.raw[name], hidden, strict=True)] == kept


def test_another_trait_changes_what_reads_it_and_nothing_else(told: tuple[PersonaEvents, object]) -> None:
    events, _ = told
    base, men, named = events.worlds(
        [[{}] * 25, [trait_patch("gender", "man")] * 25, [trait_patch("firstName", f"N{i}") for i in range(25)]]
    )
    assert set(men.raw["gender"]) == {"man"} and set(base.raw["gender"]) == {"man", "woman"}
    assert {name for name in base.raw if men.raw[name] != base.raw[name]} == {"gender", "last_item"}
    assert [p.first_name for p in named.profiles] == [f"N{i}" for i in range(25)]
    assert [p.person_id for p in named.profiles] == [p.person_id for p in base.profiles]
    assert named.raw == base.raw


def test_more_personas_than_fit_at_once_come_out_the_same(told: tuple[PersonaEvents, object]) -> None:
    events, _ = told
    patches = [[trait_patch("gender", name)] * 25 for name in ("man", "woman", "other")]
    together = events.worlds(patches)
    events._at_once = 1
    assert events.worlds(patches) == together


def test_a_path_makes_a_patch_inside() -> None:
    assert trait_patch("address.postalCode", "N1") == {"address": {"postalCode": "N1"}}
    assert trait_patch("gender", None) == {"gender": None}
