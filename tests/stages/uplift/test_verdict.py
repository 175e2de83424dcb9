"""Whether to personalise: refused by default, done where it surely pays."""

import numpy as np
import pytest

from tailorbird.stages.uplift.policy_value import ActionTrial
from tailorbird.stages.uplift.regressors import Matrix, Vector, fit_ridge
from tailorbird.stages.uplift.verdict import best_for_all, judge_policy


def trial(truth: Matrix, features: Matrix, seed: int, noise: float = 1.0) -> ActionTrial:
    rng = np.random.default_rng([seed, 1])
    action = rng.integers(0, truth.shape[1], len(truth))
    reward = truth[np.arange(len(truth)), action] + rng.normal(0, noise, len(truth))
    return ActionTrial(features, action, reward, np.full(truth.shape, 1 / truth.shape[1]))


def test_where_each_action_suits_others_it_personalises_and_chooses_well() -> None:
    x = np.random.default_rng(1).normal(size=(6000, 4))
    truth = np.column_stack([np.zeros(6000), x[:, 0], -x[:, 0]])
    told = judge_policy(trial(truth, x, 1), fit_ridge, fit_ridge, np.random.default_rng(2))
    assert told.personalise
    assert told.gain.low > 0.5
    assert told.sentence.startswith("Personalise")
    assert told.policy(np.array([[2.0, 0, 0, 0], [-2.0, 0, 0, 0]])).tolist() == [1, 2]


@pytest.mark.slow
def test_where_one_action_is_best_for_everybody_it_refuses() -> None:
    """In a hundred comparisons without any difference between people, hardly one is personalised."""
    wrong = 0
    for seed in range(100):
        x = np.random.default_rng([seed, 2]).normal(size=(300, 4))
        truth = np.column_stack([np.zeros(300), np.full(300, 0.3), np.full(300, 0.1)])
        wrong += judge_policy(trial(truth, x, seed), fit_ridge, fit_ridge, np.random.default_rng(seed), 3).personalise
    assert wrong <= 5


def test_the_refusal_gives_everybody_the_same() -> None:
    x = np.random.default_rng(3).normal(size=(2000, 4))
    truth = np.column_stack([np.zeros(2000), np.ones(2000)])
    told = judge_policy(trial(truth, x, 3), fit_ridge, fit_ridge, np.random.default_rng(3))
    assert not told.personalise
    assert told.sentence.startswith("Treat everybody alike")
    assert told.policy(x).tolist() == [1] * 2000


def test_of_actions_that_money_cannot_tell_apart_the_leading_outcome_decides() -> None:
    rng = np.random.default_rng(4)
    truth = np.column_stack([np.full(3000, -5.0), np.zeros(3000), np.zeros(3000)])
    one = trial(truth, rng.normal(size=(3000, 1)), 4)
    scores = truth + rng.normal(0, 5, truth.shape)
    scores += truth.mean(axis=0) - scores.mean(axis=0) + np.array([0, 0.05, 0])
    for better in (1, 2):
        visited: Vector = (one.action == better).astype(float)
        assert best_for_all(scores, one, visited) == better


def test_doing_nothing_stays_where_nothing_earns_more() -> None:
    truth = np.column_stack([np.zeros(1000), np.full(1000, -1.0)])
    one = trial(truth, np.zeros((1000, 1)), 5)
    assert best_for_all(truth, one, np.ones(1000)) == 0
