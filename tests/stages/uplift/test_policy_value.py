"""What a policy would earn."""

import numpy as np
import pytest

from tailorbird.stages.uplift.learners import TrialError, draw_folds
from tailorbird.stages.uplift.policy_value import (
    ActionTrial,
    action_scores,
    difference_of,
    mean_value,
    value_ipw,
    value_of,
)
from tailorbird.stages.uplift.regressors import fit_ridge


def trial(count: int, seed: int) -> ActionTrial:
    """Action 1 earns x0 more; two thirds get it."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, 2))
    action = (rng.random(count) < 2 / 3).astype(np.int64)
    reward = 1 + x[:, 0] * action + rng.normal(0, 1, count)
    return ActionTrial(x, action, reward, np.tile([1 / 3, 2 / 3], (count, 1)))


@pytest.mark.slow
def test_both_estimates_hold_the_true_value_about_as_often_as_they_say() -> None:
    truth = 1 + 0.3989  # E[max(x0, 0)]
    hits = np.zeros(2)
    for seed in range(100):
        one = trial(600, seed)
        policy = (one.features[:, 0] > 0).astype(np.int64)
        scores = action_scores(one, fit_ridge, draw_folds(one.action, 3, np.random.default_rng(seed)))
        for at, value in enumerate((value_ipw(one, policy), value_of(scores, policy))):
            hits[at] += value.low <= truth <= value.high
    assert (hits >= 88).all()
    assert (hits <= 100).all()


def test_a_policy_is_not_better_than_itself() -> None:
    one = trial(300, 1)
    scores = action_scores(one, fit_ridge, draw_folds(one.action, 3, np.random.default_rng(1)))
    same = difference_of(scores, one.action, one.action)
    assert (same.mean, same.low, same.high) == (0, 0, 0)


def test_an_interval_of_one_person_is_endless() -> None:
    assert mean_value(np.array([3.0])).high == np.inf


def test_what_cannot_be_compared_is_refused() -> None:
    x, y = np.zeros((2, 1)), np.zeros(2)
    with pytest.raises(TrialError, match="one action"):
        ActionTrial(x, np.zeros(2, dtype=np.int64), y, np.ones((2, 1)))
    with pytest.raises(TrialError, match="each action needs people"):
        ActionTrial(x, np.zeros(2, dtype=np.int64), y, np.full((2, 2), 0.5))
    for bad in (0.0, np.nan):
        with pytest.raises(TrialError, match="propensity"):
            ActionTrial(x, np.array([0, 1]), y, np.array([[0.5, 0.5], [bad, 0.5]]))
    with pytest.raises(TrialError, match="finite"):
        ActionTrial(x, np.array([0, 1]), np.array([0, np.nan]), np.full((2, 2), 0.5))
    with pytest.raises(TrialError, match="too few"):
        value_ipw(trial(20, 1), np.ones(20, dtype=np.int64))
