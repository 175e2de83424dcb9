"""The views `events` and `people`."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.identities import resolve_identities
from tailorbird.stages.events.views import (
    consent_events_query,
    events_query,
    firsts_query,
    people_query,
    repeats_query,
)
from tailorbird.types.event import IMPORT_ROW
from tailorbird.types.settings import IdentitySettings

pytestmark = pytest.mark.slow

START = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def views(*events: dict[str, Any]) -> DuckdbWarehouse:
    warehouse = DuckdbWarehouse(threads=1)
    columns: dict[str, list[Any]] = {}
    for name in [
        "message_id",
        "type",
        "event",
        "user_id",
        "anonymous_id",
        "timestamp",
        "received_at",
        "properties",
        "traits",
        "context",
    ]:
        columns[name] = []
        for i, event in enumerate(events):
            moment = START + timedelta(hours=event.get("at", i))
            fallback: Any = {"message_id": f"m{i}", "type": "track", "timestamp": moment, "received_at": moment}.get(
                name
            )
            value = event.get(name, {} if name in ("properties", "traits", "context") else fallback)
            columns[name].append(json.dumps(value) if isinstance(value, dict) else value)
    warehouse.load("segments", columns)
    warehouse.run(f"CREATE TABLE repeats AS {repeats_query('segments')}")
    warehouse.run(f"CREATE VIEW firsts AS {firsts_query('segments', 'repeats')}")
    resolve_identities(warehouse, "firsts", IdentitySettings())
    warehouse.run(f"CREATE VIEW events AS {events_query('firsts')}")
    warehouse.run(f"CREATE VIEW people AS {people_query()}")
    return warehouse


def test_a_message_id_counts_once_and_the_first_received_wins() -> None:
    warehouse = views(
        {"message_id": "m", "user_id": "late", "received_at": START + timedelta(days=2)},
        {"message_id": "m", "user_id": "early", "received_at": START},
    )
    assert warehouse.rows("SELECT message_id, user_id FROM events") == [("m", "early")]


def test_an_anonymous_visitor_becomes_the_person_who_was_identified_there_last_before_the_event() -> None:
    warehouse = views(
        {"anonymous_id": "x"},
        {"anonymous_id": "x", "user_id": "first"},
        {"anonymous_id": "x"},
        {"anonymous_id": "x", "user_id": "second"},
        {"anonymous_id": "x"},
        {"anonymous_id": "y"},
    )
    rows = warehouse.rows("SELECT person_id FROM events ORDER BY message_id")
    assert [row[0] for row in rows] == ["first", "first", "first", "second", "second", "anon:y"]
    assert warehouse.rows("SELECT person_id FROM people") == [("first",), ("second",)]


def test_the_last_value_of_each_trait_wins_by_time_not_by_arrival() -> None:
    identify = {"type": "identify", "user_id": "u"}
    warehouse = views(
        {**identify, "at": 5, "traits": {"email": "new@x.example", "firstName": "Ada"}},
        {**identify, "at": 1, "traits": {"email": "old@x.example", "country": "GB", "locale": None, "n": 3}},
        {**identify, "at": 6, "traits": {"firstName": None}},
    )
    person = warehouse.rows("SELECT person_id, email, first_name, locale, country, traits FROM people")[0]
    assert person[:5] == ("u", "new@x.example", None, None, "GB")
    assert json.loads(person[5]) == {"country": "GB", "email": "new@x.example", "n": 3}


def test_the_last_word_on_each_purpose_wins() -> None:
    said = {"event": "Consent Updated", "user_id": "u"}
    warehouse = views(
        {**said, "at": 3, "properties": {"consents": {"email_marketing": False}}},
        {**said, "at": 1, "properties": {"consents": {"email_marketing": True, "personalization": True}}},
        {"type": "identify", "user_id": "u", "at": 2, "traits": {"consents": {"open_tracking": True}}},
        {**said, "at": 4, "properties": {"consents": {"open_tracking": "true"}}},
        {"user_id": "silent"},
    )
    rows = dict(warehouse.rows("SELECT person_id, consents FROM people"))
    assert json.loads(rows["u"]) == {"email_marketing": False, "open_tracking": False, "personalization": True}
    assert json.loads(rows["silent"]) == {}
    assert "consents" not in json.loads(warehouse.rows("SELECT traits FROM people WHERE person_id = 'u'")[0][0])


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("last", [True, False])
def test_of_two_words_for_one_moment_the_one_received_last_wins_whatever_their_ids(
    ids: tuple[str, str], last: bool
) -> None:
    rows = [
        {
            "type": "identify",
            "user_id": "u",
            "message_id": message_id,
            "timestamp": START,
            "received_at": START + timedelta(days=day),
            "traits": {"email": f"{day}@x.example", "consents": {"email_marketing": given}},
        }
        for day, (message_id, given) in enumerate(zip(ids, (not last, last), strict=True))
    ]
    email, consents = views(*rows).rows("SELECT email, consents FROM people")[0]
    assert (email, json.loads(consents)) == ("1@x.example", {"email_marketing": last})


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_where_nothing_tells_which_word_came_last_no_wins(ids: tuple[str, str]) -> None:
    said = {"event": "Consent Updated", "user_id": "u", "at": 0}
    warehouse = views(
        {**said, "message_id": ids[0], "properties": {"consents": {"email_marketing": True}}},
        {**said, "message_id": ids[1], "properties": {"consents": {"email_marketing": False}}},
    )
    assert json.loads(warehouse.rows("SELECT consents FROM people")[0][0]) == {"email_marketing": False}


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_of_two_rows_of_one_import_for_one_moment_the_later_row_wins(ids: tuple[str, str]) -> None:
    rows = [
        {
            "type": "identify",
            "user_id": "u",
            "at": 0,
            "message_id": message_id,
            "context": {IMPORT_ROW: row},
            "traits": {"firstName": f"row {row}", "consents": {"email_marketing": row == 10}},
        }
        for message_id, row in zip(ids, (9, 10), strict=True)
    ]
    name, consents = views(*rows).rows("SELECT first_name, consents FROM people")[0]
    assert (name, json.loads(consents)) == ("row 10", {"email_marketing": True})


WORDS = st.dictionaries(st.sampled_from(["email_marketing", "open_tracking"]), st.sampled_from([True, False, "true"]))
EVENTS = st.fixed_dictionaries({
    "type": st.sampled_from(["track", "identify"]),
    "event": st.sampled_from(["Consent Updated", "Product Viewed", None]),
    "user_id": st.sampled_from([None, "u", "v"]),
    "anonymous_id": st.sampled_from([None, "x", "y"]),
    "at": st.integers(0, 5),
    "properties": WORDS.map(lambda words: {"consents": words}) | st.just({"consents": "yes"}) | st.just({}),
    "traits": WORDS.map(lambda words: {"consents": words, "email": "e@x.example"}) | st.just({}),
    "context": st.sampled_from([{}, {IMPORT_ROW: 1}, {IMPORT_ROW: 2}, {IMPORT_ROW: "x"}]),
    "received_at": st.integers(0, 2).map(lambda day: START + timedelta(days=day)),
})  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(EVENTS.filter(lambda e: e["user_id"] or e["anonymous_id"]), min_size=1, max_size=9))
def test_the_events_that_decide_consents_give_the_same_consents_as_all(events: list[dict[str, Any]]) -> None:
    warehouse = views(*events)
    warehouse.run(f"CREATE VIEW deciding AS {consent_events_query('segments')}")
    warehouse.run(f"CREATE VIEW few AS {events_query('deciding')}")
    consents = "SELECT person_id, consents FROM {} WHERE consents <> '{{}}'"
    assert warehouse.rows(consents.format(f"({people_query('few')})")) == warehouse.rows(consents.format("people"))
