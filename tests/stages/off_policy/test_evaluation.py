from typing import Any

import numpy as np
import pytest

from tailorbird.stages.off_policy.draws import LoggedDraws
from tailorbird.stages.off_policy.evaluation import Place, evaluate_places, evaluate_policy

POLICY = np.array([[0.05, 0.15, 0.8], [0.4, 0.1, 0.5]])


@pytest.mark.slow
def test_the_answer_holds_the_truth_as_often_as_it_says_and_dr_is_no_worse_than_ips(world: Any) -> None:
    generator = np.random.default_rng(11)
    truth, ahead = world.truth(POLICY), world.truth(POLICY) - world.truth(world.logged)
    held = held_ahead = 0
    errors: dict[str, list[float]] = {"dr": [], "ips": []}
    for _ in range(600):
        found = evaluate_policy(world.log(6_000, generator), POLICY, world.logged)
        assert found.answer is not None and found.answer.low is not None and found.answer.difference_low is not None
        held += found.answer.low <= truth <= found.answer.high
        held_ahead += found.answer.difference_low <= ahead <= found.answer.difference_high
        for name, errors_of in errors.items():
            errors_of.append(found.estimates[name].value - truth)
    assert 0.93 <= held / 600 <= 0.97
    assert 0.93 <= held_ahead / 600 <= 0.97
    assert np.mean(np.square(errors["dr"])) <= np.mean(np.square(errors["ips"]))


def test_a_thin_overlap_has_no_answer_but_says_why(world: Any) -> None:
    found = evaluate_policy(world.log(500, np.random.default_rng(1)), POLICY, world.logged)
    assert found.answer is None
    assert "are needed" in found.overlap.why


def test_people_with_many_draws_widen_the_interval(world: Any) -> None:
    draws = world.log(4_000, np.random.default_rng(3))
    order = np.argsort(draws.reward, kind="stable")
    unit = np.empty(4_000, dtype=np.int64)
    unit[order] = np.arange(4_000) // 4
    together = LoggedDraws(draws.arm, draws.propensity, draws.reward, draws.situation, draws.context, unit, unit % 2)
    alone = evaluate_policy(draws, world.logged)
    assert evaluate_policy(together, world.logged).earned_high > alone.earned_high


def test_what_was_earned_is_told_with_its_interval(world: Any) -> None:
    found = evaluate_policy(world.log(5_000, np.random.default_rng(9)), world.logged, world.logged)
    assert found.earned_low < found.earned < found.earned_high
    assert found.earned == pytest.approx(world.truth(world.logged), rel=0.25)


@pytest.mark.slow
def test_places_of_one_message_are_judged_together(world: Any) -> None:
    generator = np.random.default_rng(12)
    rate = np.array([0.05, 0.1])
    logged, policy = np.array([[0.5, 0.5]]), np.array([[0.2, 0.8]])
    held, n = 0, 4_000
    truth = 0.05 + 2 * 0.8 * 0.05
    zeros = np.zeros(n, dtype=np.int64)
    for _ in range(400):
        arms = generator.integers(0, 2, (2, n))
        reward = (generator.random(n) < 0.05 + (rate[arms] - 0.05).sum(axis=0)).astype(float)
        fold = generator.integers(0, 2, n)
        places = [
            Place(LoggedDraws(arm, np.full(n, 0.5), reward, zeros, zeros[:, None], np.arange(n), fold), policy, logged)
            for arm in arms
        ]
        found = evaluate_places(places)
        assert found.answer is not None and found.answer.low is not None and found.answer.high is not None
        held += found.answer.low <= truth <= found.answer.high
    assert 0.92 <= held / 400 <= 0.98
    assert found.overlap.weight_max == pytest.approx(1.6 * 1.6)


@pytest.mark.slow
def test_a_policy_taught_by_the_other_half_is_not_told_better_or_worse_where_nothing_is() -> None:
    generator = np.random.default_rng(13)
    n, arms, held = 2_400, 4, 0
    zeros = np.zeros(n, dtype=np.int64)
    for _ in range(300):
        arm, half = generator.integers(0, arms, n), np.arange(n) % 2
        reward = (generator.random(n) < 0.2).astype(float)
        best = [int(np.bincount(arm[half != one], reward[half != one], arms).argmax()) for one in (0, 1)]
        policy = np.full((2, arms), 0.05 / arms)
        policy[[0, 1], best] += 0.95
        draws = LoggedDraws(arm, np.full(n, 1 / arms), reward, half, zeros[:, None], np.arange(n), half)
        answer = evaluate_places([Place(draws, policy)], halves=True).estimates["dr"]
        assert answer.difference_low is not None and answer.difference_high is not None
        held += answer.difference_low <= 0 <= answer.difference_high
    assert held / 300 >= 0.93
