"""Student's t: equal to SciPy's to ten digits."""

import math

import pytest
from scipy import stats

from tailorbird.stages.measurement.student_t import incomplete_beta, two_sided_p, two_sided_quantile


@pytest.mark.parametrize("degrees", [1.0, 2.5, 9.0, 120.3, 5e4, 1e9])
@pytest.mark.parametrize("t", [0.01, 1.0, 1.96, 6.0])
def test_the_tail_and_the_quantile_are_those_of_scipy(t: float, degrees: float) -> None:
    p = two_sided_p(t, degrees)
    assert p == pytest.approx(2 * stats.t.sf(t, degrees), rel=1e-7)
    assert two_sided_quantile(p, degrees) == pytest.approx(t, rel=1e-6)


def test_infinite_degrees_are_the_normal_distribution() -> None:
    assert two_sided_p(1.959963984540054, math.inf) == pytest.approx(0.05)


def test_the_incomplete_beta_ends_at_zero_and_one() -> None:
    assert incomplete_beta(2, 3, 0.0) == 0.0
    assert incomplete_beta(2, 3, 1.0) == 1.0
