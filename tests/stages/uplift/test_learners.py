"""Uplift learners: each finds a planted effect, and none sees the people it is judged on."""

import numpy as np
import pytest

from tailorbird.stages.uplift.learners import LEARNERS, Trial, TrialError, dr_scores, draw_folds, predict_unseen
from tailorbird.stages.uplift.regressors import Matrix, Predict, Vector, fit_ridge


def planted(count: int = 4000, seed: int = 1) -> tuple[Trial, Vector]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, 3))
    effect = 0.5 + x[:, 0]
    treated = rng.random(count) < 0.7
    y = x[:, 1] + effect * treated + rng.normal(0, 0.5, count)
    return Trial(x, treated, y, np.full(count, 0.7)), effect


@pytest.mark.parametrize("name", LEARNERS)
def test_every_learner_finds_who_is_changed(name: str) -> None:
    trial, effect = planted()
    rng = np.random.default_rng(2)
    scores = predict_unseen(trial, LEARNERS[name], fit_ridge, fit_ridge, rng, draw_folds(trial.treated, 5, rng))
    assert float(np.corrcoef(scores, effect)[0, 1]) > 0.98
    assert abs(float(scores.mean()) - 0.5) < 0.06


def test_doubly_robust_scores_have_the_effect_as_their_mean_even_with_a_model_that_knows_nothing() -> None:
    trial, _ = planted(40_000)

    def ignorant(_features: Matrix, _outcome: Vector) -> Predict:
        return lambda given: np.full(len(given), 99.0)

    scores = dr_scores(trial, ignorant, np.random.default_rng(3))
    assert abs(float(scores.mean()) - 0.5) < 4 * float(scores.std()) / 200


def test_nobody_is_scored_by_a_model_that_saw_them() -> None:
    trial, _ = planted(200)
    folds = draw_folds(trial.treated, 5, np.random.default_rng(4))

    def remember(part: Trial, *_: object) -> Predict:
        seen = {tuple(row) for row in part.features.tolist()}
        return lambda given: np.array([float(tuple(row) in seen) for row in given.tolist()])

    scores = predict_unseen(trial, remember, fit_ridge, fit_ridge, np.random.default_rng(5), folds)
    assert scores.sum() == 0


def test_folds_are_even_inside_each_arm() -> None:
    arm = np.array([True] * 11 + [False] * 52)
    folds = draw_folds(arm, 5, np.random.default_rng(6))
    assert sorted(np.bincount(folds[arm]).tolist()) == [2, 2, 2, 2, 3]
    assert sorted(np.bincount(folds[~arm]).tolist()) == [10, 10, 10, 11, 11]


def test_one_arm_and_propensities_that_are_none_are_refused() -> None:
    x, y = np.zeros((2, 1)), np.zeros(2)
    with pytest.raises(TrialError, match="both arms"):
        Trial(x, np.array([True, True]), y, np.full(2, 0.5))
    for bad in (0.0, 1.0, np.nan):
        with pytest.raises(TrialError, match="propensities"):
            Trial(x, np.array([True, False]), y, np.array([0.5, bad]))
    with pytest.raises(TrialError, match="finite"):
        Trial(x, np.array([True, False]), np.array([0.0, np.inf]), np.full(2, 0.5))
