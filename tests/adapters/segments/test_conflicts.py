import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tailorbird.adapters.segments.conflicts import line_with_id, tell_the_same, wire_of
from tailorbird.adapters.segments.log import event_lines
from tailorbird.stages.events.segment_wire import read_event
from tailorbird.testing.event_log_conformance import sample_event
from tailorbird.types.event import TOLD_TIME, Event

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def line(event: Event) -> bytes:
    return event_lines([event]).lines


def test_a_repetition_differs_in_its_times_alone() -> None:
    first = sample_event(1)
    later = replace(first, timestamp=NOW, received_at=NOW + timedelta(hours=1))
    assert tell_the_same(line(first), line(later))
    ahead = replace(later, context={**first.context, TOLD_TIME: "2026-06-01T13:00:00+00:00"})
    assert tell_the_same(line(first), line(ahead))


def test_a_repetition_may_be_written_otherwise() -> None:
    plain = line(replace(sample_event(1), properties={"a": 1.5, "b": [True]}))
    spaced = plain.replace(b'{"a":1.5,"b":[true]}', b'{"a":7, "a": 1.50, "b" : [ true ]}')
    assert spaced != plain and tell_the_same(plain, spaced) and tell_the_same(spaced, plain)
    assert wire_of(spaced) == wire_of(plain)
    assert not tell_the_same(plain, spaced.replace(b"[ true ]", b"[ 1 ]"))


@pytest.mark.parametrize(
    "change", [{"event": "B"}, {"user_id": None}, {"properties": {}}, {"traits": {"a": 1}}, {"context": {}}]
)
def test_another_event_under_the_same_id_is_no_repetition(change: dict[str, object]) -> None:
    assert not tell_the_same(line(sample_event(1)), line(replace(sample_event(1), **change)))  # type: ignore[arg-type]


def test_a_line_is_found_by_its_id_and_not_by_an_id_that_some_property_names() -> None:
    decoy = replace(sample_event(1), properties={"message_id": "e2"})
    lines = line(decoy) + line(sample_event(2)) + line(sample_event(3))
    assert line_with_id(lines, "e2") == line(sample_event(2)).rstrip(b"\n")
    assert line_with_id(lines, "e4") is None
    quoted = replace(sample_event(1), message_id='a"b\\c')
    assert line_with_id(line(quoted), 'a"b\\c') == line(quoted)[:-1]


@pytest.mark.parametrize(
    ("kind", "wire"),
    [
        ("track", {"userId": "u", "anonymousId": "a", "event": "A", "properties": {"n": 1}}),
        ("page", {"anonymousId": "a", "name": "Home", "category": "Shop"}),
        ("identify", {"userId": "u", "traits": {"email": "a@example.com"}}),
        ("group", {"userId": "u", "groupId": "g"}),
        ("alias", {"userId": "u", "previousId": "old"}),
    ],
)
def test_a_line_as_its_sender_wrote_it_becomes_the_same_line(kind: str, wire: dict[str, object]) -> None:
    body = json.dumps({**wire, "messageId": "m", "timestamp": "2026-06-01T10:00:00Z"}).encode()
    lines = read_event(kind, body, NOW).events.lines
    told = json.loads(wire_of(lines))
    if kind == "group":
        told["groupId"] = told["properties"]["groupId"]
    assert read_event(kind, json.dumps(told).encode(), NOW).events.lines == lines
