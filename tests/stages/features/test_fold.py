"""The online fold: equal to the compiled SQL at every moment, whatever arrives in whatever order."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.features.compile import compile_features, decode_values
from tailorbird.stages.features.fold import FeatureFold
from tailorbird.types.event import Event
from tailorbird.types.feature import EventCondition, FeatureDefinition

START = datetime(2026, 3, 28, 20, tzinfo=UTC)  # the clocks of Europe change in the night that follows
ZONE = "Europe/London"
PRODUCTS, TOTAL = "properties.products", "properties.total"


def define(name: str, kind: Any, **more: Any) -> FeatureDefinition:
    return FeatureDefinition(name=name, kind=kind, event=more.pop("event", "Bought"), purpose="p", **more)


def where(field: str, **test: Any) -> tuple[EventCondition, ...]:
    return (EventCondition(field=field, **test),)


DEFINITIONS = (
    define("orders", "count"),
    define("all_3h", "count", event=None, window_hours=3),
    define("pages", "count", event=None, where=where("type", equals="page")),
    define("with_total", "count", field=TOTAL),
    define("without_total", "count", where=where(TOTAL, exists=False)),
    define("big", "count", where=where(TOTAL, at_least=7.5) + where(TOTAL, at_most=1e9)),
    define("lines", "count", each=PRODUCTS),
    define("mugs", "count", each=PRODUCTS, where=where("family", one_of=("mugs", 1, True))),
    define("lines_of_big", "count", each=PRODUCTS, where=where(TOTAL, at_least=1)),
    define("spent", "sum", field=TOTAL),
    define("spent_1d", "sum", field=TOTAL, window_days=1, default=-1),
    define("quantity", "sum", each=PRODUCTS, field="quantity"),
    define("mean", "mean", field=TOTAL),
    define("mean_2d", "mean", each=PRODUCTS, field="quantity", window_days=2, default=3),
    define("last_total", "last", field=TOTAL, type="number"),
    define("last_text", "last", field=TOTAL),
    define("last_flag", "last", field=TOTAL, type="boolean", default=False),
    define("last_family", "last", each=PRODUCTS, field="family", default="none"),
    define("first_family", "first", each=PRODUCTS, field="family"),
    define("first_1d", "first", field=TOTAL, type="number", window_days=1),
    define("families", "distinct", each=PRODUCTS, field="family"),
    define("totals_2d", "distinct", field=TOTAL, window_days=2),
    define("top", "top_k", each=PRODUCTS, field="family", k=2),
    define("top_1", "top_k", field=TOTAL, k=1, default="none"),
    define("top_2d", "top_k", field=TOTAL, window_days=2),
    define("since", "days_since"),
    define("since_seen", "recency", event="Seen", window_days=4, unit="hours"),
    define("tenure", "recency", pick="first", unit="minutes", default=-1),
    define("since_total", "recency", field=TOTAL, unit="minutes"),
    FeatureDefinition(name="basket", kind="ratio", purpose="p", numerator="spent", denominator="orders"),
    FeatureDefinition(name="basket_or_0", kind="ratio", purpose="p", numerator="spent", denominator="quantity",
                      when_zero=0, default=-2),
    FeatureDefinition(name="of_missing", kind="ratio", purpose="p", numerator="last_total", denominator="mean"),
    define("sessions", "session", event=None),
    define("session_events", "session", event=None, measure="events"),
    define("session_seconds", "session", event=None, measure="seconds", default=0),
    define("landing", "session", event=None, measure="landing", field="context.page.path"),
    define("now_landing", "session", event=None, measure="landing", field="context.page.path", current=True,
           gap_minutes=90, window_hours=30),
    define("seen_sessions", "session", event="Seen", gap_minutes=5, window_days=1),
    define("part", "daypart", event=None),
    define("part_1d", "daypart", event="Seen", window_days=1),
    define("weekday", "weekday", event=None),
    define("country", "place", event=None),
    define("city", "place", event=None, level="city", pick="most"),
    define("region_1d", "place", event=None, level="region", pick="most", window_days=1, default="?"),
)  # fmt: skip

hostile = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 50), st.integers(-(10**30), 10**30), st.floats(-1e3, 1e3),
    st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**9), 10**9).map(lambda n: n / 10**6),
    st.sampled_from(["7.5", "n/a", "NaN", "-Infinity", "", "null", "true", "1_000", " 7 ", "1e3", "-0", "1.0", "+3",
                     "0.0000005", "999999999999.9999995", "٣", "5\n", "\x1f", "{}", "[1]", '"', "ünïcödé \U0001f41d", "\0"]),
    st.text(st.characters(codec="utf-8"), max_size=4),
    st.sampled_from([[], {}, {"a": 1}, [1, 2], [[]], 999999999999.9999995, 0.0000005, -0.0000005, 1e12, -0.0]),
)  # fmt: skip
families = st.one_of(st.sampled_from(["mugs", "tins", None, 1, 1.0, True]), hostile)
element = st.one_of(
    st.fixed_dictionaries({}, optional={"family": families, "quantity": hostile}), st.sampled_from([None, 3, "x", []])
)
property_values = st.fixed_dictionaries(
    {}, optional={"total": hostile, "products": st.one_of(st.lists(element, max_size=3), hostile)}
)
zones = st.sampled_from(["America/New_York", "Mars/Olympus", "Asia/Kolkata", "CST", "UTC", 5, None, "../etc", "/"])
locations = st.fixed_dictionaries(
    {}, optional={level: st.one_of(st.sampled_from(["GB", "DE"]), hostile) for level in ("country", "region", "city")}
)
contexts = st.fixed_dictionaries(
    {},
    optional={
        "timezone": zones,
        "location": st.one_of(locations, hostile),
        "page": st.one_of(st.fixed_dictionaries({"path": st.one_of(st.sampled_from(["/a", "/b"]), hostile)}), hostile),
    },
)
traits = st.fixed_dictionaries({}, optional={"country": hostile, "address": st.one_of(locations, hostile)})
# Few distinct moments make ties common.
minutes = st.one_of(st.integers(0, 5).map(lambda n: n * 30), st.integers(0, 60 * 24 * 4))
names = st.sampled_from([("track", "Bought"), ("track", "Bought"), ("track", "Seen"), ("page", None)])
streams = st.lists(st.tuples(names, minutes, property_values, traits, contexts), max_size=12)

BY_NAME = {definition.name: definition for definition in DEFINITIONS}
WAREHOUSE = DuckdbWarehouse(threads=1)


def with_parts(drawn: list[FeatureDefinition]) -> list[FeatureDefinition]:
    """The definitions and what their ratios are made of: an engine plans eight features sooner than forty-five."""
    parts = [BY_NAME[name] for d in drawn for name in (d.numerator, d.denominator) if name]
    return list(dict.fromkeys([*drawn, *parts]))


some_definitions = st.lists(st.sampled_from(DEFINITIONS), min_size=1, max_size=8, unique=True).map(with_parts)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def events_of(drawn: Sequence[Any]) -> list[Event]:
    return [
        Event(kind, f"m{i * 7 % 13}-{i}", at(minute), at(minute), event=name, properties=p, traits=t, context=c)
        for i, ((kind, name), minute, p, t, c) in enumerate(drawn)
    ]


def by_sql(definitions: Any, events: Sequence[Event], moments: Sequence[datetime]) -> list[dict[str, Any]]:
    """The compiled SQL's answers for one person at each of the moments, oldest moment first."""
    far = Event("track", "far", at(10**6), at(10**6), event="x")
    columns: dict[str, list[Any]] = {
        "person_id": ["a"] * (len(events) + 1),
        **{name: [getattr(e, name) for e in (*events, far)] for name in ("type", "event", "message_id", "timestamp")},
        **{
            name: [json.dumps(getattr(e, name)) for e in (*events, far)] for name in ("properties", "traits", "context")
        },
    }
    WAREHOUSE.load("events", columns)
    WAREHOUSE.load("spine", {"person_id": ["a"] * len(moments), "as_of": list(moments)})
    rows = WAREHOUSE.rows(compile_features(definitions, ZONE))
    decoded = [decode_values(d, [row[2 + i] for row in rows]) for i, d in enumerate(definitions)]
    return [{d.name: decoded[i][r] for i, d in enumerate(definitions)} for r in range(len(rows))]


def same(left: dict[str, Any], right: dict[str, Any]) -> None:
    """Equal in value and in type, name by name."""
    assert left.keys() == right.keys()
    for name, value in left.items():
        other = right[name]
        assert (value, type(value)) == (other, type(other)), name


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_definitions, streams, st.lists(minutes, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_fold_equals_the_sql_at_every_moment_in_any_order_of_arrival(
    definitions: Any, drawn: Any, drawn_moments: list[int], order: Any
) -> None:
    events = events_of(drawn)
    arrived = list(events)
    order.shuffle(arrived)
    moments = sorted({at(minute) for minute in drawn_moments} | {e.timestamp for e in events})
    moments += [moments[-1] + timedelta(microseconds=1), moments[-1] + timedelta(days=1)]
    expected = by_sql(definitions, events, moments)
    fold = FeatureFold(definitions, ZONE)
    # Nothing settled, one event after the other settled, and everything late: settled before anything arrives.
    unsettled, eager, late = fold.empty(), fold.empty(), fold.empty()
    fold.settle(late, moments[len(moments) // 2])
    for event in arrived:
        fold.add(unsettled, event)
        fold.add(late, event)
    for event in sorted(events, key=lambda event: event.timestamp):
        fold.settle(eager, event.timestamp)
        fold.add(eager, event)
    for i, moment in enumerate(moments):
        same(fold.values(unsettled, moment), expected[i])
        if i >= len(moments) // 2:
            same(fold.values(late, moment), expected[i])
        if not events or moment >= max(event.timestamp for event in events):
            same(fold.values(eager, moment), expected[i])


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_definitions, streams, st.randoms(use_true_random=False))
def test_after_every_arrival_the_fold_knows_what_the_sql_knows(definitions: Any, drawn: Any, order: Any) -> None:
    events = events_of(drawn)
    order.shuffle(events)
    fold = FeatureFold(definitions, ZONE)
    state = fold.empty()
    for i, event in enumerate(events):
        fold.add(state, event)
        now = max(seen.timestamp for seen in events[: i + 1]) + timedelta(microseconds=1)
        same(fold.values(state, now), by_sql(definitions, events[: i + 1], [now])[0])
        fold.settle(state, now)
        state = fold.decode(fold.encode(state))


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(streams, st.lists(st.booleans(), min_size=12, max_size=12), minutes, minutes)
def test_merged_states_are_the_state_of_all_events(drawn: Any, left: list[bool], one: int, two: int) -> None:
    events = events_of(drawn)
    fold = FeatureFold(DEFINITIONS, ZONE)
    a, b, everything = fold.empty(), fold.empty(), fold.empty()
    for mine, event in zip(left, events, strict=False):
        fold.add(a if mine else b, event)
        fold.add(everything, event)
    fold.settle(a, at(one))
    fold.settle(b, at(two))
    before = fold.encode(a), fold.encode(b)
    for moment in (at(max(one, two)), at(60 * 24 * 5)):
        expected = fold.values(everything, moment)
        same(fold.values(fold.merge(a, b), moment), expected)
        same(fold.values(fold.merge(b, a), moment), expected)
    assert (fold.encode(a), fold.encode(b)) == before


def test_every_kind_is_in_the_property_tests() -> None:
    from typing import get_args

    from tailorbird.types.feature import FeatureKind

    assert {definition.kind for definition in DEFINITIONS} == set(get_args(FeatureKind)) - {"sql"}


def test_a_settled_state_keeps_no_more_than_its_windows_need() -> None:
    fold = FeatureFold([define("orders", "count"), define("orders_1d", "count", window_days=1)])
    state = fold.empty()
    for hour in range(1000):
        fold.add(state, Event("track", f"m{hour}", at(60 * hour), at(0), event="Bought"))
    fold.settle(state, at(60 * 1000))
    assert fold.values(state, at(60 * 1000)) == {"orders": 1000, "orders_1d": 24}
    assert len(fold.encode(state)) < 24 * 12 + 40


def test_a_moment_before_the_settled_one_is_refused() -> None:
    fold = FeatureFold([define("orders", "count")])
    state = fold.empty()
    fold.settle(state, at(10))
    with pytest.raises(ValueError, match="later moment"):
        fold.values(state, at(9))


def test_an_event_of_the_future_waits_until_its_time() -> None:
    fold = FeatureFold([define("orders", "count"), define("orders_1d", "count", window_days=1)])
    state = fold.empty()
    fold.add(state, Event("track", "m1", at(60 * 24 * 300), at(0), event="Bought"))
    fold.add(state, Event("track", "m2", at(5), at(0), event="Bought"))
    fold.settle(state, at(10))
    assert fold.values(state, at(10)) == {"orders": 1, "orders_1d": 1}
    assert fold.values(state, at(60 * 24 * 301)) == {"orders": 2, "orders_1d": 1}


def test_features_in_sql_and_ratios_of_them_are_not_folded() -> None:
    written = FeatureDefinition(
        name="w", kind="sql", purpose="p", type="number", query="SELECT person_id, as_of, 1 AS w FROM spine"
    )
    ratio = FeatureDefinition(name="r", kind="ratio", purpose="p", numerator="w", denominator="orders")
    fold = FeatureFold([written, define("orders", "count"), ratio])
    assert list(fold.values(fold.empty(), START)) == ["orders"]


def test_sums_are_exact_in_any_order() -> None:
    fold = FeatureFold([define("spent", "sum", field=TOTAL)])
    numbers = [1e11, 0.1, -1e11, 0.2] * 500
    one, two = fold.empty(), fold.empty()
    made = [
        Event("track", f"m{i}", at(0), at(0), event="Bought", properties={"total": n}) for i, n in enumerate(numbers)
    ]
    for event in made:
        fold.add(one, event)
    for event in reversed(made):
        fold.add(two, event)
    assert fold.values(one, at(1)) == fold.values(two, at(1)) == {"spent": 150.0}


def test_a_state_survives_sums_beyond_sixty_four_bits() -> None:
    fold = FeatureFold([define("spent", "sum", field=TOTAL)])
    event = Event("track", "m", at(0), at(0), event="Bought", properties={"total": 9 * 10**11})
    state = fold.empty()
    for i in range(100):
        fold.add(state, replace(event, message_id=f"m{i}"))
    fold.settle(state, at(1))
    assert fold.values(fold.decode(fold.encode(state)), at(1)) == {"spent": 9e13}
