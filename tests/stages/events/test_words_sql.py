"""The few events that say who is whom, who is known and what counts."""

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.words_sql import ids_query, known_query, unknown_sharers_query, words_query

WAREHOUSE = DuckdbWarehouse(threads=1)


@pytest.fixture(autouse=True)
def events() -> None:
    rows = [
        ("m1", "track", "Bought", "ada", "d1", "{}"),
        ("m2", "track", "Bought", None, "d1", "{}"),
        ("m3", "track", "Bought", "bo", None, '{"test":true}'),
        ("m4", "alias", None, "cy", "old", "{}"),
        ("m5", "track", "Email Opened", "ada", None, "{}"),
        ("m6", "page", None, None, "d9", '{"machine":"x"}'),
        ("m7", "track", "Bought", "anon:q", None, "{}"),
        ("m8", "track", "Bought", "old", None, "{}"),
    ]
    names = ("message_id", "type", "event", "user_id", "anonymous_id", "context")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    extra = {"timestamp": ["2026-01-01"] * 8, "received_at": ["2026-01-01"] * 8}
    WAREHOUSE.load("e", {**columns, **extra, "properties": ["{}"] * 8, "traits": ["{}"] * 8})
    WAREHOUSE.load("identity_people", {"id": ["old"], "person_id": ["cy"]})
    devices = {"anonymous_id": ["d1", "s", "s"], "person_id": ["ada", "ada", "dan"]}
    WAREHOUSE.load("identity_devices", devices)
    WAREHOUSE.load("not_counted", {"message_id": ["m3", "m6"]})


def test_words_are_what_is_said_of_people_and_of_machines() -> None:
    found = WAREHOUSE.rows(f"SELECT message_id FROM ({words_query('e')}) ORDER BY 1")
    assert [message_id for (message_id,) in found] == ["m3", "m4", "m5", "m6"]


def test_known_is_who_has_an_event_that_counts_under_any_id() -> None:
    WAREHOUSE.run(f"CREATE OR REPLACE TABLE ids AS {ids_query('e')}")
    WAREHOUSE.run(f"CREATE OR REPLACE TABLE words AS {words_query('e')}")
    WAREHOUSE.run(f"CREATE OR REPLACE TABLE known AS {known_query('ids', 'words', 'not_counted')}")
    assert WAREHOUSE.rows("SELECT person_id FROM known ORDER BY 1") == [("ada",), ("cy",)]
    assert WAREHOUSE.rows(unknown_sharers_query("known")) == [(1,)], "dan may be known by a device alone"
