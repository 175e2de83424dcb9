import numpy as np

from tailorbird.stages.decisions.thompson import draw_arms, propensities
from tailorbird.types.campaign import PolicySpec

ARMS = ["a", "b", "c"]


def test_without_outcomes_the_arms_share_about_evenly() -> None:
    assert np.allclose(propensities(ARMS, {}, PolicySpec(), "seed"), 1 / 3, atol=0.04)


def test_a_better_arm_is_shown_more_and_the_worst_keeps_the_floor() -> None:
    counts = {"a": (60.0, 1000.0), "b": (20.0, 1000.0), "c": (20.0, 1000.0)}
    share = propensities(ARMS, counts, PolicySpec(floor=0.06), "seed")
    assert share[0] > 0.9 and share[1] >= 0.02 and np.isclose(share.sum(), 1)


def test_the_same_version_gives_the_same_propensities() -> None:
    counts = {"a": (3.0, 50.0)}
    assert (propensities(ARMS, counts, PolicySpec(), "v1") == propensities(ARMS, counts, PolicySpec(), "v1")).all()


def test_a_fixed_policy_shares_evenly_whatever_happened() -> None:
    assert np.allclose(propensities(ARMS, {"a": (9.0, 9.0)}, PolicySpec(kind="fixed"), "s"), 1 / 3)


def test_counts_with_more_successes_than_exposures_do_not_break_the_posterior() -> None:
    assert np.isfinite(propensities(ARMS, {"a": (5.0, 2.0)}, PolicySpec(), "s")).all()


def test_draws_match_the_logged_propensities() -> None:
    share = np.array([0.5, 0.3, 0.2])
    uniform = (np.arange(10_000) + 0.5) / 10_000
    eligible = np.tile(np.array([True, False, True]), (10_000, 1))
    arm, probability = draw_arms(share, eligible, uniform)
    assert np.isclose((arm == 0).mean(), 5 / 7, atol=1e-3) and not (arm == 1).any()
    assert np.allclose(probability[arm == 0], 5 / 7)


def test_a_person_with_no_eligible_arm_gets_none() -> None:
    arm, probability = draw_arms(np.array([0.5, 0.5]), np.array([[False, False]]), np.array([0.99]))
    assert arm.tolist() == [-1] and probability.tolist() == [0.0]
