"""Contextual policies, taught from the past and judged on people they did not learn from."""

from typing import Any

import numpy as np
import pytest

from tailorbird.pipeline.off_policy.other_policies import OtherPolicy, who_may_know
from tailorbird.pipeline.off_policy.taught_policies import Teaching, needs_people, taught_places
from tailorbird.stages.bandits.kinds import make_policy
from tailorbird.types.policy_spec import PolicySpec

pytestmark = pytest.mark.slow

LINEAR = PolicySpec(kind="linear", prior_mean=0.1, features=("age",))
COHORTS = PolicySpec(kind="cohorts", prior_mean=0.1, cohort="half")


def features(spec: PolicySpec, past: Any) -> Any:
    """Two halves of people, by their number; they differ in nothing."""
    half = np.array([int(person[1:]) % 4 // 2 for person in past.person_ids])
    return ([f"half {one}" for one in half] if spec.cohort else ()), (half[:, None] * 1.0 if spec.features else None)


def places(past: Any, spec: PolicySpec, learned: Any = "others") -> Any:
    draws = past.draws()
    group, may_know = who_may_know(draws, learned)
    block = draws.blocks[1]
    teaching = Teaching(group, may_know, make_policy, 14)
    return draws, taught_places(spec, draws, [block], [block.competing], features(spec, draws), teaching)[0]


@pytest.mark.parametrize(
    ("spec", "needed"),
    [(LINEAR, True), (COHORTS, True), (PolicySpec(kind="cohorts"), False), (PolicySpec(), False)],
)
def test_a_policy_is_told_of_people_only_where_it_asks(spec: PolicySpec, needed: bool) -> None:
    assert needs_people(spec) == needed


@pytest.mark.parametrize("spec", [LINEAR, COHORTS])
def test_shares_add_up_lie_among_what_competed_and_prefer_what_did_best(past: Any, spec: PolicySpec) -> None:
    draws, place = places(past, spec)
    assert place.policy.sum(axis=1) == pytest.approx(np.ones(len(place.policy)))
    assert (place.policy[place.logged == 0] == 0).all()
    warm = place.draws.situation[draws.blocks[1].draws.situation > 0]
    assert place.policy[warm, draws.blocks[1].arms.index("warm")].mean() > 0.8
    logged = place.logged[place.draws.situation, place.draws.arm]
    assert logged == pytest.approx(place.draws.propensity)


def test_before_the_first_step_a_contextual_policy_knows_nothing(past: Any) -> None:
    draws, place = places(past, LINEAR, "before")
    warm = place.policy[place.draws.situation, draws.blocks[1].arms.index("warm")]
    assert warm[draws.step == 0].mean() == pytest.approx(0.5, abs=0.06)
    assert warm[draws.step == 1].mean() > 0.8


@pytest.mark.parametrize("spec", [LINEAR, COHORTS])
def test_what_a_contextual_policy_would_have_earned_is_told(past: Any, spec: PolicySpec) -> None:
    (found,) = past.replay(OtherPolicy("other", "spec", spec=spec), block="subject", features=features).policies
    answer = found.evaluation.answer
    assert answer.low <= 0.213 <= answer.high
    assert answer.difference_low > 0
    assert found.evaluation.overlap.honest_p > 1e-3
