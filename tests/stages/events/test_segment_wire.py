import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.events.segment_wire import WireError, read_batch, read_event
from tailorbird.types.event import Event

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def track(**changes: Any) -> bytes:
    wire = {"userId": "u1", "event": "Order Completed", "messageId": "x1", "properties": {"total": 12.5}, **changes}
    return json.dumps({name: value for name, value in wire.items() if value is not None}).encode()


def refusal(body: bytes, kind: str = "track") -> str:
    with pytest.raises(WireError) as caught:
        read_event(kind, body, NOW)
    return str(caught.value)


def test_a_track_call_becomes_an_event() -> None:
    assert read_event("track", track(context={"timezone": "Europe/Berlin"}), NOW) == Event(
        "track", "x1", NOW, NOW, "u1", None, "Order Completed", {"total": 12.5}, {}, {"timezone": "Europe/Berlin"}
    )


def test_each_kind_of_call_is_taken() -> None:
    both = {"userId": "u1", "anonymousId": "a1"}
    identify = read_event("identify", json.dumps({**both, "traits": {"email": "a@example.com"}}).encode(), NOW)
    assert (identify.type, identify.anonymous_id, identify.traits) == ("identify", "a1", {"email": "a@example.com"})
    page = read_event("page", json.dumps({"anonymousId": "a1", "name": "Home", "category": "Shop"}).encode(), NOW)
    assert (page.event, page.properties) == ("Home", {"name": "Home", "category": "Shop"})
    group = read_event("group", json.dumps({"userId": 7, "groupId": "g"}).encode(), NOW)
    assert (group.user_id, group.properties) == ("7", {"groupId": "g"})
    alias = read_event("alias", json.dumps({"userId": "u1", "previousId": "old"}).encode(), NOW)
    assert (alias.user_id, alias.anonymous_id) == ("u1", "old")
    assert read_event("screen", json.dumps(both).encode(), NOW).type == "screen"


def test_a_wrong_client_clock_is_corrected_by_sent_at() -> None:
    body = track(timestamp="2026-05-01T10:00:00Z", sentAt="2026-05-01T10:00:05+00:00")
    assert read_event("track", body, NOW).timestamp == NOW - timedelta(seconds=5)


def test_without_sent_at_the_time_given_counts_and_without_any_the_receipt() -> None:
    assert read_event("track", track(timestamp="2026-05-01T12:00:00+02:00"), NOW).timestamp == datetime(
        2026, 5, 1, 10, tzinfo=UTC
    )
    assert read_event("track", track(timestamp="2026-05-01T10:00:00"), NOW).timestamp.tzinfo is UTC
    assert read_event("track", track(), NOW).timestamp == NOW


def test_an_event_without_an_id_gets_one_from_its_content() -> None:
    first, again = (read_event("track", track(messageId=None), NOW) for _ in range(2))
    other = read_event("track", track(messageId=None, event="Other"), NOW)
    assert first.message_id == again.message_id != other.message_id


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (track(userId=None), "one of userId and anonymousId"),
        (track(userId=""), "one of userId and anonymousId"),
        (track(event=None), "event name"),
        (track(type="identify"), "posted to /v1/track"),
        (track(type="dance"), "one of alias, group"),
        (track(properties=[1]), "properties"),
        (track(timestamp="yesterday"), "timestamp"),
        (track(timestamp="0001-01-01T00:00:00+14:00"), "out of range"),
        (track(userId="u" * 300), "300 characters"),
        (track(properties={"note": "x" * 33_000}), "at most 32768"),
        (b'{"userId":"u1","event":"A","properties":{"a":NaN}}', "not valid JSON"),
        (b'{"userId":"u1","event":"\xff"}', "UTF-8"),
        (b'{"userId":"u1","event":"A","properties":{"a":' + b"[" * 5000 + b"]" * 5000 + b"}}", "deeper"),
        (b'{"userId":"u1","event":"A","properties":{"a":' + b"[" * 33 + b"]" * 33 + b"}}", "deeper"),
        (b"", "not valid JSON"),
        (b"[]", "object"),
    ],
)
def test_a_bad_event_is_refused_with_its_reason(body: bytes, words: str) -> None:
    assert words in refusal(body)


def test_a_group_and_an_alias_need_their_other_id() -> None:
    assert "groupId" in refusal(b'{"userId":"u1"}', "group")
    assert "previousId" in refusal(b'{"userId":"u1"}', "alias")


def test_many_flat_values_are_not_taken_for_depth() -> None:
    assert len(read_event("track", track(properties={"a": [[1]] * 500}), NOW).properties["a"]) == 500


def test_a_batch_gives_its_events_in_order_and_its_context_to_those_without_one() -> None:
    body = json.dumps({
        "sentAt": "2026-06-01T11:00:00Z",
        "context": {"timezone": "UTC"},
        "batch": [
            {"type": "track", "event": "A", "userId": "u", "timestamp": "2026-06-01T10:59:00Z"},
            {"type": "page", "anonymousId": "a", "context": {}},
        ],
    }).encode()  # fmt: skip
    first, second = read_batch(body, NOW)
    assert (first.event, first.timestamp, first.context) == ("A", NOW - timedelta(minutes=1), {"timezone": "UTC"})
    assert (second.type, second.context) == ("page", {})


def test_a_batch_with_bad_events_names_each_of_them() -> None:
    good = {"type": "track", "event": "A", "userId": "u"}
    bad = [{"type": "track"}, {"type": "track", "event": "A", "userId": "u", "properties": {"n": "x" * 33_000}}]
    with pytest.raises(WireError) as caught:
        read_batch(json.dumps({"batch": [good, bad[0], good, bad[1]]}).encode(), NOW)
    assert [problem.index for problem in caught.value.problems] == [1, 3]


def test_a_batch_over_its_limit_or_of_another_shape_is_refused() -> None:
    for body in (b'{"batch":[' + b" " * 512_001 + b"]}", b"{}", b'{"batch":[1]}', b'{"batch":{"a":1}}', b"nope"):
        with pytest.raises(WireError):
            read_batch(body, NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(JSON, st.binary(max_size=60))
def test_any_json_and_any_bytes_end_in_an_event_or_one_clear_error(value: Any, noise: bytes) -> None:
    for body in (json.dumps(value).encode(), track(properties=value), json.dumps({"batch": value}).encode(), noise):
        for read in (lambda b: read_event("track", b, NOW), lambda b: read_batch(b, NOW)):
            with contextlib.suppress(WireError):
                read(body)


def test_a_clients_clock_cannot_run_ahead_of_ours() -> None:
    for later in ({"timestamp": "2099-01-01T00:00:00Z"}, {"timestamp": "2026-06-02", "sentAt": "2026-06-01"}):
        body = track(**{key: value if "T" in value else value + "T00:00:00Z" for key, value in later.items()})
        assert read_event("track", body, NOW).timestamp == NOW
        batch = b'{"batch":[' + body[:-1] + b',"type":"track"}]}'
        assert read_batch(batch, NOW)[0].timestamp == NOW
        assert read_event("track", body, NOW, ahead=True).timestamp > NOW
        assert read_batch(batch, NOW, ahead=True)[0].timestamp > NOW


OURS = ["Sent", "Opened", "Link Clicked", "Delivered", "Bounced", "Marked as Spam"]


@pytest.mark.parametrize("name", [*(f"Email {word}" for word in OURS), "Unsubscribed"])
def test_an_outcome_of_ours_is_refused_by_name(name: str) -> None:
    assert refusal(track(event=name)) == f"event 0: '{name}' is recorded by Tailorbird only; it cannot be sent in"
    with pytest.raises(WireError) as caught:
        read_batch(json.dumps({"batch": [json.loads(track(type="track")), json.loads(track(type="track", event=name))]}).encode(), NOW)  # fmt: skip
    assert [problem.index for problem in caught.value.problems] == [1]
    page = json.dumps({"userId": "u", "name": name}).encode()
    with pytest.raises(WireError, match="recorded by Tailorbird only"):
        read_event("page", page, NOW)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (track(event=5), "event must be text"),
        (track(userId=1.5), "userId must be text or a whole number"),
        (track(timestamp=5), "timestamp must be a time such as 2026-06-01T09:30:00Z"),
        (track(timestamp="yesterday"), "timestamp must be a time such as 2026-06-01T09:30:00Z"),
        (track(properties=[1]), "properties must be a JSON object"),
        (b"3", "the body must be a JSON object"),
        (track(properties={"a": [{"b": 10**30}]}), "the number 100000000000… needs more than 64 bits; send it as text"),
        (track(traits={"a": -(2**63) - 1}), "the number -92233720368… needs more than 64 bits; send it as text"),
        (
            track(properties={"a": 0.5}).replace(b"0.5", b"1e400"),
            "properties holds a number out of range; send it as text",
        ),
    ],
)
def test_a_field_of_another_kind_is_said_in_plain_words(body: bytes, words: str) -> None:
    assert refusal(body) == f"event 0: {words}"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{}", "event 0: not a batch: it needs a list `batch` of events"),
        (b'{"batch":3}', "event 0: not a batch: batch must be a list of events"),
        (b"[]", "event 0: not a batch: the body must be a JSON object"),
        (b'{"batch":[1]}', "event 0: an event must be a JSON object"),
    ],
)
def test_a_batch_of_another_kind_is_said_in_plain_words(body: bytes, words: str) -> None:
    with pytest.raises(WireError) as caught:
        read_batch(body, NOW)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("userId", "x" * 251, "at most 250"),
        ("anonymousId", "a\x00b", "control character"),
        ("messageId", "a\nb", "control character"),
        ("messageId", "sent:0123", "Tailorbird's own"),
    ],
)
def test_an_id_that_some_database_refuses_or_that_is_ours_is_not_taken(field: str, value: str, told: str) -> None:
    body = json.dumps({"userId": "p1", "event": "A", field: value}).encode()
    with pytest.raises(WireError, match=told):
        read_event("track", body, datetime(2026, 6, 1, tzinfo=UTC))


def test_whole_numbers_of_64_bits_and_long_texts_of_digits_are_taken() -> None:
    given = {"a": 2**64 - 1, "b": -(2**63), "c": "1" * 40, "d": [1.5, {"e": None}]}
    assert read_event("track", track(properties=given), NOW).properties == given
