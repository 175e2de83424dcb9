"""Running sums: they add up to those of the people together, and give the variances that numpy gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.measurement.moments import Moments, add_up, moments_of
from tailorbird.types.day_sums import SUMS

PEOPLE = st.lists(st.tuples(*[st.floats(-1e4, 1e4, width=32)] * 3), min_size=2, max_size=40)


@pytest.mark.slow
@given(PEOPLE, st.integers(0, 40))
def test_the_sums_of_two_parts_are_those_of_all_people(people: list[tuple[float, ...]], at: int) -> None:
    y, b, x = np.array(people).T
    whole = moments_of(y, b, x)
    parts = [moments_of(y[:at], b[:at], x[:at]), moments_of(y[at:], b[at:], x[at:])]
    for name in SUMS:
        assert getattr(add_up(parts), name) == pytest.approx(getattr(whole, name), rel=1e-9, abs=1e-3)
        assert getattr(whole - parts[0], name) == pytest.approx(getattr(parts[1], name), rel=1e-9, abs=1e-1)


def test_variances_and_covariances_are_those_of_numpy() -> None:
    rng = np.random.default_rng(3)
    y, b, x = rng.normal(5, 2, (3, 500))
    sums, expected = moments_of(y, b, x), np.cov([y, b, x])
    for i, one in enumerate("ybx"):
        assert sums.mean(one) == pytest.approx([y, b, x][i].mean())
        for j, other in enumerate("ybx"):
            assert sums.covariance(one, other) == pytest.approx(expected[i, j])


def test_an_outcome_that_only_rounding_spreads_has_no_variance() -> None:
    assert moments_of([0.1] * 1000).covariance("y", "y") == 0.0
    assert moments_of([7.0]).covariance("y", "y") == 0.0
    assert add_up([]) == Moments()


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_no_finite_number_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="no finite number"):
        moments_of([1.0, bad])


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        moments_of([1.0, 2.0], x=[1.0])
