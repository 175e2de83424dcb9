"""The most frequent values: by count, then by which was seen last."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tailorbird.types.feature import FeatureDefinition

START = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def bought(hour: int, *families: Any) -> dict[str, Any]:
    products = [{"family": family} for family in families]
    return {"timestamp": START + timedelta(hours=hour), "properties": {"products": products}}


def top(k: int, **more: Any) -> FeatureDefinition:
    return FeatureDefinition(
        name=f"top{k}",
        kind="top_k",
        event="Bought",
        purpose="p",
        each="properties.products",
        field="family",
        k=k,
        **more,
    )


def test_values_come_most_frequent_first_and_of_equals_the_latest_first(compute: Any) -> None:
    events = [
        bought(0, "mugs", "tins"),
        bought(1, "bags", "tins"),
        bought(2, "lamps", "mugs"),
        bought(3, None, "a\x1fb"),
    ]
    definitions = [top(1), top(2), top(9)]
    answers = compute(definitions, events, START + timedelta(hours=5))
    assert answers == ["mugs", ("mugs", "tins"), ("mugs", "tins", "a b", "lamps", "bags")]


def test_who_has_no_value_has_no_list(compute: Any) -> None:
    assert compute([top(2)], [bought(0, None)], START + timedelta(hours=1)) == [None]


def test_a_window_forgets_what_was_frequent_once(compute: Any) -> None:
    events = [bought(0, "mugs", "mugs"), bought(30, "tins")]
    assert compute([top(1, window_days=1)], events, START + timedelta(hours=31)) == ["tins"]
