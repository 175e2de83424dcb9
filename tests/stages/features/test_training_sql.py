"""Training sets: consents as of then."""

from datetime import datetime, timedelta
from typing import Any

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.features.training_sql import consents_query, training_query
from tailorbird.types.feature import FeatureDefinition

NOON = datetime(2026, 6, 1, 12)  # noqa: DTZ001


def warehouse_of(*events: tuple[str, str, str, str, int]) -> DuckdbWarehouse:
    """(person, type, properties, traits, hour) as events, and a spine of Ana at noon, one and two."""
    warehouse = DuckdbWarehouse(threads=1)
    columns: dict[str, list[Any]] = {
        "person_id": [event[0] for event in events],
        "type": [event[1] for event in events],
        "event": ["Consent Updated" if "consents" in event[2] else "Bought" for event in events],
        "properties": [event[2] for event in events],
        "traits": [event[3] for event in events],
        "context": ["{}"] * len(events),
        "timestamp": [NOON + timedelta(hours=event[4]) for event in events],
        "received_at": [NOON] * len(events),
        "message_id": [f"m{i}" for i in range(len(events))],
    }
    warehouse.load("events", columns)
    moments = [NOON + timedelta(hours=hour) for hour in range(3)]
    warehouse.load("spine", {"person_id": ["ana"] * 3, "as_of": moments})
    return warehouse


YES, NO = '{"consents": {"email": true}}', '{"consents": {"email": false}}'


def test_a_word_counts_from_its_own_time_on_and_not_at_it() -> None:
    warehouse = warehouse_of(("ana", "identify", "{}", YES, -1), ("ana", "track", NO, "{}", 1))
    found = warehouse.rows(f"SELECT as_of, purpose, given FROM ({consents_query()}) ORDER BY as_of")
    assert [(row[0] - NOON, row[2]) for row in found] == [
        (timedelta(0), True),
        (timedelta(hours=1), True),
        (timedelta(hours=2), False),
    ]


def test_of_two_words_for_one_moment_no_wins() -> None:
    warehouse = warehouse_of(("ana", "track", NO, "{}", -1), ("ana", "track", YES, "{}", -1))
    assert [row[3] for row in warehouse.rows(consents_query())] == [False] * 3


def test_what_was_not_allowed_is_empty_and_named() -> None:
    warehouse = warehouse_of(("ana", "track", '{"total": 5}', "{}", -2), ("ana", "track", YES, "{}", 0))
    warehouse.run(
        "CREATE TABLE asked AS SELECT row_number() OVER (ORDER BY as_of) AS place, *, 'l' AS label FROM spine"
    )
    warehouse.run(f"CREATE TABLE spine_consents AS {consents_query()}")
    definitions = (
        FeatureDefinition(name="spent", kind="sum", purpose="email", event="Bought", field="properties.total"),
        FeatureDefinition(name="orders", kind="count", purpose="service", event="Bought"),
        FeatureDefinition(name="top", kind="top_k", purpose="email", event="Bought", field="properties.total", k=2),
    )
    rows = warehouse.rows(training_query(definitions, ["label"], {"service": True}))
    assert [row[2:] for row in rows] == [
        (None, 1, None, "spent,top", "l"),
        (5.0, 1, ["5"], None, "l"),
        (5.0, 1, ["5"], None, "l"),
    ]
