"""Features as SQL: point-in-time correct. That every kind equals the online fold is tested with the fold."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.features.compile import compile_features, decode_values
from tailorbird.stages.features.definitions import FeatureError
from tailorbird.types.feature import FeatureDefinition

START = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
ZONE = "Europe/London"


def define(name: str, kind: Any, **more: Any) -> FeatureDefinition:
    return FeatureDefinition(name=name, kind=kind, event=more.pop("event", "Bought"), purpose="p", **more)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


WAREHOUSE = DuckdbWarehouse(threads=1)


def compute(definitions: Any, stream: list[dict[str, Any]], spine: list[tuple[str, datetime]]) -> list[tuple[Any, ...]]:
    names = ("person_id", "event", "message_id", "timestamp", "properties", "traits", "context")
    columns = {
        name: [json.dumps(e[name]) if isinstance(e.get(name), dict) else e.get(name) for e in stream] for name in names
    }
    if not stream:
        columns = {name: ["x"] for name in names}
        columns["timestamp"] = [START + timedelta(days=999)]
    columns["traits"] = ["{}"] * len(columns["event"])
    columns["type"] = ["track"] * len(columns["event"])
    if not stream:
        columns["properties"] = columns["context"] = ["{}"]
    WAREHOUSE.load("events", columns)
    WAREHOUSE.load("spine", {"person_id": [p for p, _ in spine], "as_of": [moment for _, moment in spine]})
    return WAREHOUSE.rows(compile_features(definitions, ZONE))


def test_an_event_at_the_very_moment_does_not_count() -> None:
    stream = [
        {"person_id": "a", "event": "Bought", "message_id": "m", "timestamp": at(5), "properties": {}, "context": {}}
    ]
    rows = compute([define("orders", "count")], stream, [("a", at(5)), ("a", at(6))])
    assert [row[2] for row in rows] == [0, 1]


def test_no_definitions_still_give_everybody() -> None:
    assert compute([], [], [("a", at(1))]) == [("a", at(1))]


def test_names_with_quotes_do_not_break_the_sql() -> None:
    odd = define("or\"d'ers", "count", event="O'Brien's")
    assert compute([odd], [], [("a", at(1))]) == [("a", at(1), 0)]


@pytest.mark.parametrize(
    ("definitions", "message"),
    [
        ([define("x", "count"), define("x", "sum", field="properties.a")], "'x' is defined twice"),
        ([define("x", "sum")], "kind sum needs a field"),
        ([define("x", "last", field="total")], "'total' must start with one of properties"),
        ([define("x", "days_since", each="properties.products")], "give the field inside one element"),
        ([define("x", "count", window_days=0)], "window_days: must be above 0"),
        ([define("x", "daypart", each="properties.products")], "leave out each"),
        ([define("x", "last", field='properties.a"b')], "no quote"),
    ],
)
def test_a_definition_that_cannot_be_computed_is_named(definitions: Any, message: str) -> None:
    with pytest.raises(FeatureError, match=message):
        compile_features(definitions)


def test_names_that_differ_in_capitals_only_are_one_column_and_so_refused() -> None:
    for names in (("Spent", "spent"), ("PERSON_ID",), ("As_Of",)):
        with pytest.raises(FeatureError, match="defined twice"):
            compile_features([define(name, "count") for name in names])


def test_a_list_column_becomes_tuples() -> None:
    assert decode_values(define("x", "top_k", field="properties.a"), ["a\x1fb", "c", None]) == [
        ("a", "b"),
        ("c",),
        None,
    ]
    assert decode_values(define("x", "last", field="properties.a"), ["a\x1fb", None]) == ["a\x1fb", None]


def test_several_moments_of_one_person_are_answered_apart_and_in_order() -> None:
    stream = [
        {
            "person_id": "a",
            "event": "Bought",
            "message_id": f"m{i}",
            "timestamp": at(i),
            "properties": {},
            "context": {},
        }
        for i in range(4)
    ]
    spine = [("b", at(9)), ("a", at(3)), ("a", at(1)), ("a", at(1))]
    rows = compute([define("orders", "count"), define("orders_2h", "count", window_hours=2)], stream, spine)
    assert rows == [("a", at(1), 1, 1), ("a", at(1), 1, 1), ("a", at(3), 3, 2), ("b", at(9), 0, 0)]


def test_the_sql_reads_only_the_json_that_features_ask_for() -> None:
    sql = compile_features([define("orders", "count")])
    assert not any(column in sql for column in ("properties", "traits", "context"))
