"""Whose the keys of kept columns are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.lane_owners import counted_otherwise, find_owners
from tailorbird.pipeline.people import open_views
from tailorbird.stages.features.lane_runs import NOBODY, SHARED
from tailorbird.types.event import Event
from tailorbird.types.event_columns import ColumnPart

pytestmark = pytest.mark.slow

START = datetime(2026, 1, 1, tzinfo=UTC)


def event(number: int, user: str | None, device: str | None, kind: str = "track", **more: object) -> Event:
    moment = START + timedelta(hours=number)
    return Event(kind, f"m{number}", moment, moment, user, device, "x", context=more)  # type: ignore[arg-type]


def opened(folder: Path, *events: Event) -> DuckdbWarehouse:
    log = SegmentLog(folder)
    log.append(events)
    warehouse = DuckdbWarehouse(threads=1)
    open_views(warehouse, log)
    return warehouse


def part(*ids: str, excluded: frozenset[str] = frozenset()) -> ColumnPart:
    return ColumnPart([], list(ids), {}, excluded, 0)


def test_users_devices_and_aliases_have_their_people(tmp_path: Path) -> None:
    warehouse = opened(
        tmp_path,
        event(1, "a", "phone"),
        event(2, "a", "shared"),
        event(3, "b", "shared"),
        event(4, None, "lone"),
        event(5, "a", "old", "alias"),
    )
    parts = [part("aphone", "ashared", "alone", "ua"), part("ub", "uold", "aold")]
    owners = find_owners(warehouse, parts, ["a", "b"])
    assert owners.of.tolist() == [0, SHARED, NOBODY, 0, 1, 0, 0]
    at_three = int((START + timedelta(hours=3)).timestamp() * 1e6)
    assert [(key, row) for key, _, _, row in owners.periods] == [(1, 0), (1, 1)]
    assert owners.periods[0][2] == owners.periods[1][1] == at_three


def test_whoever_has_an_event_that_counts_otherwise_now_is_found(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, event(1, "a", None), event(2, "b", None, test=True), event(3, "c", None, test=True))
    parts = [part(excluded=frozenset({"m1"})), part(excluded=frozenset({"m3"}))]
    unsure = counted_otherwise(warehouse, parts, frozenset({"m2", "m3"}), ["a", "b", "c"])
    assert unsure.tolist() == [True, True, False]
