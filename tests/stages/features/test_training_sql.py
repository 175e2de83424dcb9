"""Training sets: consents as of then."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.views import people_query
from tailorbird.stages.features.training_sql import moments_query, spine_words_query, training_query
from tailorbird.types.feature import FeatureDefinition

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC).replace(tzinfo=None)


def warehouse_of(*events: tuple[str, str, str, str, int]) -> DuckdbWarehouse:
    """(person, type, properties, traits, hour) as events, and a spine of Ana at noon, one and two."""
    warehouse = DuckdbWarehouse(threads=1)
    columns: dict[str, list[Any]] = {
        "person_id": [event[0] for event in events],
        "user_id": [event[0] for event in events],
        "anonymous_id": [None] * len(events),
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


def words_of(warehouse: DuckdbWarehouse) -> list[tuple[Any, ...]]:
    warehouse.run(f"CREATE TABLE spine_words AS {spine_words_query()}")
    warehouse.run(f"CREATE TABLE spine_people AS {people_query('spine_words')}")
    return sorted(warehouse.rows(moments_query(purchases=True)))


def test_a_word_counts_after_its_own_time_and_not_at_it() -> None:
    warehouse = warehouse_of(("ana", "identify", "{}", YES, -1), ("ana", "track", NO, "{}", 1))
    assert [words for _, _, words, *_ in words_of(warehouse)] == ['{"email":true}', '{"email":true}', '{"email":false}']


def test_a_place_and_a_purchase_are_those_of_the_moment() -> None:
    order = ("ana", "track", '{"total": 5}', "{}", 0)
    warehouse = warehouse_of(("ana", "identify", "{}", '{"country": "DE"}', 1), order)
    warehouse.run("UPDATE events SET event = 'Order Completed' WHERE event = 'Bought'")
    day = NOON.replace(hour=0)
    assert [row[3:] for row in words_of(warehouse)] == [(None, None), (None, day), ("DE", day)]


def test_what_was_not_in_force_is_empty_and_named() -> None:
    warehouse = warehouse_of(("ana", "track", '{"total": 5}', "{}", -2))
    warehouse.run(
        "CREATE TABLE asked AS SELECT row_number() OVER (ORDER BY as_of) AS place, *, 'l' AS label FROM spine"
    )
    given = {"email": [False, True, True], "service": [True] * 3}
    moments = [NOON + timedelta(hours=hour) for hour in range(3)]
    warehouse.load(
        "spine_consents",
        {
            "person_id": ["ana"] * 6,
            "as_of": moments * 2,
            "purpose": ["email"] * 3 + ["service"] * 3,
            "given": given["email"] + given["service"],
        },
    )
    definitions = (
        FeatureDefinition(name="spent", kind="sum", purpose="email", event="Bought", field="properties.total"),
        FeatureDefinition(name="orders", kind="count", purpose="service", event="Bought"),
        FeatureDefinition(name="top", kind="top_k", purpose="email", event="Bought", field="properties.total", k=2),
        FeatureDefinition(name="other", kind="count", purpose="nobody asked", event="Bought"),
        FeatureDefinition(name="basket", kind="ratio", purpose="service", numerator="spent", denominator="orders"),
    )
    rows = warehouse.rows(training_query(definitions, ["label"]))
    assert [row[2:] for row in rows] == [
        (None, 1, None, None, None, "spent,top,other,basket", "l"),
        (5.0, 1, ["5"], None, 5.0, "other", "l"),
        (5.0, 1, ["5"], None, 5.0, "other", "l"),
    ]
