"""Policies as they are published: opened for deciding, or refused."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from tailorbird.pipeline.policies import (
    Learned,
    PolicyFeatureError,
    cohorts_of,
    contexts_of,
    pack,
    unpack,
)
from tailorbird.stages.bandits.kinds import make_policy
from tailorbird.stages.bandits.policy_state import PolicyStateError
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.decision import Decision, Placement
from tailorbird.types.feature import FeatureTable
from tailorbird.types.policy_rows import Lessons, Rewards
from tailorbird.types.policy_spec import PolicySpec
from tailorbird.types.stored_policy import StoredPolicy

LESSONS = Lessons({"a": 0.05}, 0.4, ("b",), ("c",), 3)


def stored(spec: PolicySpec = PolicySpec(), **more: Any) -> StoredPolicy:
    rewards = Rewards(["a", "b"] * 50, np.array([1.0, 0.0] * 50), np.ones(100), np.full(100, 0.5))
    policy = make_policy(spec, LESSONS).update(rewards)
    made = StoredPolicy("winback", "", policy.version, spec.kind, 1, pack(LESSONS, policy), "2026-06-01T00:00:00+00:00")
    return replace(made, **more)


def table(**columns: list[Any]) -> FeatureTable:
    n = len(next(iter(columns.values())))
    return FeatureTable(datetime(2026, 6, 1, tzinfo=UTC), [f"p{i}" for i in range(n)], columns, {})


def test_what_was_packed_is_opened_again() -> None:
    one = stored()
    policy, lessons = Learned(make_policy, {"": one}).policy(PolicySpec())
    assert (policy.version, lessons) == (one.version, LESSONS)
    assert unpack(one)[0] == LESSONS


@pytest.mark.parametrize(
    "bad", [{"format": 0}, {"format": 2}, {"state": "{"}, {"state": "[]"}, {"state": '{"lessons": {}, "policy": {}}'}]
)
def test_a_policy_of_another_version_is_refused_with_what_to_do(bad: dict[str, Any]) -> None:
    with pytest.raises(PolicyStateError, match=r"winback.*tailorbird report"):
        Learned(make_policy, {"": stored(**bad)}).policy(PolicySpec())


def test_where_the_file_names_another_kind_since_it_begins_anew() -> None:
    policy, lessons = Learned(make_policy, {"": stored()}).policy(PolicySpec(kind="lola"))
    assert (policy.kind, policy.version, lessons) == ("lola", "prior", Lessons())


def test_counts_of_an_older_version_are_gone_on_from() -> None:
    policy, _ = Learned(make_policy, counts={"a": (3.0, 50.0)}).policy(PolicySpec())
    assert policy.version != "prior"


def test_a_variant_has_its_own_policy_or_the_campaigns() -> None:
    mine = stored(variant="warm", version="p-other", state=pack(Lessons(), make_policy(PolicySpec())))
    learned = Learned(make_policy, {"": stored(), "warm": mine})
    assert learned.policy(PolicySpec(), "warm")[0].version == "prior"
    assert learned.policy(PolicySpec(), "plain")[0].version == learned.policy(PolicySpec())[0].version


def test_what_a_person_saw_in_other_steps_counts_and_in_this_one_not() -> None:
    campaign = example_campaign()

    def decided(step: str, person: str, line: str) -> Decision:
        slate = (Placement("subject", "subject", None, line, 0.5, 2),)
        return Decision(f"d{step}{person}", campaign.name, step, person, "treatment", datetime(2026, 6, 1, tzinfo=UTC),
                        slate, "", "", "prior", "")  # fmt: skip

    learned = Learned(
        make_policy, made=[decided("0", "ann", "a"), decided("00", "ann", "a"), decided(campaign.step, "ann", "b")]
    )
    assert [dict(seen) for seen in learned.seen(campaign, ["ann", "bob"], 0.5)] == [{"a": 2}, {}]
    assert learned.seen(campaign, ["ann"], 0.0) == []


def test_what_is_not_known_of_a_person_is_the_average() -> None:
    spec = PolicySpec(kind="linear", features=("orders", "vip"))
    found = contexts_of(spec, table(orders=[1, None, 3.0], vip=[True, False, None]), [0, 1, 2])
    assert found is not None and found.tolist() == [[1, 1], [2, 0], [3, 0.5]]
    assert contexts_of(PolicySpec(), table(orders=[1]), [0]) is None


def test_a_feature_that_there_is_not_or_that_holds_texts_is_refused() -> None:
    with pytest.raises(PolicyFeatureError, match="'age', which there is not; known: orders"):
        contexts_of(PolicySpec(features=("age",)), table(orders=[1]), [0])
    with pytest.raises(PolicyFeatureError, match=r"holds texts such as 'x'.*cohorts"):
        contexts_of(PolicySpec(features=("orders",)), table(orders=["x"]), [0])
    with pytest.raises(PolicyFeatureError, match="'country'"):
        cohorts_of(PolicySpec(cohort="country"), table(orders=[1]), [0])


def test_a_cohort_is_the_value_as_text() -> None:
    assert cohorts_of(PolicySpec(cohort="country"), table(country=["GB", None, 7]), [0, 1, 2]) == ["GB", "", "7"]
    assert cohorts_of(PolicySpec(), table(country=["GB"]), [0]) == []
