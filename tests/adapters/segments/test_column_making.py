"""Making one part: codes go on from part to part, and what repeats or is damaged is told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.column_files import load_part
from tailorbird.adapters.segments.column_making import make_facts, make_part
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.ports.event_log import EventLogError
from tailorbird.stages.features.lanes import plan_lanes
from tailorbird.types.event import Event
from tailorbird.types.feature import FeatureDefinition

pytestmark = pytest.mark.slow

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PLAN = plan_lanes([FeatureDefinition(name="c", kind="distinct", field="properties.c", purpose="p")]).plan


def segment(folder: Path, *events: tuple[str, str | None, str | None, object]) -> Path:
    log = SegmentLog(folder)
    log.append([Event("track", m, NOON, NOON, user, device, "x", {"c": c}) for m, user, device, c in events])
    (path,) = log.seal()
    return path


@pytest.fixture(autouse=True)
def folders(tmp_path: Path) -> None:
    for name in ("p", "p1", "p2", "p3"):
        (tmp_path / name).mkdir()


def test_codes_follow_those_of_earlier_parts(tmp_path: Path) -> None:
    one = segment(tmp_path / "1", ("m1", "b", None, "red"), ("m2", "a", "d", 1.0), ("m3", None, "d", "1"))
    two = segment(tmp_path / "2", ("m4", "a", None, "blue"), ("m5", "c", None, "red"))
    make_part(tmp_path / "p1", [one], [], PLAN, [])
    make_part(tmp_path / "p2", [two], [tmp_path / "p1"], PLAN, [])
    first, second = load_part(tmp_path / "p1"), load_part(tmp_path / "p2")
    assert (first.ids, first.texts) == (["ad", "ua", "ub"], {0: ["1", "red"]})
    assert (first.lanes[0].keys.tolist(), first.lanes[0].values.tolist()) == ([0, 1, 2], [0, 0, 1])
    assert (second.ids, second.texts) == (["uc"], {0: ["blue"]})
    assert (second.lanes[0].keys.tolist(), second.lanes[0].values.tolist()) == ([1, 3], [2, 1])


def test_an_event_that_an_earlier_part_holds_is_told(tmp_path: Path) -> None:
    one, two = segment(tmp_path / "1", ("m1", "b", None, 1)), segment(tmp_path / "2", ("m1", "b", None, 2))
    assert make_part(tmp_path / "p1", [one], [], PLAN, [])
    assert not make_part(tmp_path / "p2", [two], [tmp_path / "p1"], PLAN, [])
    make_part(tmp_path / "p3", [one, two], [], PLAN, [])
    assert load_part(tmp_path / "p3").texts == {0: ["1"]}


def test_a_damaged_segment_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "s.parquet"
    broken.write_bytes(b"PAR1 broken")
    with pytest.raises(EventLogError, match=r"s\.parquet"):
        make_part(tmp_path / "p", [broken], [], PLAN, [])


def test_facts_say_where_an_id_comes_twice_and_refuse_what_an_earlier_part_holds(tmp_path: Path) -> None:
    one, two = segment(tmp_path / "1", ("m1", "b", "d", 1)), segment(tmp_path / "2", ("m1", "b", None, 2))
    assert make_facts(tmp_path / "p1", [one], [])
    assert not make_facts(tmp_path / "p2", [two], [tmp_path / "p1"])
    assert make_facts(tmp_path / "p3", [one, two], []) and (tmp_path / "p3" / "repeats").exists()
    warehouse = DuckdbWarehouse(threads=1)
    for name, columns, wanted in (
        ("pairs", 'anonymous_id, user_id, "count"', [("d", "b", 1)]),
        ("ids", "anonymous_id, user_id, events", [(None, "b", 1)]),
        ("words", "message_id", []),
    ):
        warehouse.attach(name, [tmp_path / "p1" / f"{name}.parquet"])
        assert warehouse.rows(f"SELECT {columns} FROM {name}") == wanted
