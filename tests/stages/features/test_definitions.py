"""What a feature definition may say."""

from typing import Any

import pytest

from tailorbird.stages.features.definitions import FeatureError, check_definitions, freshness_seconds, value_type
from tailorbird.types.feature import EventCondition, FeatureDefinition


def define(kind: Any, **more: Any) -> FeatureDefinition:
    return FeatureDefinition(name=more.pop("name", "x"), kind=kind, purpose="p", **more)


@pytest.mark.parametrize(
    ("definition", "field", "words"),
    [
        (define("count", k=5), "k", "only top_k"),
        (define("count", type="number"), "type", "only last and first and sql"),
        (define("top_k", field="properties.a", k=21), "k", "from 1 to 20"),
        (define("top_k", field="properties.a", default="a"), "default", "a list has no default"),
        (define("count", freshness="soon"), "freshness", "such as 1h"),
        (define("count", window_days=1, window_hours=1), "window_hours", "not both"),
        (define("count", window_hours=0), "window_hours", "must be above 0"),
        (define("count", default=0.5), "default", "whole number"),
        (define("last", field="properties.a", default=3), "default", "quote it, or say type: number"),
        (define("last", field="properties.a", type="boolean", default=3), "default", "true or false"),
        (define("count", event=""), "event", "leave it out for every event"),
        (define("session", measure="landing"), "field", "needs a field"),
        (define("session", field="properties.a"), "field", "only the measure landing"),
        (define("session", gap_minutes=0), "gap_minutes", "from 1 to 1,440"),
        (define("session", each="properties.a"), "each", "leave out each"),
        (define("place", field="context.location.city"), "field", "knows its own field"),
        (define("place", pick="first"), "pick", "the last or the most frequent"),
        (define("recency", pick="most"), "pick", "the last or the first"),
        (define("sql"), "query", "needs a query"),
        (define("sql", query="SELECT 1", window_days=3), "window_days", "no window of its own"),
        (define("ratio", numerator="x", denominator="y", event="E"), "", "not about one kind of event"),
        (define("ratio", numerator="y", denominator="y"), "numerator", "there is no feature 'y'"),
        (define("ratio", denominator="x"), "numerator", "needs the name of a feature"),
        (define("count", where=(EventCondition("properties.a"),)), "where.0", "found none"),
        (
            define("count", where=(EventCondition("properties.a", equals=1, exists=True),)),
            "where.0",
            "equals and exists",
        ),
        (define("count", where=(EventCondition("properties.a", one_of=()),)), "where.0", "one_of is empty"),
        (define("count", where=(EventCondition("total", equals=1),)), "where.0", "must start with one of"),
        (define("count", where=(EventCondition("properties.a", at_least=1e13),)), "where.0", "a bound must be"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_field(definition: FeatureDefinition, field: str, words: str) -> None:
    with pytest.raises(FeatureError, match=words) as caught:
        check_definitions([definition])
    assert (caught.value.feature, caught.value.field) == ("x", field)


def test_a_ratio_is_of_numbers_that_are_no_ratios() -> None:
    text = define("last", name="text", field="properties.a")
    orders = define("count", name="orders")
    ratio = define("ratio", numerator="orders", denominator="orders")
    check_definitions([ratio, orders])
    for bad in (text, define("ratio", name="again", numerator="orders", denominator="orders")):
        with pytest.raises(FeatureError, match="name another feature"):
            check_definitions([orders, bad, define("ratio", numerator="orders", denominator=bad.name)])


def test_freshness_is_a_duration() -> None:
    assert [freshness_seconds(define("count", freshness=f)) for f in ("1h", "90s", "7d")] == [3600, 90, 604_800]


def test_each_kind_gives_one_type() -> None:
    assert value_type(define("count")) == "whole"
    assert value_type(define("mean", field="properties.a")) == "number"
    assert value_type(define("session", measure="landing", field="properties.a")) == "text"
    assert value_type(define("last", field="properties.a", type="boolean")) == "boolean"
    assert value_type(define("top_k", field="properties.a")) == "list"
