import numpy as np
import pytest

from tailorbird.stages.bandits.counts import add_counts, check_rewards, columns, expected_rates, learn_strength
from tailorbird.types.policy_rows import Rewards


def rewards(reward: list[float], exposed: list[float] | None = None, propensity: float = 0.5) -> Rewards:
    n = len(reward)
    return Rewards(["a", "b"] * (n // 2), np.array(reward), np.array(exposed or [1.0] * n), np.full(n, propensity))


def test_exposures_add_up_by_arm() -> None:
    got = add_counts({"a": (1.0, 2.0)}, rewards([1, 0, 0, 1], [1, 1, 0.5, 1]), ["a", "b", "a", "b"])
    assert got == {"a": (2.0, 3.5), "b": (1.0, 2.0)}


@pytest.mark.parametrize("bad", [rewards([2.0, 0.0]), rewards([float("nan"), 0.0]), rewards([1, 0], [-1, 1])])
def test_what_is_no_reward_or_exposure_is_refused(bad: Rewards) -> None:
    with pytest.raises(ValueError, match=r"reward|exposure"):
        check_rewards(bad)


@pytest.mark.parametrize("propensity", [0.0, float("nan"), 1.5])
def test_an_impossible_propensity_is_refused(propensity: float) -> None:
    with pytest.raises(ValueError, match="propensity"):
        check_rewards(rewards([1.0, 0.0], propensity=propensity))


def test_a_line_that_was_not_tried_is_expected_to_do_as_the_others_did() -> None:
    won, shown = columns(("a", "b", "c"), {"a": (300.0, 2000.0), "b": (300.0, 2000.0)})
    means = expected_rates(won, shown, np.full(3, 0.03), 50.0)
    assert means[2] == pytest.approx(0.148, abs=0.002)


def test_priors_keep_their_order_at_the_level_that_was_reached() -> None:
    won, shown = np.array([200.0, 0.0, 0.0]), np.array([2000.0, 0.0, 0.0])
    means = expected_rates(won, shown, np.array([0.02, 0.04, 0.01]), 50.0)
    assert means[1] > means[0] > means[2] and means[0] == pytest.approx(0.1, abs=0.01)


def test_the_strength_is_that_of_how_much_arms_differ() -> None:
    rng = np.random.default_rng(3)
    shown = np.full(60, 2000.0)
    alike, differing = (rng.binomial(2000, rng.beta(s * 0.1, s * 0.9, 60)).astype(float) for s in (1500, 40))
    means = np.full(60, 0.1)
    assert learn_strength(differing, shown, means, 50.0) < 100 < 500 < learn_strength(alike, shown, means, 50.0)


def test_few_arms_tell_nothing_of_how_much_arms_differ() -> None:
    assert learn_strength(np.array([3.0, 9.0]), np.array([100.0, 100.0]), np.array([0.05, 0.05]), 50.0) == 50.0
