"""Regressors: they find what is there, and predict the mean where nothing is."""

import numpy as np
import pytest

from tailorbird.stages.uplift.regressors import OutcomeError, fit_logistic, fit_ridge


def test_ridge_finds_a_line_and_its_leave_one_out_error_is_exact() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(400, 3))
    y = 2 + 3 * x[:, 0] - x[:, 1] + rng.normal(0, 0.1, 400)
    predict = fit_ridge(x, y)
    assert np.allclose(predict(np.array([[1.0, 1.0, 0.0]])), 4.0, atol=0.05)


def test_ridge_predicts_the_mean_where_nothing_can_be_predicted() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(3000, 10)), rng.normal(5, 1, 3000)
    assert fit_ridge(x, y)(x).std() < 0.06  # least squares: about 0.058 per column with sqrt(10 / 3000)


def test_ridge_with_columns_that_never_differ_or_repeat_is_finite() -> None:
    rng = np.random.default_rng(3)
    one = rng.normal(size=200)
    x = np.column_stack([one, one, np.full(200, 7.0)])
    assert np.allclose(fit_ridge(x, 2 * one)(x), 2 * one, atol=0.01)


def test_logistic_finds_probabilities() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(20_000, 2))
    chance = 1 / (1 + np.exp(-(-1 + x[:, 0])))
    predicted = fit_logistic(x, (rng.random(20_000) < chance).astype(float))(x)
    assert float(np.abs(predicted - chance).mean()) < 0.01


def test_logistic_of_one_outcome_only_says_it_and_of_others_refuses() -> None:
    x = np.ones((5, 1))
    assert fit_logistic(x, np.zeros(5))(x).tolist() == [0.0] * 5
    with pytest.raises(OutcomeError, match="0 and 1"):
        fit_logistic(x, np.array([0.0, 1, 2, 0, 1]))


def test_no_rows_and_values_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(OutcomeError):
        fit_ridge(np.zeros((0, 2)), np.zeros(0))
    with pytest.raises(OutcomeError, match="finite"):
        fit_ridge(np.array([[np.nan]]), np.zeros(1))
