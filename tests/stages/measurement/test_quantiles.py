"""Quantiles: true intervals, and a refusal where a quantile cannot move."""

import numpy as np
import pytest

from tailorbird.stages.measurement.estimates import with_bounds
from tailorbird.stages.measurement.quantiles import binned_quantile_estimate, quantile_estimate

RNG = np.random.default_rng(17)


@pytest.mark.slow
@pytest.mark.parametrize(("q", "n"), [(0.5, 400), (0.9, 1500)])
def test_a_fixed_interval_of_a_quantile_covers_as_often_as_it_says(q: float, n: int) -> None:
    covered = 0
    for _ in range(600):
        effect = with_bounds(quantile_estimate(RNG.lognormal(0, 1, n), RNG.lognormal(0, 1, n), q), 1.96, 1.0)
        covered += effect.low <= 0 <= effect.high
    assert 0.92 < covered / 600 < 0.985


def test_counts_per_value_give_what_the_values_give() -> None:
    t, c = RNG.integers(0, 1000, 5000), RNG.integers(0, 900, 5000)
    binned = [np.unique(values, return_counts=True) for values in (t, c)]
    first, second = ((values.astype(float), counts.astype(float)) for values, counts in binned)
    assert binned_quantile_estimate(first, second, 0.5) == quantile_estimate(t, c, 0.5)


def test_a_median_of_zero_where_most_people_bought_nothing_is_refused() -> None:
    spent = np.where(RNG.random(1000) < 0.1, 20.0, 0.0)
    found = quantile_estimate(spent, spent, 0.5)
    assert found.difference is None
    assert "same outcome" in found.why


def test_too_few_people_beyond_the_quantile_are_refused() -> None:
    assert "500 people" in quantile_estimate(RNG.random(100), RNG.random(600), 0.95).why
    assert "finite" in quantile_estimate([float("nan")] * 99, RNG.random(99), 0.5).why


def test_a_quantile_outside_0_to_1_is_an_error() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile_estimate([1.0], [1.0], 1.0)
