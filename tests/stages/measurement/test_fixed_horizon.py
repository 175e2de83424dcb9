"""Fixed-horizon tests: equal to SciPy's."""

import math

import numpy as np
import pytest
from scipy import stats

from tailorbird.stages.measurement.estimates import estimate
from tailorbird.stages.measurement.fixed_horizon import fixed_horizon, two_shares_p, welch_degrees
from tailorbird.stages.measurement.moments import moments_of
from tailorbird.types.estimate import Estimate


def test_welchs_test_is_that_of_scipy() -> None:
    rng = np.random.default_rng(5)
    t, c = rng.gamma(2, 3, 60), rng.gamma(2, 4, 35)
    effect = fixed_horizon(estimate(moments_of(t), moments_of(c)))
    expected = stats.ttest_ind(t, c, equal_var=False)
    assert effect is not None
    assert effect.p == pytest.approx(expected.pvalue, rel=1e-8)
    assert (effect.low, effect.high) == pytest.approx(tuple(expected.confidence_interval()), rel=1e-8)


def test_two_shares_are_compared_as_a_chi_square_test_does() -> None:
    table = [[120, 880], [90, 910]]
    p = stats.chi2_contingency(table, correction=False).pvalue
    assert two_shares_p(120, 1000, 90, 1000) == pytest.approx(p, rel=1e-8)


@pytest.mark.parametrize("counts", [(0, 10, 0, 10), (10, 10, 5, 5), (1, 10, 0, 0)])
def test_shares_without_both_answers_or_without_people_are_not_compared(counts: tuple[int, ...]) -> None:
    assert two_shares_p(*counts) is None


def test_without_an_estimate_there_is_no_test() -> None:
    assert fixed_horizon(Estimate(3, 0, why="nobody")) is None
    assert welch_degrees(Estimate(3, 3, 1.0)) == math.inf
