"""Signals become words: once for each choice, whatever is sent again, in whatever order."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.stages.events.consent_sql import consent_words_query
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


@pytest.mark.parametrize(
    ("own", "is_test"), [("null", True), ('"no object"', True), ('{"page": {}}', False), ('{"test": "true"}', True)]
)
def test_a_refused_event_without_a_context_has_its_batch_s(own: str, is_test: bool) -> None:
    raw = [b'{"context":{"test":true},"batch":[{"userId":"u","context":%b}]}' % own.encode()]
    (word,) = words(ConsentSignals(HEADER_ONLY).hear(lines(), NOON, raw).events)
    assert word["context"] == ({"test": True} if is_test else {})


STRINGS = SignalSettings(
    gpc=("sale_sharing",),
    tcf={"cookies": (1,), "profiles": (3, 4)},
    tcf_vendor=6,
    gpp={"sale_sharing": ("SaleOptOut", "SharingOptOut")},
    categories={"ads": ("Advertising", "Social"), "stats": ("Analytics",)},
)
TCF = "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA"  # purposes 1 to 3 for vendors 2, 6 and 8
YES, NO = {"categoryPreferences": {"Analytics": True}}, {"categoryPreferences": {"Analytics": False}}


def carrier(number: int, consent: Any, user: str | None = "u1", device: str | None = None, **more: Any) -> EventLine:
    return event(number, user, device, context={"consent": consent, **more})


def heard_of(*events: EventLine, by: ConsentSignals | None = None) -> list[dict[str, Any]]:
    by = by or ConsentSignals(STRINGS)
    heard = by.hear(lines(*events))
    by.remember(heard)
    return words(heard.events)


def test_a_string_becomes_a_word_of_whom_its_event_names_at_the_moment_of_the_event() -> None:
    (word,) = heard_of(carrier(5, {"tcf": TCF}, "u1", "b1"))
    assert (word["type"], word["event"], word["user_id"], word["anonymous_id"]) == (
        "track",
        "Consent Updated",
        "u1",
        "b1",
    )
    assert datetime.fromisoformat(word["timestamp"]) == NOON + timedelta(minutes=5)
    assert word["properties"] == {
        "consents": {"cookies": True, "profiles": False},
        "method": "tcf",
        "evidence": hashlib.sha256(TCF.encode()).hexdigest(),
        "tcf": TCF,
    }
    assert word["message_id"].startswith("tcf:")


@pytest.mark.parametrize("text", ["", "nonsense", 7, ["C"], "x" * 20_000])
def test_a_string_that_cannot_be_read_is_a_no_with_its_reason(text: Any) -> None:
    (word,) = heard_of(carrier(1, {"tcf": text}))
    assert word["properties"]["consents"] == {"cookies": False, "profiles": False}
    assert "cannot be read" in word["properties"]["signal_reason"]
    assert len(str(word)) < 10_000


def test_segment_s_and_rudderstack_s_categories_say_the_same() -> None:
    managed = {"provider": "custom", "allowedConsentIds": ["Analytics"], "deniedConsentIds": ["Social"]}
    said = heard_of(event(1, context={"consentManagement": managed}), carrier(2, YES, "u2"), carrier(3, NO, "u3"))
    assert [word["properties"]["consents"] for word in said] == [
        {"ads": False, "stats": True},
        {"stats": True},
        {"stats": False},
    ]
    assert {word["properties"]["method"] for word in said} == {"categories"}


def test_where_both_say_something_a_denial_of_either_counts() -> None:
    managed = {"allowedConsentIds": ["Advertising", "Analytics"], "deniedConsentIds": ["Social"]}
    told = {"categoryPreferences": {"Analytics": False, "Social": True}}
    (word,) = heard_of(event(1, context={"consent": told, "consentManagement": managed}))
    assert word["properties"]["consents"] == {"ads": False, "stats": False}
    assert json.loads(word["properties"]["categories"]) == {"Advertising": True, "Analytics": False, "Social": False}


def test_every_signal_of_an_event_is_heard() -> None:
    said = heard_of(carrier(1, {"tcf": TCF, "gpp": "DBABTA~1YYN", **YES}))
    assert [word["properties"]["method"] for word in said] == ["tcf", "gpp", "categories"]
    assert said[1]["properties"]["consents"] == {"sale_sharing": False}


@pytest.mark.parametrize("consent", [None, "text", 5, [], {}, {"tcf": None}, {"categoryPreferences": []}])
def test_what_is_no_signal_says_nothing(consent: Any) -> None:
    assert heard_of(carrier(1, consent)) == []


def test_a_project_that_maps_no_string_reads_none() -> None:
    assert heard_of(carrier(1, {"tcf": TCF, **YES}), by=ConsentSignals(HEADER_ONLY)) == []


def test_a_string_is_written_once_until_its_browser_carries_another() -> None:
    by = ConsentSignals(STRINGS)
    assert len(heard_of(carrier(1, YES), carrier(2, YES), by=by)) == 1
    assert heard_of(carrier(3, YES), by=by) == []
    assert len(heard_of(carrier(4, NO), carrier(5, YES), by=by)) == 2
    assert len(heard_of(carrier(6, YES, "u2"), carrier(7, YES, None, "b1"), by=by)) == 2


def test_a_string_is_written_again_after_an_hour_and_is_still_one_choice() -> None:
    by = ConsentSignals(STRINGS)
    log = [word for minute in range(0, 180, 20) for word in heard_of(carrier(minute, YES), by=by)]
    own = event(30)
    own.event, own.properties = "Consent Updated", {"consents": {"stats": False}}
    assert len(log) == 3 and fold([*log, msgspec.json.decode(encode_lines([own]))]) is False


def test_a_string_that_comes_late_does_not_pass_for_the_last() -> None:
    by = ConsentSignals(STRINGS)
    heard_of(carrier(1, YES), carrier(9, YES), by=by)
    assert heard_of(carrier(5, NO), by=by) == []
    assert len(heard_of(carrier(10, NO), by=by)) == 1


def test_a_word_that_did_not_reach_the_disk_is_written_with_the_next_event() -> None:
    by = ConsentSignals(STRINGS)
    by.hear(lines(carrier(1, NO)))
    assert len(heard_of(carrier(2, NO), by=by)) == 1


def test_what_is_sent_again_to_a_server_that_started_anew_makes_the_same_words() -> None:
    sent = (carrier(1, YES), carrier(2, NO), carrier(3, {"tcf": TCF}))
    assert heard_of(*sent) == heard_of(*sent) and len(heard_of(*sent)) == 3


def test_what_a_test_carries_is_a_test() -> None:
    (word,) = heard_of(carrier(1, NO, test=True))
    assert word["context"] == {"test": True}


def test_memory_is_bounded_and_what_it_forgot_is_written_again() -> None:
    by = ConsentSignals(STRINGS, remembered_max=2)
    for number in range(3):
        heard_of(carrier(number, YES, f"u{number}"), by=by)
    assert [len(heard_of(carrier(9, YES, f"u{number}"), by=by)) for number in (2, 1, 0)] == [0, 0, 1]


WAREHOUSE = DuckdbWarehouse(threads=1)
CHOICES = {"yes": YES, "no": NO}


def fold(given: list[dict[str, Any]]) -> bool | None:
    """What the words say of `stats`, each message id once."""
    kept = {one["message_id"]: one for one in reversed(given)}
    columns = {
        name: [
            one[name] if isinstance(one[name], str) else msgspec.json.encode(one[name]).decode()
            for one in kept.values()
        ]
        for name in ("message_id", "type", "event", "timestamp", "received_at", "properties", "traits", "user_id")
    }
    WAREHOUSE.load("heard", {**columns, "person_id": columns["user_id"]})
    times = ", ".join(f"CAST({name} AS TIMESTAMP) AS {name}" for name in ("timestamp", "received_at"))
    rows = WAREHOUSE.rows(consent_words_query(f"(SELECT * REPLACE ({times}), NULL AS anonymous_id FROM heard)", "0"))
    return msgspec.json.decode(rows[0][1]).get("stats") if rows else None


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from(["yes", "no", "own yes", "own no"]), st.booleans()),
        min_size=1,
        max_size=10,
        unique_by=lambda each: each[0],
    )
)
@example([(0, "no", False), (1, "yes", False), (2, "no", False)])
@example([(0, "yes", False), (1, "own no", False), (2, "yes", True)])
def test_the_last_choice_counts_through_repetitions_own_words_and_restarts(drawn: list[tuple[int, str, bool]]) -> None:
    by, log, wanted, before = ConsentSignals(STRINGS), [], None, ""
    for minute, what, restarts in sorted(drawn):
        if restarts:
            by = ConsentSignals(STRINGS)
        if what in CHOICES:
            log += heard_of(carrier(minute, CHOICES[what]), by=by)
            wanted, before = (wanted if what == before else what == "yes"), what
        else:
            own = event(minute)
            own.event, own.properties = "Consent Updated", {"consents": {"stats": what == "own yes"}}
            log += [msgspec.json.decode(encode_lines([own]))]
            wanted = what == "own yes"
    assert fold(log) == wanted if log else True
