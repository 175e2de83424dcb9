"""CUPAC: predictions that never saw the person's own outcome, and that narrow the interval."""

import numpy as np
import pytest

from tailorbird.stages.measurement.cupac import cross_fit
from tailorbird.stages.measurement.estimates import estimate
from tailorbird.stages.measurement.moments import moments_of

RNG = np.random.default_rng(31)
N = 4000
FEATURES = RNG.normal(0, 1, (N, 3))
OUTCOME = FEATURES[:, 0] + FEATURES[:, 1] ** 2 + RNG.normal(0, 1, N)
FOLDS = np.arange(N) % 5


def test_a_prediction_narrows_more_than_any_one_feature() -> None:
    treated = RNG.random(N) < 0.5
    predicted = cross_fit(FEATURES, OUTCOME, FOLDS)

    def kept(x: np.ndarray) -> float:
        return estimate(moments_of(OUTCOME[treated], x=x[treated]), moments_of(OUTCOME[~treated], x=x[~treated])).kept

    assert kept(predicted) < 0.32  # of a variance of 4, 1 cannot be predicted
    assert kept(predicted) < min(kept(FEATURES[:, 0]), kept(FEATURES[:, 1])) - 0.1


def test_a_persons_own_outcome_has_no_part_in_the_prediction() -> None:
    changed = OUTCOME.copy()
    changed[7] += 1000.0
    before, after = cross_fit(FEATURES, OUTCOME, FOLDS), cross_fit(FEATURES, changed, FOLDS)
    same_fold = FOLDS[7] == FOLDS
    assert (before[same_fold] == after[same_fold]).all()
    assert (before[~same_fold] != after[~same_fold]).all()


def test_noise_as_features_does_no_harm() -> None:
    noise, half = RNG.normal(0, 1, (N, 3)), np.arange(N) < N / 2
    predicted = cross_fit(noise, OUTCOME, FOLDS)
    found = estimate(moments_of(OUTCOME[half], x=predicted[half]), moments_of(OUTCOME[~half], x=predicted[~half]))
    assert found.kept == pytest.approx(1.0, abs=0.01)


def test_a_feature_that_is_the_same_for_all_and_another_regressor_work() -> None:
    constant = np.ones((N, 1))
    assert np.isfinite(cross_fit(constant, OUTCOME, FOLDS)).all()
    means = cross_fit(constant, OUTCOME, FOLDS, fit=lambda _, y, wanted: np.full(len(wanted), y.mean()))
    assert means[0] == pytest.approx(OUTCOME[FOLDS != 0].mean())


def test_one_fold_or_a_missing_feature_is_refused() -> None:
    with pytest.raises(ValueError, match="two folds"):
        cross_fit(FEATURES, OUTCOME, np.zeros(N, dtype=np.int64))
    with pytest.raises(ValueError, match="finite"):
        cross_fit(np.full((N, 1), np.nan), OUTCOME, FOLDS)
