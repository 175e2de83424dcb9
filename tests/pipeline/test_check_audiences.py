"""Conditions that can never be fulfilled, and those that can."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline.check_audiences import warn_of_idle_conditions
from tailorbird.stages.audiences.rules import membership_test
from tailorbird.stages.features.withhold import kept_features
from tailorbird.types.audience import AudienceRule, Condition
from tailorbird.types.feature import FeatureDefinition

VALUES: dict[str, Any] = {"orders": 3, "spent": 2.5, "family": "mugs", "tester": True, "top": ("mugs", "tins")}
FEATURES = (
    FeatureDefinition(name="orders", kind="count", purpose="p"),
    FeatureDefinition(name="spent", kind="sum", field="properties.total", purpose="p"),
    FeatureDefinition(name="family", kind="last", field="properties.family", purpose="p"),
    FeatureDefinition(name="tester", kind="last", type="boolean", field="properties.tester", purpose="p"),
    FeatureDefinition(name="top", kind="top_k", k=2, field="properties.family", purpose="p"),
)
FITTING: dict[str, list[dict[str, Any]]] = {
    "orders": [{"at_least": 3}, {"at_most": 3}, {"equals": 3}],
    "spent": [{"at_least": 2}, {"at_most": 3}, {"equals": 2.5}],
    "family": [{"equals": "mugs"}, {"one_of": ("mugs", "tins")}],
    "tester": [{"equals": True}],
    "top": [{"equals": "tins"}, {"one_of": ("mugs",)}],
}
IDLE: dict[str, list[dict[str, Any]]] = {
    "orders": [{"equals": "3"}, {"equals": True}, {"one_of": ("3",)}],
    "spent": [{"equals": "2.5"}, {"one_of": ("2.5",)}],
    "family": [{"at_least": 1}, {"at_most": 1}, {"equals": 3}, {"equals": True}],
    "tester": [{"at_least": 0}, {"equals": 1}, {"equals": "true"}, {"one_of": ("true",)}],
    "top": [{"at_least": 1}, {"equals": 2}],
}


def audience(feature: str, test: dict[str, Any]) -> AudienceRule:
    return AudienceRule("x", all=(Condition(feature, **test),))


def passes(rule: AudienceRule, value: Any) -> bool:
    person: Any = kept_features("a", None, {**VALUES, rule.all[0].feature: value}, (), {})  # type: ignore[arg-type]
    return membership_test(rule, list(VALUES))(person)


@pytest.mark.parametrize("feature", VALUES)
def test_who_can_be_meant_is_not_warned_of_and_who_cannot_is(opened: Any, feature: str) -> None:
    project = replace(opened.project, features=FEATURES)
    for test in FITTING[feature]:
        rule = audience(feature, test)
        assert warn_of_idle_conditions(replace(project, audiences={"x": rule})) == []
        assert passes(rule, VALUES[feature])
    for test in IDLE[feature]:
        rule = audience(feature, test)
        assert len(warn_of_idle_conditions(replace(project, audiences={"x": rule}))) == 1
        assert not passes(rule, VALUES[feature])


def test_the_warning_says_what_the_feature_is_and_where_to_mend(opened: Any) -> None:
    project = replace(opened.project, features=FEATURES, audiences={"x": audience("family", {"at_least": 3})})
    assert warn_of_idle_conditions(project) == [
        "audience x: family is a text, and at_least is never true of one; mend the condition under all"
    ]


def test_an_audience_without_conditions_is_everybody_and_one_in_sql_is_not(opened: Any) -> None:
    project = replace(opened.project, audiences={"lapsed": AudienceRule("lapsed")})
    assert warn_of_idle_conditions(project) == ["audience lapsed: it has no condition, so it is everybody"]
    project = replace(opened.project, audiences={"lapsed": AudienceRule("lapsed", sql="orders_90d >= 1")})
    assert warn_of_idle_conditions(project) == []


def test_the_example_has_none(opened: Any) -> None:
    assert warn_of_idle_conditions(opened.project) == []
