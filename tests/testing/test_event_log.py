"""The fake event log in a folder."""

from datetime import UTC, datetime
from pathlib import Path

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.testing.event_log import FolderEventLog, ToParquet
from tailorbird.types.event import EVENT_COLUMNS, Event

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def event(message_id: str) -> Event:
    return Event("track", message_id, NOON, NOON, user_id="u", event="Order Completed", properties={"total": 3.5})


def test_appended_events_are_sealed_with_the_schema_of_segments(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    log = FolderEventLog(tmp_path, ToParquet(warehouse))
    assert log.append([event("a"), event("a"), event("b")]) == 2
    warehouse.attach("segments", log.seal())
    described = [(name, kind) for name, kind, *_ in warehouse.rows("DESCRIBE segments")]
    assert described == list(EVENT_COLUMNS)
    assert warehouse.rows("SELECT message_id, timestamp, properties FROM segments ORDER BY 1") == [
        ("a", NOON.replace(tzinfo=None), '{"total": 3.5}'),
        ("b", NOON.replace(tzinfo=None), '{"total": 3.5}'),
    ]


def test_an_adopted_segment_moves_into_the_folder(tmp_path: Path) -> None:
    segment = tmp_path / "incoming.parquet"
    DuckdbWarehouse().write("SELECT 1 AS a", segment)
    log = FolderEventLog(tmp_path / "log")
    log.adopt(segment)
    assert not segment.exists()
    assert [path.parent.name for path in log.seal()] == ["log"]
