"""Gamma-gamma on simulated spending."""

import numpy as np
import pytest

from tailorbird.stages.lifetime.bg_nbd import LifetimeError
from tailorbird.stages.lifetime.gamma_gamma import GammaGamma, correlation, fit_gamma_gamma


def test_a_fit_finds_the_spending_of_people_made_by_the_model() -> None:
    rng = np.random.default_rng(5)
    p, q, gamma = 6.0, 4.0, 15.0
    repeats = rng.integers(1, 8, 4000).astype(float)
    mean = rng.gamma(p * repeats, 1 / (rng.gamma(q, 1 / gamma, 4000) * repeats))
    found = fit_gamma_gamma(repeats, mean)
    assert found.p * found.gamma / (found.q - 1) == pytest.approx(p * gamma / (q - 1), rel=0.05)


def test_a_mean_of_few_purchases_is_pulled_further_than_one_of_many() -> None:
    model = GammaGamma(6.0, 4.0, 15.0)
    none, one, many = model.worth(np.array([0.0, 1.0, 50.0]), np.array([0.0, 90.0, 90.0]))
    assert none == pytest.approx(30) and 30 < one < many < 90


def test_people_who_all_spend_the_same_are_refused() -> None:
    with pytest.raises(LifetimeError, match="the same"):
        fit_gamma_gamma(np.ones(200), np.full(200, 20.0))


def test_few_people_are_refused() -> None:
    with pytest.raises(LifetimeError, match="3 people"):
        fit_gamma_gamma(np.ones(3), np.array([1.0, 2.0, 3.0]))


def test_the_correlation_of_what_never_varies_is_none() -> None:
    assert correlation(np.ones(5), np.arange(5.0)) == 0
    assert correlation(np.arange(1.0, 6.0), np.arange(1.0, 6.0)) == pytest.approx(1)
