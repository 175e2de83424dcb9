"""Selection rates and their ratio."""

import numpy as np
import pytest

from tailorbird.stages.fairness.rate_ratio import compare_rates, score_interval


def test_the_interval_is_koopmans_of_his_paper() -> None:
    # Koopman (1984), table 1: 36 of 40 against 16 of 80 gives 2.94 to 7.15; 10 of 10 against 7 of 20 gives 1.57 to 5.9.
    assert score_interval(36, 40, 16, 80) == (pytest.approx(2.939, abs=0.01), pytest.approx(7.152, abs=0.01))


def test_the_interval_turned_round_is_that_of_the_turned_ratio() -> None:
    low, high = score_interval(30, 120, 45, 110)
    turned = score_interval(45, 110, 30, 120)
    assert (1 / turned[1], 1 / turned[0]) == (pytest.approx(low, rel=1e-4), pytest.approx(high, rel=1e-4))


@pytest.mark.slow
def test_the_interval_holds_the_truth_in_about_95_of_100_draws() -> None:
    rng = np.random.default_rng(3)
    draws = [(int(rng.binomial(80, 0.2)), int(rng.binomial(150, 0.3))) for _ in range(600)]
    inside = sum(low <= 2 / 3 <= high for low, high in (score_interval(x, 80, y, 150) for x, y in draws))
    assert 0.92 <= inside / 600 <= 0.98


@pytest.mark.parametrize(
    ("counts", "standing"),
    [
        ((400, 1000, 500, 1000), "open"),
        ((300, 1000, 500, 1000), "broken"),
        ((480, 1000, 500, 1000), "kept"),
        ((0, 100, 50, 100), "broken"),
        ((20, 20, 50, 100), "too_few"),
        ((5, 100, 0, 100), "too_few"),
        ((0, 0, 5, 100), "too_few"),
    ],
)
def test_four_fifths_is_kept_broken_or_open_by_the_whole_interval(
    counts: tuple[int, int, int, int], standing: str
) -> None:
    assert compare_rates(*counts).standing == standing


def test_equal_rates_have_a_ratio_of_one_and_a_group_of_all_has_no_endless_interval() -> None:
    even = compare_rates(50, 100, 500, 1000)
    assert even.ratio == 1.0 and even.low is not None and even.high is not None and even.low < 1 < even.high
    full = compare_rates(100, 100, 100, 100)
    assert full.low is not None and full.high is not None and 0.9 < full.low < 1 < full.high < 1.1
