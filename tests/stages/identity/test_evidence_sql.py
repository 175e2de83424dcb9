"""SQL of what says who is whom."""

from datetime import UTC, datetime
from typing import Any

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.identity.evidence_sql import (
    counts_query,
    devices_query,
    identified_query,
    linking_query,
    links_query,
    pairs_query,
    traits_query,
)
from tailorbird.types.event import EVENT_COLUMNS

EVENTS = [
    ("1", "track", "Product Viewed", "ana", "tablet", 1),
    ("2", "track", "Product Viewed", "ben", "tablet", 2),
    ("3", "track", "Product Viewed", "ben", "tablet", 3),
    ("4", "track", "Product Viewed", None, "tablet", 4),
    ("5", "alias", None, "ana", "anna", 5),
    ("6", "alias", None, "ana", "anna", 6),
    ("7", "alias", None, "ana", "ana", 7),
    ("identity:8", "track", "Identities Merged", "ana", None, 8),
    ("identity:9", "track", "Identities Split", "ana", None, 9),
    ("10", "track", "Identities Merged", "ana", None, 10),
]


def warehouse() -> DuckdbWarehouse:
    columns: dict[str, list[Any]] = {name: [] for name, _ in EVENT_COLUMNS}
    for message_id, kind, event, user, device, hour in EVENTS:
        at = datetime(2026, 1, 1, hour, tzinfo=UTC).replace(tzinfo=None)
        said = '{"source": "cem", "target": "ana", "by": "eve", "reason": "asked"}'
        values = (message_id, kind, event, user, device, at, at, said, "{}", "{}")
        for (name, _), value in zip(EVENT_COLUMNS, values, strict=True):
            columns[name].append(value)
    found = DuckdbWarehouse(threads=1)
    found.load("events", columns)
    found.load("people", {"id": [], "person_id": []})
    return found


def test_links_are_told_once_per_pair_and_only_our_own_events_merge() -> None:
    rows = warehouse().rows(links_query("events"))
    told = sorted((kind, source, target, at.hour, count, by) for kind, source, target, at, _, count, by, _ in rows)
    assert told == [
        ("alias", "anna", "ana", 6, 2, ""),
        ("merge", "cem", "ana", 8, 1, "eve"),
        ("split", "cem", "ana", 9, 1, "eve"),
    ]


def test_the_few_events_that_link_give_the_links_of_all() -> None:
    found = warehouse()
    found.run(f"CREATE VIEW few AS {linking_query('events')}")
    assert sorted(found.rows(links_query("few"))) == sorted(found.rows(links_query("events")))
    assert found.rows("SELECT count(*) FROM few") == [(5,)]


def test_a_device_changes_hands_where_somebody_else_was_identified() -> None:
    found = warehouse()
    found.run(f"CREATE TABLE pairs AS {pairs_query('events')}")
    found.run(f"CREATE TABLE counts AS {counts_query('pairs', 'people')}")
    owners = f"SELECT person_id, hour(since), hour(until) FROM ({devices_query('events', 'counts', 'people', 5)})"
    assert found.rows(f"{owners} WHERE anonymous_id = 'tablet' ORDER BY since") == [("ana", 0, 2), ("ben", 2, 23)]
    assert (
        found.rows(f"SELECT * FROM ({devices_query('events', 'counts', 'people', 1)}) WHERE anonymous_id = 'tablet'")
        == []
    )
    found.load("people", {"id": ["ben"], "person_id": ["ana"]})
    found.run(f"CREATE OR REPLACE TABLE counts AS {counts_query('pairs', 'people')}")
    assert found.rows(f"{owners} WHERE anonymous_id = 'tablet'") == [("ana", 0, 23)]


def test_the_last_word_on_each_trait_is_told_and_of_equal_times_the_greater() -> None:
    found = warehouse()
    told = [
        ("a", 1, '{"email": "x", "age": 3}'),
        ("a", 2, '{"email": null}'),
        ("b", 1, '{"email": "y"}'),
        ("b", 1, '{"email": "x"}'),
    ]
    at = [f"TIMESTAMP '2026-01-01 0{hour}:00:00'" for _, hour, _ in told]
    rows = ", ".join(
        f"('identify', '{user}', '{traits}', {when})" for (user, _, traits), when in zip(told, at, strict=True)
    )
    found.run(f"CREATE VIEW told AS SELECT * FROM (VALUES {rows}) v(type, user_id, traits, timestamp)")
    words = [(user, name, value, when.hour) for user, name, value, when in found.rows(traits_query("told", ["email"]))]
    assert sorted(words) == [("a", "email", "null", 2), ("b", "email", '"y"', 1)]


def test_who_was_on_a_device_is_found_without_what_was_said_there() -> None:
    found = warehouse()
    found.load("followed", {"anonymous_id": ["tablet"]})
    rows = found.rows(f"SELECT message_id, properties FROM ({identified_query('events', 'followed')}) ORDER BY 1")
    assert rows == [("1", "{}"), ("2", "{}"), ("3", "{}")]
