"""Audience rules: for everybody and for one, and the two agree."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.audiences.audience_error import AudienceError
from tailorbird.stages.audiences.rules import cannot_be_judged, explain_membership, membership_test, select_people
from tailorbird.types.audience import AudienceRule, Condition
from tailorbird.types.feature import Features, FeatureTable

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("x", "y")
huge = st.sampled_from([2**53 + 1, -(2**63) - 1, 10**400, -(10**400)])
numbers = st.one_of(st.integers(-3, 3), st.sampled_from([0.5, math.nan, math.inf, -math.inf]), huge)
bounds = st.one_of(st.integers(-2, 2), st.just(float(2**53)), st.just(1e308))
values = st.one_of(st.none(), st.booleans(), numbers, st.sampled_from(["a", "b", "1"]))
conditions = st.builds(
    lambda name, test: Condition(name, **test),
    st.sampled_from(NAMES),
    st.one_of(
        st.fixed_dictionaries({"at_least": bounds}),
        st.fixed_dictionaries({"at_most": bounds}),
        st.fixed_dictionaries({"equals": st.one_of(st.booleans(), st.integers(0, 1), st.sampled_from(["a", "1"]))}),
        st.fixed_dictionaries({"one_of": st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple)}),
    ),
)
groups = st.lists(conditions, max_size=2).map(tuple)
rules = st.builds(lambda a, b, c: AudienceRule("r", all=a, any=b, none=c), groups, groups, groups)


@pytest.mark.slow
@given(rules, st.lists(st.tuples(values, values, st.booleans()), min_size=1, max_size=6))
def test_the_bulk_form_and_the_single_form_agree(rule: AudienceRule, rows: list[tuple[Any, Any, bool]]) -> None:
    hidden = [row[2] for row in rows]
    columns = {"x": [None if row[2] else row[0] for row in rows], "y": [row[1] for row in rows]}
    table = FeatureTable(NOW, [str(i) for i in range(len(rows))], columns, {"x": hidden})
    people = [
        Features(str(i), NOW, {n: columns[n][i] for n in NAMES}, withheld={"x": "no consent"} if hidden[i] else {})
        for i in range(len(rows))
    ]
    one_by_one = [explain_membership(rule, one).included for one in people]
    assert select_people(rule, table) == one_by_one
    test = membership_test(rule, NAMES)
    assert one_by_one == [test(one) for one in people]


def test_an_empty_rule_is_everybody() -> None:
    assert select_people(AudienceRule("all"), FeatureTable(NOW, ["a", "b"], {})) == [True, True]


def test_the_reason_says_what_was_seen_and_what_was_asked() -> None:
    rule = AudienceRule("lapsed", all=(Condition("x", at_least=2),), none=(Condition("y", equals="a"),))
    assert explain_membership(rule, Features("p", NOW, {"x": 1, "y": None})).reason == "x is 1, must be at least 2"
    assert explain_membership(rule, Features("p", NOW, {"x": 3, "y": "a"})).reason == "y is a, must not be equal to a"
    told = explain_membership(rule, Features("p", NOW, {"x": 3, "y": "b"}))
    assert (told.included, told.reason) == (True, "every condition holds")
    assert told.conditions[0] == {
        "group": "all",
        "feature": "x",
        "test": "at least 2",
        "value": 3,
        "held": True,
        "withheld": "",
    }


def test_a_withheld_value_is_named_as_withheld() -> None:
    rule = AudienceRule("r", all=(Condition("x", at_least=2),))
    features = Features("p", NOW, {"x": None}, withheld={"x": "no consent for personalization"})
    assert explain_membership(rule, features).reason == "x is withheld: no consent for personalization"


@pytest.mark.parametrize("group", ["all", "any", "none"])
def test_a_withheld_value_in_any_condition_means_no_match(group: str) -> None:
    seen, hidden = Condition("x", equals="a"), Condition("y", equals="b")
    groups = {"any": (seen, hidden)} if group == "any" else {"all": (seen,), group: (hidden,)}
    rule = AudienceRule("r", **groups)
    table = FeatureTable(NOW, ["p", "q"], {"x": ["a", "a"], "y": [None, None]}, {"y": [True, False]})
    assert cannot_be_judged(rule, table) == [True, False]
    assert select_people(rule, table) == [False, group != "all"]
    told = explain_membership(rule, Features("p", NOW, {"x": "a", "y": None}, withheld={"y": "no consent"}))
    assert (told.included, told.reason) == (False, "y is withheld: no consent")


def test_a_value_that_is_merely_missing_satisfies_no_condition_and_so_passes_a_none() -> None:
    rule = AudienceRule("r", none=(Condition("x", equals="a"),))
    assert select_people(rule, FeatureTable(NOW, ["p"], {"x": [None]}, {"x": [False]})) == [True]


def test_an_unknown_feature_is_an_error_with_the_nearest_name() -> None:
    rule = AudienceRule("lapsed", all=(Condition("ordres", at_least=2),))
    with pytest.raises(AudienceError, match="did you mean 'orders'"):
        select_people(rule, FeatureTable(NOW, ["a"], {"orders": [1]}))


def test_a_condition_with_two_comparisons_or_none_is_an_error() -> None:
    for condition in (Condition("x"), Condition("x", at_least=1, at_most=2)):
        with pytest.raises(AudienceError, match="exactly one of at_least"):
            select_people(AudienceRule("r", all=(condition,)), FeatureTable(NOW, ["a"], {"x": [1]}))


def test_a_number_that_no_float_holds_is_beyond_every_bound() -> None:
    table = FeatureTable(NOW, ["a", "b"], {"x": [10**400, -(10**400)]})
    assert select_people(AudienceRule("r", all=(Condition("x", at_least=1e300),)), table) == [True, False]
    assert select_people(AudienceRule("r", all=(Condition("x", at_most=-1e300),)), table) == [False, True]


def test_a_list_passes_by_any_of_its_values() -> None:
    table = FeatureTable(NOW, ["a", "b", "c"], {"top": [("mugs", "tins"), ("bags",), None]})
    for condition in (Condition("top", equals="tins"), Condition("top", one_of=("tins", "lamps"))):
        assert select_people(AudienceRule("r", all=(condition,)), table) == [True, False, False]
    assert select_people(AudienceRule("r", all=(Condition("top", at_least=0),)), table) == [False, False, False]
