import numpy as np
import pytest

from tailorbird.stages.bandits.fixed import FixedPolicy
from tailorbird.types.policy_rows import Lessons, Rewards, Situations
from tailorbird.types.policy_spec import PolicySpec


@pytest.mark.parametrize("allowed", [(True, True, True), (True, False, True), (False, False, True)])
def test_it_shares_evenly_whatever_happened(allowed: tuple[bool, ...]) -> None:
    policy = FixedPolicy(PolicySpec(kind="fixed"), Lessons()).update(Rewards(["a"], np.ones(1), np.ones(1), np.ones(1)))
    asked = Situations(("a", "b", "c"), np.array([allowed]), np.zeros(1, dtype=np.int64), "s")
    assert np.allclose(policy.decide_many(asked, np.array([0.5])).shares[0], np.array(allowed) / sum(allowed))
