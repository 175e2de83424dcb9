"""Conditions made ready for one person after the other."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird.stages.audiences.rules import membership_test, select_people
from tailorbird.types.audience import AudienceRule, Condition
from tailorbird.types.feature import Features, FeatureTable

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CONDITIONS = [
    Condition("f", at_least=3),
    Condition("f", at_least=2.0**53),
    Condition("f", at_most=3.5),
    Condition("f", equals="DE"),
    Condition("f", equals=1),
    Condition("f", equals=True),
    Condition("f", one_of=("DE", "AT")),
]
VALUES = [
    None, "DE", "AT", "", ("FR", "DE"), (), True, False, 0, 1, 3, 4, 3.5, -1.0, math.nan, math.inf, -math.inf,
    2**53, 2**53 - 1, 2**53 + 1, 10**400, -(10**400),
]  # fmt: skip


@pytest.mark.parametrize("group", ["all", "any", "none"])
@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_it_holds_for_one_person_where_it_holds_in_columns(condition: Condition, group: Any) -> None:
    conditions: dict[str, Any] = {group: (condition,)}
    rule = AudienceRule("a", **conditions)
    table = FeatureTable(NOW, [str(at) for at in range(len(VALUES))], {"f": VALUES})
    test = membership_test(rule, ["f"])
    alone = [test(Features("p", NOW, {"f": value})) for value in VALUES]
    assert alone == select_people(rule, table)
    assert {True, False} == set(alone)
