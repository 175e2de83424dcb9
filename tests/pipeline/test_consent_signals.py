"""Signals become words: once for each choice, whatever is sent again, in whatever order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.stages.events.event_line import EventLine, encode_lines
from tailorbird.types.event import EventLines
from tailorbird.types.settings import SignalSettings

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEADER_ONLY = SignalSettings(gpc=("sale_sharing",))


def event(number: int, user: str | None = "u1", device: str | None = None, **more: Any) -> EventLine:
    at = NOON + timedelta(minutes=number)
    context, kind = more.get("context", {}), more.get("type", "track")
    return EventLine(kind, f"e{number}", at, at, user, device, "A", {}, {}, context)


def lines(*events: EventLine) -> EventLines:
    return EventLines(tuple(one.message_id for one in events), encode_lines(events))


def words(given: EventLines) -> list[dict[str, Any]]:
    """The events that were made of signals."""
    found = [msgspec.json.decode(line) for line in given.lines.splitlines()]
    assert [one["message_id"] for one in found] == list(given.message_ids)
    return [one for one in found if ":" in one["message_id"]]


def test_what_carries_no_signal_passes_as_it_is() -> None:
    given = lines(event(1), event(2))
    assert ConsentSignals(SignalSettings()).hear(given).events is given
    assert ConsentSignals(SignalSettings(gpc=())).hear(given, NOON).events.lines == given.lines


def test_the_word_of_the_header_is_the_same_all_day_also_of_another_server() -> None:
    first, again = (ConsentSignals(HEADER_ONLY).hear(lines(event(n)), NOON + timedelta(hours=n)) for n in (1, 2))
    (one,), (other,) = words(first.events), words(again.events)
    assert one["message_id"] == other["message_id"] and one["properties"] == other["properties"]
    next_day = ConsentSignals(HEADER_ONLY).hear(lines(event(3)), NOON + timedelta(hours=12))
    assert words(next_day.events)[0]["message_id"] != one["message_id"]


def test_the_word_of_the_header_changes_its_id_with_the_project_s_settings() -> None:
    settings = (HEADER_ONLY, SignalSettings(gpc=("sale_sharing", "personalization")))
    made = [words(ConsentSignals(each).hear(lines(event(1)), NOON).events)[0] for each in settings]
    assert made[0]["message_id"] != made[1]["message_id"]


def test_no_word_of_the_header_says_who_was_on_which_device() -> None:
    heard = ConsentSignals(HEADER_ONLY).hear(lines(event(1, "u1", "b1"), event(2, "u2", "b1")), NOON)
    said = [(one["user_id"], one["anonymous_id"]) for one in words(heard.events)]
    assert said == [("u1", None), (None, "b1"), ("u2", None)]


def test_the_former_id_of_an_alias_is_no_browser() -> None:
    heard = ConsentSignals(HEADER_ONLY).hear(lines(event(1, "u1", "old", type="alias")), NOON)
    assert [(one["user_id"], one["anonymous_id"]) for one in words(heard.events)] == [("u1", None)]


@pytest.mark.parametrize("raw", [b"", b"[]", b'"x"', b'{"batch":[]}', b"[" * 100_000, b'{"userId":{}}', b"\xff"])
def test_a_refused_event_that_names_nobody_is_nobody_s_word(raw: bytes) -> None:
    assert words(ConsentSignals(HEADER_ONLY).hear(lines(), NOON, [raw]).events) == []


def test_a_refused_event_of_a_batch_is_heard_in_its_frame() -> None:
    raw = [b'{"sentAt":null,"batch":[{"userId":7,"context":{"test":true}}]}']
    (word,) = words(ConsentSignals(HEADER_ONLY).hear(lines(), NOON, raw).events)
    assert (word["user_id"], word["context"]) == ("7", {"test": True})
