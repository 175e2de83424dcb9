"""One aggregate each: what hostile values do to sums, and which values last and first give."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tailorbird.types.feature import FeatureDefinition

START = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
TOTALS = [7.5, "2.5", "NaN", "n/a", None, True, [1], 1e300, -0.1, "open"]
EVENTS = [{"timestamp": START + timedelta(hours=i), "properties": {"total": t}} for i, t in enumerate(TOTALS)]
LATER = START + timedelta(days=1)


def define(kind: Any, name: str = "x", **more: Any) -> FeatureDefinition:
    return FeatureDefinition(name=name, kind=kind, event="Bought", purpose="p", field="properties.total", **more)


def test_only_numbers_are_added_and_averaged(compute: Any) -> None:
    assert compute([define("sum"), define("mean", "m")], EVENTS, LATER) == [9.9, 3.3000000000000003]


def test_last_and_first_give_values_of_their_type(compute: Any) -> None:
    definitions = [
        define("last"),
        define("last", "number", type="number"),
        define("first", "flag", type="boolean"),
        define("first", "text"),
    ]
    assert compute(definitions, EVENTS, LATER) == ["open", -0.1, True, "7.5"]


def test_without_a_number_a_sum_is_zero_and_a_mean_is_missing(compute: Any) -> None:
    assert compute([define("sum"), define("mean", "m")], EVENTS[2:4], LATER) == [0.0, None]


def test_recency_counts_whole_units(compute: Any) -> None:
    definitions = [
        define("recency", unit="hours"),
        define("recency", "t", unit="minutes", pick="first"),
        define("days_since", "d"),
    ]
    assert compute(definitions, EVENTS, START + timedelta(hours=49, minutes=59)) == [40, 49 * 60 + 59, 1]
