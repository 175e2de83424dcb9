"""What every event log must do: run each of CHECKS with a function that opens the log of a folder."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tailorbird.ports.event_log import EventLog
from tailorbird.types.event import EVENT_COLUMNS, Event

MakeLog = Callable[[Path], EventLog]
NOON = datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)


def sample_event(n: int) -> Event:
    """An event with id `e<n>`, n seconds after noon, with text that needs care."""
    return Event(
        type="track",
        message_id=f"e{n}",
        timestamp=NOON + timedelta(seconds=n),
        received_at=NOON + timedelta(seconds=n),
        user_id=f"u{n}",
        event="Order Completed",
        properties={"total": 12.5, "note": 'Grüße "quoted"\r\nnext\u2028line', "products": [{"product_id": "p1"}]},
        context={"timezone": "Europe/Berlin"},
    )


def read_segments(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The rows of Parquet segments in time order, as dicts by column name."""
    import duckdb

    if not paths:
        return []
    names = [name for name, _ in EVENT_COLUMNS]
    with duckdb.connect() as connection:
        query = f"SELECT {', '.join(names)} FROM read_parquet($files) ORDER BY timestamp, message_id"
        rows = connection.execute(query, {"files": [str(path) for path in paths]}).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def logged_ids(log: EventLog) -> list[str]:
    """Seal, and list the message ids of everything in the log."""
    return [row["message_id"] for row in read_segments(log.seal())]


def check_appended_events_come_back_whole(make_log: MakeLog, root: Path) -> None:
    """Every column survives, with text as it was."""
    import json

    log = make_log(root)
    event = sample_event(1)
    assert log.append([event]) == 1
    (row,) = read_segments(log.seal())
    assert (row["message_id"], row["type"], row["event"], row["user_id"]) == ("e1", "track", "Order Completed", "u1")
    assert row["anonymous_id"] is None
    assert row["timestamp"] == event.timestamp.replace(tzinfo=None) == row["received_at"]
    assert json.loads(row["properties"]) == event.properties
    assert json.loads(row["context"]) == event.context
    assert json.loads(row["traits"]) == {}
    log.close()


def check_a_duplicate_is_dropped(make_log: MakeLog, root: Path) -> None:
    """Within one append, over appends, after sealing, and after opening the log again."""
    log = make_log(root)
    assert log.append([sample_event(1), sample_event(2), sample_event(1)]) == 2
    assert log.append([replace(sample_event(2), event="Other"), sample_event(3)]) == 1
    assert logged_ids(log) == ["e1", "e2", "e3"]
    assert log.append([sample_event(3), sample_event(4)]) == 1
    log.close()
    log = make_log(root)
    assert log.append([sample_event(n) for n in range(1, 6)]) == 1
    assert logged_ids(log) == ["e1", "e2", "e3", "e4", "e5"]
    log.close()


def check_two_writers_at_once_lose_nothing_and_keep_nothing_twice(make_log: MakeLog, root: Path) -> None:
    """The same event, appended by two open logs at the same time, is there once when both have finished."""
    one, two = make_log(root), make_log(root)
    one.append([sample_event(0)])
    two.append([sample_event(0)])
    one.append([sample_event(1), sample_event(2)])
    two.append([sample_event(2), sample_event(3)])
    one.close()
    two.close()
    reader = make_log(root)
    assert logged_ids(reader) == ["e0", "e1", "e2", "e3"]
    reader.close()


def check_sealing_includes_what_a_live_writer_has_synced(make_log: MakeLog, root: Path) -> None:
    """Also when it is asked for again, and after the writer has finished."""
    writer, reader = make_log(root), make_log(root)
    writer.append([sample_event(1)])
    assert logged_ids(reader) == ["e1"]
    writer.append([sample_event(2)])
    assert logged_ids(reader) == ["e1", "e2"]
    writer.close()
    assert logged_ids(reader) == logged_ids(reader) == ["e1", "e2"]
    reader.close()


def check_a_finished_segment_is_adopted(make_log: MakeLog, root: Path) -> None:
    """Its events are in the log, its ids are known, and the file that was handed over is gone."""
    root.parent.mkdir(parents=True, exist_ok=True)
    other = make_log(root.parent / "other")
    other.append([sample_event(1), sample_event(2)])
    (segment,) = other.seal()
    other.close()
    log = make_log(root)
    log.append([sample_event(3)])
    log.adopt(segment)
    assert not segment.exists()
    assert log.append([sample_event(1), sample_event(4)]) == 1
    assert logged_ids(log) == ["e1", "e2", "e3", "e4"]
    log.close()


def check_an_empty_log_has_no_segments(make_log: MakeLog, root: Path) -> None:
    """Also after an append of nothing."""
    log = make_log(root)
    assert log.append([]) == 0
    assert list(log.seal()) == []
    log.close()


CHECKS: tuple[Callable[[MakeLog, Path], None], ...] = (
    check_appended_events_come_back_whole,
    check_a_duplicate_is_dropped,
    check_two_writers_at_once_lose_nothing_and_keep_nothing_twice,
    check_sealing_includes_what_a_live_writer_has_synced,
    check_a_finished_segment_is_adopted,
    check_an_empty_log_has_no_segments,
)
