"""Channel budgets by saturation curves."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.budget.saturation import Curve, SaturationError, fit_curve, share_budget

SPENDS = [10.0, 20, 40, 80, 160, 320]


@pytest.mark.slow
@given(st.floats(10, 10_000), st.floats(20, 300))
def test_a_curve_without_noise_is_found_again(top: float, scale: float) -> None:
    found = fit_curve(SPENDS, [top * -math.expm1(-b / scale) for b in SPENDS])
    assert found.top == pytest.approx(top, rel=1e-3)
    assert found.scale == pytest.approx(scale, rel=1e-3)


def test_a_curve_with_noise_is_near() -> None:
    rng = np.random.default_rng(1)
    spends = rng.uniform(5, 400, 60)
    found = fit_curve(spends.tolist(), (1000 * -np.expm1(-spends / 100) + rng.normal(0, 30, 60)).tolist())
    assert found.top == pytest.approx(1000, rel=0.06)
    assert found.scale == pytest.approx(100, rel=0.12)
    assert found.error == pytest.approx(30, rel=0.3)


def test_the_last_unit_brings_the_same_in_every_channel_that_gets_something() -> None:
    curves = {"email": Curve(1000, 50, 0, 9, 400), "ads": Curve(3000, 500, 0, 9, 900), "sms": Curve(1, 50, 0, 9, 9)}
    told = share_budget(curves, 400, 1.0)
    assert sum(told.spends.values()) == pytest.approx(400)
    assert curves["email"].marginal(told.spends["email"]) == pytest.approx(told.price, rel=1e-6)
    assert curves["ads"].marginal(told.spends["ads"]) == pytest.approx(told.price, rel=1e-6)
    assert told.spends["sms"] == 0


def test_no_other_split_brings_more() -> None:
    curves = {"email": Curve(1000, 50, 0, 9, 400), "ads": Curve(3000, 500, 0, 9, 900)}
    best = share_budget(curves, 300, 0.01).returned
    for part in np.linspace(0, 300, 301):
        assert curves["email"].returned(part) + curves["ads"].returned(300 - part) <= best + 1e-6


def test_what_does_not_come_back_is_left_unspent() -> None:
    told = share_budget({"email": Curve(100, 50, 0, 9, 400)}, 1000, 1.0)
    assert told.spends["email"] == pytest.approx(50 * math.log(2))
    assert told.unspent == pytest.approx(1000 - 50 * math.log(2))


def test_spends_that_say_too_little_are_refused() -> None:
    with pytest.raises(SaturationError, match="at least 4"):
        fit_curve([1, 1, 2, 3], [1, 1, 2, 3])
    with pytest.raises(SaturationError, match="does not show"):
        fit_curve(SPENDS, [3 * b for b in SPENDS])
    with pytest.raises(SaturationError, match="does not rise"):
        fit_curve(SPENDS, [0.0] * 6)
    with pytest.raises(SaturationError, match="refunds"):
        fit_curve(SPENDS, [-1.0] * 6)
    with pytest.raises(SaturationError, match="numbers"):
        fit_curve(SPENDS, [math.nan] * 6)
    with pytest.raises(SaturationError, match="a budget"):
        share_budget({}, -1)
