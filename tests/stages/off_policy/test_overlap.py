from typing import Any

import numpy as np
import pytest

from tailorbird.stages.off_policy.draws import LoggedDraws
from tailorbird.stages.off_policy.evaluation import evaluate_policy
from tailorbird.stages.off_policy.overlap import Overlap, honest_p


def measure_overlap(draws: LoggedDraws, policy: np.ndarray, logged: np.ndarray | None = None) -> Overlap:
    return evaluate_policy(draws, policy, logged).overlap


@pytest.fixture
def draws(world: Any) -> LoggedDraws:
    found: LoggedDraws = world.log(20_000, np.random.default_rng(5))
    return found


def test_the_policys_own_draws_all_count(world: Any, draws: LoggedDraws) -> None:
    found = measure_overlap(draws, world.logged, world.logged)
    assert (found.effective, found.weight_max, found.weight_mean, found.why) == (20_000, 1.0, 1.0, "")


def test_the_mean_weight_is_one_within_three_errors(world: Any, draws: LoggedDraws) -> None:
    found = measure_overlap(draws, np.full((2, 3), 1 / 3), world.logged)
    assert abs(found.weight_mean - 1) < 3 * found.weight_error


def test_few_draws_that_are_like_it_are_too_few(world: Any) -> None:
    draws = world.log(4_000, np.random.default_rng(6))
    found = measure_overlap(draws, np.array([[0, 0, 1.0], [1.0, 0, 0]]), world.logged)
    assert found.effective < 1_000
    assert "effective draws are like it; 1,000 are needed" in found.why


@pytest.mark.slow
def test_a_draw_that_would_count_for_more_than_a_hundred_is_refused() -> None:
    logged = np.array([[0.995, 0.005]])
    arm = np.array([0] * 99_500 + [1] * 500)
    zeros = np.zeros(len(arm), dtype=np.int64)
    draws = LoggedDraws(arm, logged[0][arm], np.ones(len(arm)), zeros, zeros[:, None], np.arange(len(arm)), zeros)
    assert (
        "would count 199 times; 100 is the limit" in measure_overlap(draws, np.array([[0.005, 0.995]])).why
        or measure_overlap(draws, np.array([[0.005, 0.995]])).effective < 1_000
    )
    assert measure_overlap(draws, np.array([[0.6, 0.4]]), logged).why == ""


def test_an_arm_that_was_never_drawn_there_cannot_be_judged(world: Any, draws: LoggedDraws) -> None:
    logged = np.hstack([world.logged, np.zeros((2, 1))])
    policy = np.array([[0.6, 0.3, 0.0, 0.1], [0.2, 0.5, 0.3, 0.0]])
    found = measure_overlap(draws, policy, logged)
    assert found.unseen == pytest.approx(0.05, abs=0.005)
    assert "never drawn in the same situation" in found.why


def test_propensities_that_do_not_fit_the_draws_are_found_out(world: Any, draws: LoggedDraws) -> None:
    assert honest_p(draws.situation, draws.arm, world.logged) > 1e-3
    wrong = world.logged[:, ::-1]
    told = LoggedDraws(
        draws.arm, wrong[draws.situation, draws.arm], draws.reward, draws.situation, draws.context, draws.unit,
        draws.fold,
    )  # fmt: skip
    assert "cannot be trusted" in measure_overlap(told, wrong, wrong).why


def test_honest_propensities_are_rarely_doubted(world: Any) -> None:
    generator = np.random.default_rng(7)
    found = []
    for _ in range(400):
        draws = world.log(1_000, generator)
        found.append(honest_p(draws.situation, draws.arm, world.logged))
    assert 0.02 < np.mean(np.array(found) < 0.05) < 0.09


def test_too_few_rewards_give_no_answer() -> None:
    n = 5_000
    zeros = np.zeros(n, dtype=np.int64)
    reward = np.zeros(n)
    reward[:20] = 1
    draws = LoggedDraws(zeros, np.ones(n), reward, zeros, zeros[:, None], np.arange(n), zeros)
    assert measure_overlap(draws, np.ones((1, 1))).why == "20 effective successes are like it; 25 are needed"


def test_no_rewards_at_all_give_no_answer() -> None:
    n = 5_000
    zeros = np.zeros(n, dtype=np.int64)
    draws = LoggedDraws(zeros, np.ones(n), np.zeros(n), zeros, zeros[:, None], np.arange(n), zeros)
    assert measure_overlap(draws, np.ones((1, 1))).why == "0 effective successes are like it; 25 are needed"
