from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.briefs.cells import assign_cells, place_people, subject_family
from tailorbird.types.brief import Subject
from tailorbird.types.campaign import BriefSpec
from tailorbird.types.feature import FeatureTable, RawFeatures

SPEC = BriefSpec(lattice=(("family", "daypart"), ("family",)), k=3, family="family")

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def table_of(columns: Mapping[str, Sequence[Any]]) -> FeatureTable:
    return FeatureTable(NOW, [str(i) for i in range(len(next(iter(columns.values()))))], columns)


def test_a_cell_of_k_people_is_kept_and_a_smaller_one_generalised() -> None:
    families = ["mugs"] * 7
    dayparts = ["morning", "morning", "morning", "night", "night", "noon", None]
    columns: dict[str, Sequence[str | None]] = {"family": families, "daypart": dayparts}
    subjects = assign_cells(table_of(columns), range(7), SPEC)
    assert [s.label() for s in subjects[:3]] == ["family=mugs, daypart=morning"] * 3
    assert {s.label() for s in subjects[3:]} == {"family=mugs"}
    assert subjects[0].kind == "cell_family"
    assert subjects[3].kind == "family"


def test_people_left_over_fall_to_the_default_brief() -> None:
    columns = {"family": ["mugs", "mugs", "soap"], "daypart": ["morning"] * 3}
    assert {s.kind for s in assign_cells(table_of(columns), range(3), SPEC)} == {"default"}


def test_the_family_of_a_subject_is_read_from_its_attributes() -> None:
    assert subject_family(Subject("family", (("family", "mugs"),)), SPEC) == "mugs"
    assert subject_family(Subject("default"), SPEC) is None


values = st.sampled_from(["a", "b", "c", None])


@pytest.mark.slow
@given(st.lists(st.tuples(values, values), max_size=60), st.integers(1, 8))
def test_every_subject_but_the_default_is_shared_by_k_people(rows: list[tuple[str | None, str | None]], k: int) -> None:
    columns = {"family": [r[0] for r in rows], "daypart": [r[1] for r in rows]}
    spec = BriefSpec(lattice=SPEC.lattice, k=k, family="family")
    sizes = Counter(subject for subject in assign_cells(table_of(columns), range(len(rows)), spec))
    assert all(size >= k for subject, size in sizes.items() if subject.kind != "default")


def test_what_a_person_is_shown_can_make_a_cell() -> None:
    spec = BriefSpec(lattice=(("hero_family",),), k=2, family="hero_family")
    shown = {"hero_family": {1: "mugs", 2: "mugs"}}
    subjects = assign_cells(table_of({"orders": [1, 2, 3]}), [1, 2], spec, (), shown)
    assert [subject.label() for subject in subjects] == ["hero_family=mugs"] * 2


def test_a_cell_whose_people_share_a_sensitive_value_is_generalised() -> None:
    columns: dict[str, Sequence[Any]] = {
        "family": ["mugs"] * 6,
        "daypart": ["night"] * 3 + ["noon"] * 3,
        "diet": ["halal", "halal", "halal", "kosher", "vegan", None],
    }
    spec = BriefSpec(lattice=SPEC.lattice, k=3, diversity=2)
    subjects = assign_cells(table_of(columns), range(6), spec, ["diet"])
    assert {s.label() for s in subjects[:3]} == {"everyone"}
    assert {s.label() for s in subjects[3:]} == {"family=mugs, daypart=noon"}
    assert {s.level for s in assign_cells(table_of(columns), range(6), spec)} == {0}


def test_a_sensitive_value_that_is_known_of_nobody_tells_nothing() -> None:
    columns: dict[str, Sequence[Any]] = {"family": ["mugs"] * 3, "daypart": ["night"] * 3, "diet": [None] * 3}
    assert {s.level for s in assign_cells(table_of(columns), range(3), SPEC, ["diet"])} == {0}


def test_features_that_nobody_asked_consent_for_make_no_cells() -> None:
    raw: Any = RawFeatures(NOW, ["p"] * 3, {"family": ["mugs"] * 3, "daypart": ["night"] * 3})
    with pytest.raises(AttributeError):
        assign_cells(raw, range(3), SPEC)


@pytest.mark.slow
@given(st.lists(st.tuples(values, values, values), max_size=60), st.integers(1, 4), st.integers(1, 4))
def test_every_subject_but_the_default_is_diverse(rows: list[tuple[str | None, ...]], k: int, least: int) -> None:
    columns = {"family": [r[0] for r in rows], "daypart": [r[1] for r in rows], "diet": [r[2] for r in rows]}
    spec = BriefSpec(lattice=SPEC.lattice, k=k, diversity=least)
    known: dict[Subject, set[str]] = defaultdict(set)
    for subject, diet in zip(
        assign_cells(table_of(columns), range(len(rows)), spec, ["diet"]), columns["diet"], strict=True
    ):
        if subject.kind != "default" and diet is not None:
            known[subject].add(diet)
    assert all(len(diets) >= least for diets in known.values())


@pytest.mark.slow
@given(st.lists(st.tuples(values, values, values), max_size=60), st.integers(1, 4))
def test_without_sensitive_features_diversity_changes_nothing(rows: list[tuple[str | None, ...]], k: int) -> None:
    columns = {"family": [r[0] for r in rows], "daypart": [r[1] for r in rows]}
    wide, narrow = (BriefSpec(lattice=SPEC.lattice, k=k, diversity=least) for least in (1, 9))
    table = table_of(columns)
    assert assign_cells(table, range(len(rows)), wide) == assign_cells(table, range(len(rows)), narrow)


@pytest.mark.slow
@given(st.lists(st.tuples(values, values), max_size=60), st.integers(1, 8))
def test_people_find_the_cells_that_they_made_themselves(rows: list[tuple[str | None, str | None]], k: int) -> None:
    table = table_of({"family": [r[0] for r in rows], "daypart": [r[1] for r in rows]})
    spec = BriefSpec(lattice=SPEC.lattice, k=k, family="family")
    made = assign_cells(table, range(len(rows)), spec)
    assert place_people(table, range(len(rows)), spec, made) == made


def test_a_newcomer_gets_the_finest_cell_that_is_there_and_makes_none() -> None:
    cells = [
        Subject("family", (("family", "mugs"),), 1),
        Subject("cell_family", (("family", "soap"), ("daypart", "night"))),
    ]
    table = table_of({"family": ["mugs", "soap", "soap", None], "daypart": ["night", "night", "noon", "night"]})
    labels = [subject.label() for subject in place_people(table, range(4), SPEC, cells)]
    assert labels == ["family=mugs", "family=soap, daypart=night", "everyone", "everyone"]
    shown = {"family": {3: "mugs"}}
    assert place_people(table, [3], SPEC, cells, shown)[0].label() == "family=mugs"
