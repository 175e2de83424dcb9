"""Features as SQL: equal to a plain fold over the events, at any moment."""

import json
import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.features.compile import DAYPARTS, FeatureError, compile_features, decode_last
from tailorbird.types.feature import FeatureDefinition

START = datetime(2026, 1, 1)  # noqa: DTZ001
ZONE = "Europe/London"


def define(name: str, kind: Any, **more: Any) -> FeatureDefinition:
    return FeatureDefinition(name=name, kind=kind, event=more.pop("event", "Bought"), purpose="p", **more)


DEFINITIONS = (
    define("orders", "count"),
    define("orders_3d", "count", window_days=3),
    define("with_total", "count", field="properties.total"),
    define("lines", "count", each="properties.products"),
    define("spent", "sum", field="properties.total"),
    define("spent_2d", "sum", field="properties.total", window_days=2, default=-1),
    define("quantity", "sum", each="properties.products", field="quantity"),
    define("last_total", "last", field="properties.total"),
    define("last_family", "last", each="properties.products", field="family", default="none"),
    define("country", "last", event="Seen", field="context.location.country"),
    define("families", "distinct", each="properties.products", field="family"),
    define("since", "days_since"),
    define("since_seen_4d", "days_since", event="Seen", window_days=4),
    define("part", "daypart"),
    define("part_3d", "daypart", event="Seen", window_days=3),
)

hours = st.integers(0, 24 * 8)
families = st.sampled_from(["mugs", "tins", None])
products = st.lists(
    st.fixed_dictionaries({}, optional={"family": families, "quantity": st.one_of(st.integers(-3, 9), st.just("x"))}),
    max_size=3,
)
properties = st.fixed_dictionaries(
    {},
    optional={
        "total": st.one_of(st.none(), st.integers(-5, 50), st.sampled_from(["7.5", "n/a", "NaN", "-Infinity"])),
        "products": products,
    },
)
contexts = st.fixed_dictionaries(
    {},
    optional={
        "timezone": st.sampled_from(["America/New_York", "Mars/Olympus", "Asia/Kolkata"]),
        "location": st.fixed_dictionaries({"country": st.sampled_from(["GB", "DE"])}),
    },
)
events = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["Bought", "Seen"]), hours, properties, contexts),
    max_size=14,
)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def dig(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def fold(definition: FeatureDefinition, stream: list[dict[str, Any]], as_of: datetime, default: Any) -> Any:
    """The plain meaning of a feature: one person's events, oldest first, ties by message_id."""
    since = as_of - timedelta(days=definition.window_days) if definition.window_days else datetime.min  # noqa: DTZ901
    seen = [e for e in stream if e["event"] == definition.event and since <= e["timestamp"] < as_of]
    seen.sort(key=lambda e: (e["timestamp"], e["message_id"]))
    if definition.kind == "days_since":
        return (as_of - seen[-1]["timestamp"]).days if seen else default
    if definition.kind == "daypart":
        return fold_daypart(seen) if seen else default
    units = [x for e in seen for x in dig(e, definition.each) or []] if definition.each else seen
    if definition.kind == "count" and not definition.field:
        return len(units)
    assert definition.field
    values = [value for value in (dig(unit, definition.field) for unit in units) if value is not None]
    if definition.kind == "count":
        return len(values)
    if definition.kind == "distinct":
        return len({json.dumps(value) for value in values})
    if definition.kind == "last":
        return values[-1] if values else default
    numbers = [number for number in map(to_number, values) if number is not None]
    return math.fsum(numbers) if numbers else (default if default is not None else 0)


def fold_daypart(seen: list[dict[str, Any]]) -> str:
    parts: Counter[str] = Counter()
    latest: dict[str, tuple[datetime, str]] = {}
    for e in seen:
        named = e["context"].get("timezone")
        zone = ZoneInfo(named if named and named != "Mars/Olympus" else ZONE)
        part = DAYPARTS[e["timestamp"].replace(tzinfo=UTC).astimezone(zone).hour // 6]
        parts[part] += 1
        latest[part] = max(latest.get(part, (START, "")), (e["timestamp"], e["message_id"]))
    return max(parts, key=lambda part: (parts[part], latest[part], part))


def to_number(value: Any) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


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
    if not stream:
        columns["properties"] = columns["context"] = ["{}"]
    WAREHOUSE.load("events", columns)
    WAREHOUSE.load("spine", {"person_id": [p for p, _ in spine], "as_of": [moment for _, moment in spine]})
    return WAREHOUSE.rows(compile_features(definitions, ZONE))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events, st.lists(hours, min_size=1, max_size=3, unique=True), st.randoms(use_true_random=False))
def test_sql_equals_the_fold_at_every_moment(drawn: Any, moments: list[int], order: Any) -> None:
    # Few distinct hours make ties common; shuffling makes events arrive late and out of order.
    stream = [
        {"person_id": p, "event": e, "message_id": f"m{i:03}", "timestamp": at(h), "properties": pr, "context": c}
        for i, (p, e, h, pr, c) in enumerate(drawn)
    ]
    shuffled = list(stream)
    order.shuffle(shuffled)
    spine = [(person, at(hour)) for person in ("a", "b", "nobody") for hour in sorted(moments)]
    rows = compute(DEFINITIONS, shuffled, spine)
    assert [(row[0], row[1]) for row in rows] == spine
    for i, definition in enumerate(DEFINITIONS):
        got = [row[2 + i] for row in rows]
        got = decode_last(got) if definition.kind == "last" else got
        for value, (person, moment) in zip(got, spine, strict=True):
            own = [e for e in stream if e["person_id"] == person]
            assert value == pytest.approx(fold(definition, own, moment, definition.default)), definition.name


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
        ([define("x", "count", window_days=0)], "window_days must be above 0"),
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


def test_a_last_value_that_no_json_holds_is_missing() -> None:
    assert decode_last(["NaN", "1e400", "[1,]", "1.5", None]) == [None, None, None, 1.5, None]
