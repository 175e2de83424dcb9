"""Differences from running sums: equal to SciPy's and numpy's, narrower with a covariate, refused where nothing holds."""

import math

import numpy as np
import pytest

from tailorbird.stages.measurement.confidence_sequence import asymptotic_interval
from tailorbird.stages.measurement.estimates import always_valid, estimate, post_stratify
from tailorbird.stages.measurement.moments import moments_of

RNG = np.random.default_rng(11)


def test_a_difference_of_means_and_its_interval_are_those_of_the_columns() -> None:
    t, c = RNG.gamma(2, 3, 700), RNG.gamma(2, 2.8, 400)
    found = estimate(moments_of(t), moments_of(c))
    assert found.difference == pytest.approx(t.mean() - c.mean())
    assert found.error == pytest.approx(math.sqrt(t.var(ddof=1) / 700 + c.var(ddof=1) / 400))
    effect = always_valid(found, 1100.0)
    assert effect is not None
    low, high, p = asymptotic_interval(700, t.mean(), t.var(ddof=1), 400, c.mean(), c.var(ddof=1), n_star=1100.0)
    assert (effect.low, effect.high, effect.p) == pytest.approx((low, high, p))


def test_a_covariate_leaves_one_minus_r_squared_of_the_variance() -> None:
    n, r = 20_000, 0.8
    x = RNG.normal(0, 1, (2, n))
    y = r * x + math.sqrt(1 - r * r) * RNG.normal(0, 1, (2, n)) + [[0.1], [0.0]]
    found = estimate(moments_of(y[0], x=x[0]), moments_of(y[1], x=x[1]))
    assert found.kept == pytest.approx(1 - r * r, rel=0.02)
    assert found.difference == pytest.approx(0.1, abs=4 * found.error)
    plain = estimate(moments_of(y[0], x=x[0]), moments_of(y[1], x=x[1]), adjust=False)
    assert plain.kept == 1.0
    assert plain.error > found.error


def test_a_covariate_that_does_not_vary_changes_nothing() -> None:
    y = RNG.normal(0, 1, (2, 100))
    ones = np.ones(100)
    assert estimate(moments_of(y[0], x=ones), moments_of(y[1], x=ones)).difference == pytest.approx(
        y[0].mean() - y[1].mean()
    )


@pytest.mark.slow
def test_the_error_of_a_ratio_is_what_repeated_experiments_show() -> None:
    def draw() -> tuple[float, float]:
        orders = RNG.poisson(2.0, (2, 400)) + 1.0
        money = orders * RNG.gamma(4, 5, (2, 400))
        found = estimate(moments_of(money[0], orders[0]), moments_of(money[1], orders[1]), ratio=True)
        assert found.difference is not None
        return found.difference, found.error

    drawn = np.array([draw() for _ in range(800)])
    assert drawn[:, 0].std() == pytest.approx(drawn[:, 1].mean(), rel=0.1)


def test_a_ratio_is_adjusted_by_a_covariate_too() -> None:
    habit = RNG.gamma(4, 5, (2, 3000))
    orders = RNG.poisson(2.0, (2, 3000)) + 1.0
    money = orders * (habit + RNG.gamma(4, 1, (2, 3000)))
    first, second = (moments_of(money[i], orders[i], habit[i]) for i in (0, 1))
    found = estimate(first, second, ratio=True)
    assert found.kept < 0.5


def test_strata_are_averaged_by_their_people() -> None:
    strata = {
        name: estimate(moments_of(RNG.normal(base + 1, 1, n)), moments_of(RNG.normal(base, 1, n)))
        for name, base, n in (("few", 0, 200), ("many", 50, 800))
    }
    found = post_stratify({**strata, "nobody": estimate(moments_of([]), moments_of([1.0]))})
    assert found.difference == pytest.approx(
        0.2 * (strata["few"].difference or 0) + 0.8 * (strata["many"].difference or 0)
    )
    assert found.people == 2000
    assert found.error < 0.1
    assert "no stratum" in post_stratify({}).why


@pytest.mark.parametrize(
    ("treated", "control", "ratio", "why"),
    [
        ([1.0, 2.0, 3.0], [], False, "two people in each arm"),
        ([1.0, 0.0], [1.0], False, "two people in each arm"),
        ([0.0] * 9, [0.0] * 9, False, "no variance"),
        ([1.0, 2.0], [1.0, 2.0], True, "denominator"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_reason(
    treated: list[float], control: list[float], ratio: bool, why: str
) -> None:
    found = estimate(moments_of(treated), moments_of(control), ratio=ratio)
    assert found.difference is None
    assert why in found.why
    assert always_valid(found, 10.0) is None


def test_negative_revenue_gives_a_difference_and_no_relative_one() -> None:
    found = estimate(moments_of(RNG.normal(-3, 1, 500)), moments_of(RNG.normal(2, 1, 500)))
    effect = always_valid(found, 1000.0)
    assert effect is not None
    assert effect.high < 0
    assert effect.relative is effect.relative_low is None


def test_the_relative_interval_lies_around_the_relative_difference() -> None:
    effect = always_valid(estimate(moments_of(RNG.gamma(9, 3, 900)), moments_of(RNG.gamma(9, 2, 900))), 1800.0)
    assert effect is not None
    assert effect.relative is not None
    assert effect.relative_low is not None
    assert effect.relative_high is not None
    assert 0 < effect.relative_low < 0.5 < effect.relative_high < 1
