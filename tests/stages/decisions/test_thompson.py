import numpy as np
import pytest

from tailorbird.stages.decisions.thompson import draw_arms, draw_posteriors, propensities
from tailorbird.types.campaign import PolicySpec

ARMS = ["a", "b", "c"]
ALL = [True, True, True]


def share(
    counts: dict[str, tuple[float, float]],
    policy: PolicySpec = PolicySpec(),
    seed: str = "s",
    competing: list[bool] = ALL,
) -> np.ndarray:
    return propensities(draw_posteriors(ARMS, counts, policy, seed), competing, policy)


def test_without_outcomes_the_arms_share_about_evenly() -> None:
    assert np.allclose(share({}), 1 / 3, atol=0.04)


def test_a_better_arm_is_shown_more_and_the_worst_keeps_the_floor() -> None:
    counts = {"a": (60.0, 1000.0), "b": (20.0, 1000.0), "c": (20.0, 1000.0)}
    got = share(counts, PolicySpec(floor=0.06))
    assert got[0] > 0.9 and got[1] >= 0.02 and np.isclose(got.sum(), 1)


def test_among_the_arms_that_compete_what_was_learned_counts_though_the_leader_is_out() -> None:
    counts = {"a": (300.0, 1000.0), "b": (60.0, 1000.0), "c": (10.0, 1000.0)}
    got = share(counts, PolicySpec(floor=0.06), competing=[False, True, True])
    assert got[0] == 0 and got[1] == pytest.approx(0.97) and got[2] == pytest.approx(0.03)


def test_the_same_version_gives_the_same_propensities() -> None:
    counts = {"a": (3.0, 50.0)}
    assert (share(counts, seed="v1") == share(counts, seed="v1")).all()


@pytest.mark.parametrize("competing", [ALL, [True, False, True], [False, False, True]])
def test_a_fixed_policy_shares_evenly_whatever_happened(competing: list[bool]) -> None:
    got = share({"a": (9.0, 9.0)}, PolicySpec(kind="fixed"), competing=competing)
    assert np.allclose(got, np.array(competing) / sum(competing))


def test_counts_with_more_successes_than_exposures_do_not_break_the_posterior() -> None:
    assert np.isfinite(share({"a": (5.0, 2.0)})).all()


def test_draws_match_the_logged_propensities() -> None:
    uniform = (np.arange(10_000) + 0.5) / 10_000
    arm, probability = draw_arms(np.tile(np.array([5 / 7, 0.0, 2 / 7]), (10_000, 1)), uniform)
    assert np.isclose((arm == 0).mean(), 5 / 7, atol=1e-3) and not (arm == 1).any()
    assert np.allclose(probability[arm == 0], 5 / 7)


def test_a_person_for_whom_no_arm_competes_gets_none() -> None:
    assert (share({}, competing=[False] * 3) == 0).all()
    arm, probability = draw_arms(np.zeros((1, 2)), np.array([0.99]))
    assert arm.tolist() == [-1] and probability.tolist() == [0.0]


def test_a_line_that_was_not_tried_is_expected_to_do_as_the_others_did() -> None:
    draws = draw_posteriors(ARMS, {"a": (300.0, 2000.0), "b": (300.0, 2000.0)}, PolicySpec(prior_mean=0.03), "s")
    assert draws[:, 2].mean() == pytest.approx(0.148, abs=0.005)
