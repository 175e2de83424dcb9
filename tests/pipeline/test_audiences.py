"""Audiences over everybody: sizes, overlaps and samples of made-up people."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.audiences import Members, write_members
from tailorbird.types.audience import AudienceRule, Condition, Overlap
from tailorbird.types.feature import FeatureTable

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def members() -> Members:
    table = FeatureTable(NOW, ["a", "b", "c", "d"], {"x": [1, 2, 3, None]}, {"x": [False, False, False, True]})
    rules = {name: AudienceRule(name, all=(Condition("x", at_least=1),)) for name in ("low", "high", "none")}
    held = {"low": [True, True, False, False], "high": [False, True, True, False], "none": [False] * 4}
    return Members(table, rules, {name: np.array(marks) for name, marks in held.items()})


def test_sizes_tell_who_cannot_be_judged(members: Members) -> None:
    assert [(one.name, one.size, one.known, one.withheld) for one in members.sizes()] == [
        ("low", 2, 4, 1),
        ("high", 2, 4, 1),
        ("none", 0, 4, 1),
    ]


def test_an_overlap_is_held_against_chance(members: Members) -> None:
    first, *others = members.overlaps()
    assert first == Overlap("low", "high", both=1, either=3, lift=1.0)
    assert [one.lift for one in others] == [None, None]


def test_a_sample_does_not_change_when_somebody_else_comes(members: Members) -> None:
    table = FeatureTable(NOW, [f"p{i}" for i in range(100)], {})
    few = Members(table, {}, {"all": np.arange(100) < 99}).sample("all", 10, 3)
    more = Members(table, {}, {"all": np.arange(100) < 100}).sample("all", 10, 3)
    assert len(set(few) & set(more)) >= 9
    assert members.sample("low", 10, 0) in (["a", "b"], ["b", "a"])


def test_an_empty_list_is_written_too(members: Members, tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse(spill=tmp_path / "spill")
    written = write_members(members, tmp_path / "lists", warehouse)
    assert [(name, rows) for name, _, rows in written] == [("low", 2), ("high", 2), ("none", 0)]
    warehouse.attach("high", [tmp_path / "lists" / "high.parquet"])
    stamp = NOW.replace(tzinfo=None)
    assert warehouse.rows("SELECT person_id, as_of FROM high") == [("b", stamp), ("c", stamp)]
