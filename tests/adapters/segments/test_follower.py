"""Following a log: every event comes, soon, and not again when its segment is sealed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.segments.follower import SegmentFollower
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.ports.event_log import EventLogError
from tailorbird.types.event import Event

START = datetime(2026, 6, 1, tzinfo=UTC)


def event(number: int, **ids: Any) -> Event:
    moment = START + timedelta(seconds=number)
    return Event(
        "track", f"m{number}", moment, moment, event="Seen", properties={"n": number}, **(ids or {"user_id": "a"})
    )


def polled(follower: SegmentFollower) -> list[str]:
    return [each.message_id for events in follower.poll() for each in events]


@pytest.mark.slow
def test_what_is_appended_comes_once_also_when_it_is_sealed_meanwhile(tmp_path: Path) -> None:
    log, follower = SegmentLog(tmp_path / "events"), SegmentFollower(tmp_path / "events")
    assert polled(follower) == []
    log.append([event(1), event(2)])
    assert polled(follower) == ["m1", "m2"]
    log.append([event(3)])
    log.seal()
    log.append([event(4)])
    assert sorted(polled(follower)) == ["m3", "m4"]
    log.close()
    log.seal()
    assert polled(follower) == []


def test_a_new_follower_gets_everything_whether_sealed_or_growing(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path / "events")
    log.append([event(1), event(2)])
    log.seal()
    log.append([event(3)])
    found = [each for events in SegmentFollower(tmp_path / "events").poll() for each in events]
    assert sorted(found, key=lambda each: each.timestamp) == [event(1), event(2), event(3)]


def test_a_line_that_is_still_being_written_waits_and_a_damaged_one_is_passed_over(tmp_path: Path) -> None:
    log, follower = SegmentLog(tmp_path / "events"), SegmentFollower(tmp_path / "events")
    log.append([event(1)])
    (path,) = (tmp_path / "events").glob("*.jsonl")
    whole = path.read_bytes()
    torn = whole.replace(b"m1", b"m2")
    with path.open("ab") as file:
        file.write(b'{"broken": \n' + torn[:-9])
    assert polled(follower) == ["m1"]
    with path.open("ab") as file:
        file.write(torn[-9:])
    assert polled(follower) == ["m2"]


@pytest.mark.slow
def test_the_events_of_some_ids_come_from_all_that_was_given_and_from_nothing_else(tmp_path: Path) -> None:
    log, follower = SegmentLog(tmp_path / "events"), SegmentFollower(tmp_path / "events")
    log.append([event(1, user_id="a"), event(2, anonymous_id="d"), event(3, user_id="b", anonymous_id="d")])
    log.seal()
    log.append([event(4, user_id="a"), event(5, user_id="c")])
    polled(follower)
    log.append([event(6, user_id="a")])
    assert sorted(each.message_id for each in follower.of({"a"})) == ["m1", "m4"]
    assert sorted(each.message_id for each in follower.of({"d", "c"})) == ["m2", "m3", "m5"]
    assert list(follower.of(set())) == []


def test_a_sealed_event_that_is_nested_by_the_thousand_tells_nothing_and_ends_nothing(tmp_path: Path) -> None:
    import duckdb

    moment = "TIMESTAMP '2026-06-01'"
    deep = "'{\"a\":' || repeat('[', 9000) || repeat(']', 9000) || '}'"
    duckdb.sql(
        f"COPY (SELECT 'm1' AS message_id, 'track' AS type, 'Seen' AS event, 'u' AS user_id, NULL::VARCHAR AS "
        f"anonymous_id, {moment} AS timestamp, {moment} AS received_at, {deep} AS properties, '{{}}' AS traits, "
        f"'{{}}' AS context) TO '{tmp_path}/1.parquet' (FORMAT parquet)"
    )
    ((found,),) = SegmentFollower(tmp_path).poll()
    assert (found.message_id, found.user_id, found.properties) == ("m1", "u", {})


def test_a_damaged_segment_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "1.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(EventLogError):
        polled(SegmentFollower(tmp_path))
