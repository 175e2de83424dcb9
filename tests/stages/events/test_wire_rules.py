from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.events.wire_rules import EventError, Frame, SegmentCall, line_of, when
from tailorbird.types.event import TOLD_TIME

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FRAME = Frame(NOW, "track")
HOUR = timedelta(hours=1)


def call(told: datetime | None, sent: datetime | None = None) -> SegmentCall:
    return SegmentCall(user_id="u", event="A", message_id="x", timestamp=told, sent_at=sent)


@given(st.timedeltas(-timedelta(days=1), timedelta(days=1)), st.timedeltas(timedelta(), timedelta(days=4000)))
def test_a_clock_that_is_off_by_up_to_a_day_is_corrected_whatever_the_age_of_the_event(
    off: timedelta, age: timedelta
) -> None:
    sent = NOW - off
    assert when(call(sent - age, sent), FRAME) == NOW - age


@given(st.timedeltas(timedelta(), timedelta(days=30)))
def test_a_telephone_that_thinks_it_is_1970_is_corrected(age: timedelta) -> None:
    sent = datetime(1970, 3, 1, tzinfo=UTC)
    assert when(call(sent - age, sent), FRAME) == NOW - age


@pytest.mark.parametrize("sent", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_a_sent_at_that_has_nothing_to_do_with_the_event_is_not_believed(sent: datetime) -> None:
    assert when(call(NOW - HOUR, sent), FRAME) == NOW - HOUR


def test_an_event_that_happened_after_it_was_sent_is_dated_to_its_receipt_and_keeps_what_it_told() -> None:
    row = line_of(call(NOW + HOUR, NOW), FRAME, None)
    assert (row.timestamp, row.context) == (NOW, {TOLD_TIME: (NOW + HOUR).isoformat()})
    assert line_of(call(NOW + HOUR), replace(FRAME, ahead=True), None).timestamp == NOW + HOUR


def test_the_original_timestamp_and_the_sent_at_of_the_event_come_first() -> None:
    wire = call(NOW, NOW)
    wire.original_timestamp = NOW - HOUR
    assert when(wire, replace(FRAME, sent_at=NOW - 2 * HOUR)) == NOW - HOUR
    wire.sent_at = None
    assert when(wire, replace(FRAME, sent_at=NOW - HOUR)) == NOW


def test_a_time_without_zone_is_utc_and_no_time_is_the_receipt() -> None:
    assert when(call(datetime(2026, 5, 1, 10, tzinfo=UTC).replace(tzinfo=None)), FRAME) == datetime(
        2026, 5, 1, 10, tzinfo=UTC
    )
    east = timezone(timedelta(hours=2))
    assert when(call(datetime(2026, 5, 1, 12, tzinfo=east)), FRAME) == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert when(call(None), FRAME) == NOW


def test_an_alias_in_a_loop_is_two_events_like_others() -> None:
    for one, other in (("a", "b"), ("b", "a"), ("a", "a")):
        row = line_of(SegmentCall("alias", "x", user_id=one, previous_id=other), Frame(NOW), None)
        assert (row.user_id, row.anonymous_id) == (one, other)


def test_an_event_without_a_message_id_needs_one_from_somewhere() -> None:
    with pytest.raises(EventError, match="messageId"):
        line_of(SegmentCall("identify", user_id="u"), Frame(NOW), None)
    assert line_of(SegmentCall("identify", user_id="u"), Frame(NOW), "hash").message_id == "hash"
