"""The suite fails policies that lie about how they choose."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tailorbird.ports.policy import MakePolicy, Policy
from tailorbird.stages.bandits.fixed import FixedPolicy
from tailorbird.stages.bandits.thompson import ThompsonPolicy
from tailorbird.testing import policy_conformance as suite
from tailorbird.types.policy_rows import Choices, Lessons, Situations
from tailorbird.types.policy_spec import PolicySpec


class Boasting:
    """Says 1 for whatever it drew."""

    kind = "fixed"
    version = "prior"

    def __init__(self, spec: PolicySpec, lessons: Lessons, state: str | None = None) -> None:
        inner = FixedPolicy(spec, lessons, state)
        self._inner = inner
        self.decide_one, self.rank, self.state = inner.decide_one, inner.rank, inner.state

    def update(self, rewards: object) -> "Boasting":
        return self

    def decide_many(self, situations: Situations, uniforms: NDArray[np.float64]) -> Choices:
        found = self._inner.decide_many(situations, uniforms)
        return replace(found, propensity=np.where(found.arm >= 0, 1.0, 0.0))


def greedy(spec: PolicySpec, lessons: Lessons, state: str | None) -> Policy:
    return ThompsonPolicy(replace(spec, floor=0.0, temper=1000.0), lessons, state)


@pytest.mark.parametrize(
    ("check", "make"),
    [
        (suite.check_the_propensity_is_the_share_of_the_chosen_arm, Boasting),
        (suite.check_the_floor_is_kept, greedy),
        (suite.check_impossible_propensities_and_rewards_are_refused, Boasting),
        (suite.check_it_learns, lambda spec, lessons, state: FixedPolicy(spec, lessons, state)),
    ],
)
def test_a_policy_that_breaks_a_rule_fails(check: Callable[[MakePolicy, str], None], make: MakePolicy) -> None:
    with pytest.raises(AssertionError):
        check(make, "thompson")
