import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.events.segment_wire import Reading, Refused, WireError, read_batch, read_event
from tailorbird.types.event import TOLD_TIME
from tailorbird.types.reserved import MESSAGE_PREFIXES

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def track(**changes: Any) -> bytes:
    wire = {"userId": "u1", "event": "Order Completed", "messageId": "x1", "properties": {"total": 12.5}, **changes}
    return json.dumps({name: value for name, value in wire.items() if value is not None}).encode()


def rows(reading: Reading) -> list[dict[str, Any]]:
    """The lines of a reading, times as times."""
    found = [json.loads(line) for line in reading.events.lines.splitlines()]
    assert [row["message_id"] for row in found] == list(reading.events.message_ids)
    for row in found:
        for name in ("timestamp", "received_at"):
            row[name] = datetime.fromisoformat(row[name])
    return found


def read(kind: str, body: bytes, ahead: bool = False) -> dict[str, Any]:
    """The one event of a body that is right, read alone and in a batch."""
    (alone,) = rows(read_event(kind, body, NOW, ahead))
    typed = body.rstrip()[:-1] + b',"type":"' + kind.encode() + b'"}'
    (among,) = rows(read_batch(b'{"batch":[' + typed + b"]}", NOW, ahead))
    assert {**among, "message_id": ""} == {**alone, "message_id": ""}
    return alone


def refusal(body: bytes, kind: str = "track") -> str:
    """Why an event is refused, which does not depend on what stands beside it."""
    reading = read_event(kind, body, NOW)
    assert (reading.events.lines, [one.raw for one in reading.refused]) == (b"", [body])
    return reading.refused[0].reason


def unread(body: bytes, kind: str = "") -> str:
    with pytest.raises(WireError) as caught:
        read_event(kind, body, NOW) if kind else read_batch(body, NOW)
    return str(caught.value)


def test_a_track_call_becomes_a_line() -> None:
    assert read("track", track(context={"timezone": "Europe/Berlin"})) == {
        "type": "track", "message_id": "x1", "timestamp": NOW, "received_at": NOW, "user_id": "u1",
        "anonymous_id": None, "event": "Order Completed", "properties": {"total": 12.5}, "traits": {},
        "context": {"timezone": "Europe/Berlin"},
    }  # fmt: skip


def test_each_kind_of_call_is_taken() -> None:
    both = {"userId": "u1", "anonymousId": "a1"}
    identify = read("identify", json.dumps({**both, "traits": {"email": "a@example.com"}}).encode())
    assert (identify["type"], identify["anonymous_id"]) == ("identify", "a1")
    assert identify["traits"] == {"email": "a@example.com"}
    page = read("page", json.dumps({"anonymousId": "a1", "name": "Home", "category": "Shop"}).encode())
    assert (page["event"], page["properties"]) == ("Home", {"name": "Home", "category": "Shop"})
    group = read("group", json.dumps({"userId": 7, "groupId": "g"}).encode())
    assert (group["user_id"], group["properties"]) == ("7", {"groupId": "g"})
    alias = read("alias", json.dumps({"userId": "u1", "previousId": "old"}).encode())
    assert (alias["user_id"], alias["anonymous_id"]) == ("u1", "old")
    assert read("screen", json.dumps(both).encode())["type"] == "screen"


def test_an_event_without_an_id_gets_one_from_its_content() -> None:
    first, again = (read("track", track(messageId=None)) for _ in range(2))
    other = read("track", track(messageId=None, event="Other"))
    assert first["message_id"] == again["message_id"] != other["message_id"]
    batch = b'{"batch":[' + track(messageId=None, type="track") + b"]}"
    assert read_batch(batch, NOW).events == read_batch(batch, NOW).events


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (track(userId=None), "one of userId and anonymousId"),
        (track(userId=""), "one of userId and anonymousId"),
        (track(event=None), "event name"),
        (track(type="dance"), "one of alias, group"),
        (track(properties=[1]), "properties must be a JSON object"),
        (track(timestamp="yesterday"), "timestamp must be a time such as 2026-06-01T09:30:00Z"),
        (track(timestamp=5), "timestamp must be a time such as 2026-06-01T09:30:00Z"),
        (track(timestamp="0001-01-01T00:00:00+14:00"), "out of range"),
        (track(userId="u" * 10_000), "10000 characters; at most 250"),
        (track(userId=1.5), "userId must be text or a whole number"),
        (track(event=5), "event must be text"),
        (track(anonymousId="a\x00b"), "anonymousId holds a control character"),
        (track(messageId="a\nb"), "messageId holds a control character"),
        (track(event="Order\x07"), "event's name holds a control character"),
        (track(event="x" * 1001), "1001 characters"),
        (track(messageId="sent:0123"), "Tailorbird's own"),
        *((track(messageId=f"{own}0123"), f"messageId begins with '{own}'") for own in MESSAGE_PREFIXES),
        (track(userId="anon:b1"), "userId begins with 'anon:', which is Tailorbird's own; send another id"),
        (track(anonymousId="anon:b1"), "anonymousId begins with 'anon:'"),
        (track(properties={"a": ["b\x00"]}), "NUL"),
        (track(properties={"a\x00": 1}), "NUL"),
        (track(properties={"a": [{"b": 10**30}]}), "the number 100000000000… needs more than 64 bits; send it as text"),
        (track(traits={"a": -(2**63) - 1}), "the number -92233720368… needs more than 64 bits; send it as text"),
        (track(properties={"a": 0.5}).replace(b"0.5", b"1e400"), "properties holds a number out of range"),
        (track(properties={"a": 0.5}).replace(b"0.5", b"NaN"), "NaN and Infinity are no numbers of JSON"),
        (track(properties={"a": 0.5}).replace(b"0.5", b"-Infinity"), "NaN and Infinity are no numbers of JSON"),
        (track(properties={"a": 0.5}).replace(b"0.5", b'"\\ud800"'), "not valid JSON"),
        (b'{"userId":"u1","event":"A","properties":{"a":' + b"[" * 33 + b"]" * 33 + b"}}", "deeper than 32"),
        (b'{"userId":"u1","event":"A","properties":{"a":' + b"[" * 500 + b"]" * 500 + b"}}", "deeper than 32"),
    ],
)
def test_a_wrong_event_is_refused_with_its_reason_and_those_beside_it_are_taken(body: bytes, words: str) -> None:
    assert words in refusal(body)
    typed = body if b'"type"' in body else body[:-1] + b',"type":"track"}'
    good = [track(type="track", messageId=f"good{n}") for n in range(2)]
    reading = read_batch(b'{"batch":[' + b",".join([good[0], typed, good[1]]) + b"]}", NOW)
    assert reading.events.message_ids == ("good0", "good1")
    (refused,) = reading.refused
    assert refused.index == 1 and words in refused.reason
    if words not in ("NaN and Infinity are no numbers of JSON", "not valid JSON"):  # These are read by another parser.
        assert refused.raw == typed


def test_of_a_field_that_comes_twice_the_last_counts() -> None:
    twice = track()[:-1] + b', "properties": %b, "userId": "u2"}'
    first_wrong = b'{"properties":[1],' + track()[1:]
    assert read("track", twice % b'{"a":2}')["properties"] == {"a": 2}
    assert read("track", first_wrong)["properties"] == {"total": 12.5}
    assert refusal(twice % b"[1]") == "properties must be a JSON object"


def test_the_route_of_one_type_takes_no_other() -> None:
    assert "posted to /v1/track" in refusal(track(type="identify"))


def test_a_group_and_an_alias_need_their_other_id() -> None:
    assert "groupId" in refusal(b'{"userId":"u1"}', "group")
    assert "previousId" in refusal(b'{"userId":"u1"}', "alias")


def test_an_event_over_32_kb_is_refused_among_others_and_unread_alone() -> None:
    big = track(type="track", properties={"note": "x" * 33_000})
    assert "at most 32768" in unread(big, "track")
    reading = read_batch(b'{"batch":[' + big + b"," + track(type="track", messageId="small") + b"]}", NOW)
    assert reading.events.message_ids == ("small",)
    assert [(one.index, one.raw) for one in reading.refused] == [(0, big)]
    assert "at most 32768" in reading.refused[0].reason


def test_many_events_of_a_large_batch_are_within_the_limit_of_one() -> None:
    events = b",".join(track(type="track", messageId=f"x{n}", properties={"a": "x" * 20_000}) for n in range(20))
    assert len(read_batch(b'{"batch":[' + events + b"]}", NOW).events.message_ids) == 20


def test_many_flat_values_are_not_taken_for_depth_nor_long_texts_for_numbers() -> None:
    given = {"a": [[1]] * 500, "b": 2**64 - 1, "c": -(2**63), "d": "1" * 40, "e": [1.5, {"f": None}], "g": "\\u0000"}
    assert read("track", track(properties=given))["properties"] == given


def test_a_batch_gives_its_events_in_order_and_its_context_to_those_without_one() -> None:
    events = [
        {"type": "track", "event": "A", "userId": "u", "messageId": "1", "timestamp": "2026-06-01T10:59:00Z"},
        {"type": "page", "anonymousId": "a", "messageId": "2", "context": {}},
    ]
    frame = {"sentAt": "2026-06-01T11:00:00Z", "context": {"timezone": "UTC"}, "writeKey": "k"}
    for more, refused in (([], 0), ([{"type": "dance"}], 1)):
        reading = read_batch(json.dumps({**frame, "batch": [*events, *more]}).encode(), NOW)
        first, second = rows(reading)
        assert (first["event"], first["timestamp"], first["context"]) == ("A", NOW - timedelta(minutes=1), {"timezone": "UTC"})  # fmt: skip
        assert (second["type"], second["context"]) == ("page", {})
        assert (reading.write_key, len(reading.refused)) == ("k", refused)


def test_a_frame_that_is_wrong_costs_no_event() -> None:
    frame = {"sentAt": "yesterday", "context": [1], "writeKey": 7}
    reading = read_batch(json.dumps({**frame, "batch": [json.loads(track(type="track"))]}).encode(), NOW)
    (row,) = rows(reading)
    assert (row["timestamp"], row["context"], reading.write_key) == (NOW, {}, None)


def test_a_write_key_in_the_body_is_told_also_beside_a_wrong_event() -> None:
    assert read_event("track", track(writeKey="k"), NOW).write_key == "k"
    assert read_event("track", track(writeKey="k", userId=None), NOW).write_key == "k"
    assert read_event("track", track(writeKey=5), NOW).write_key is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{}", "not a batch: it needs a list `batch` of events"),
        (b'{"batch":3}', "not a batch: batch must be a list of events"),
        (b"[]", "not a batch: the body must be a JSON object"),
        (b"[NaN]", "not a batch: the body must be a JSON object"),
        (b"nope", "not valid JSON"),
        (b"", "not valid JSON"),
        (b'{"batch":[{"type":"track","userId":"\xff"}]}', "not valid UTF-8 at byte 36"),
        (b'{"batch":' + b"[" * 5000 + b"]" * 5000 + b"}", "nested deeper"),
        (b'{"batch":[' + b" " * 512_001 + b"]}", "at most 512000"),
        (b'{"batch":[' + b"1" * 5000 + b",NaN]}", "not valid JSON"),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused_whole(body: bytes, words: str) -> None:
    assert words in unread(body)


@pytest.mark.parametrize("body", [b"", b"[]", b"3", b"{", b"[NaN]", b'{"userId":"u1","event":"\xff"}', b"[" * 90_00])
def test_a_single_body_that_is_no_object_is_unread(body: bytes) -> None:
    assert unread(body, "track")


def test_events_that_are_no_objects_are_refused_one_by_one() -> None:
    reading = read_batch(b'{"batch":[1,"a",null,[]]}', NOW)
    assert {one.reason for one in reading.refused} == {"an event must be a JSON object"}
    assert [one.raw for one in reading.refused] == [b"1", b'"a"', b"null", b"[]"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.slow
@given(st.lists(JSON | st.builds(lambda value: json.loads(track(type="track", properties=value)), JSON), max_size=5), st.binary(max_size=60))  # fmt: skip
def test_every_event_of_a_readable_batch_is_either_a_line_or_refused_and_no_byte_is_a_surprise(
    values: list[Any], noise: bytes
) -> None:
    reading = read_batch(json.dumps({"batch": values}).encode(), NOW)
    assert len(reading.events.message_ids) + len(reading.refused) == len(values)
    assert len(reading.events.lines.splitlines()) == len(rows(reading))
    for index, value in enumerate(values):
        told = [one for one in reading.refused if one.index == index]
        if isinstance(value, dict):
            body = json.dumps(value).encode()
            alone = read_event("track", body, NOW)
            assert bool(alone.refused) == bool(told)
        else:
            assert told
    with contextlib.suppress(WireError):
        read_event("track", noise, NOW)
    with contextlib.suppress(WireError):
        read_batch(noise, NOW)


OURS = ["Sent", "Opened", "Link Clicked", "Delivered", "Bounced", "Marked as Spam"]


@pytest.mark.parametrize("name", [*(f"Email {word}" for word in OURS), "Unsubscribed"])
def test_an_outcome_of_ours_is_refused_by_name(name: str) -> None:
    told = f"'{name}' is recorded by Tailorbird only; it cannot be sent in"
    assert refusal(track(event=name)) == told
    batch = json.dumps({"batch": [json.loads(track(type="track")), json.loads(track(type="track", event=name))]})
    reading = read_batch(batch.encode(), NOW)
    assert [(one.index, one.reason) for one in reading.refused] == [(1, told)]
    assert refusal(json.dumps({"userId": "u", "name": name}).encode(), "page") == told


def test_only_a_simulation_has_events_in_the_future() -> None:
    later = track(timestamp="2099-01-01T00:00:00Z")
    row = read("track", later)
    assert (row["timestamp"], row["context"]) == (NOW, {TOLD_TIME: "2099-01-01T00:00:00+00:00"})
    assert read("track", later, ahead=True)["timestamp"].year == 2099


def test_what_was_refused_can_be_read_again() -> None:
    body = track(event=None)
    assert read_event("track", body, NOW).refused == (Refused(0, "track needs an event name in `event`", body),)


def test_the_former_id_of_an_alias_is_no_anonymous_person() -> None:
    body = json.dumps({"userId": "u1", "previousId": "anon:b1", "messageId": "x1"}).encode()
    (refused,) = read_event("alias", body, NOW).refused
    assert "previousId begins with 'anon:'" in refused.reason
