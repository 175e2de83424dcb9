"""The e-value of a split."""

import math

import numpy as np
import pytest
from scipy.stats import dirichlet_multinomial

from tailorbird.stages.measurement.srm_sequence import split_log_e, watch_log_e


def test_it_is_the_ratio_of_the_law_around_the_plan_and_the_plan() -> None:
    counts, shares = np.array([30, 15, 5]), np.array([0.5, 0.3, 0.2])
    law = dirichlet_multinomial.logpmf(counts, 100 * shares, counts.sum())
    orders = math.lgamma(51) - sum(math.lgamma(n + 1) for n in counts.tolist())
    assert split_log_e(counts.tolist(), shares.tolist()) == pytest.approx(law - orders - counts @ np.log(shares))


def test_before_anybody_comes_there_is_no_evidence_and_its_expectation_stays_one() -> None:
    assert split_log_e((0, 0), (0.9, 0.1)) == 0.0
    after_one = 0.9 * math.exp(split_log_e((1, 0), (0.9, 0.1))) + 0.1 * math.exp(split_log_e((0, 1), (0.9, 0.1)))
    assert after_one == pytest.approx(1.0)


@pytest.mark.slow
def test_a_sound_split_looked_at_a_hundred_times_hardly_ever_alarms() -> None:
    rng = np.random.default_rng(5)
    alarms = 0
    for _ in range(1_000):
        looks = rng.multinomial(200, [0.7, 0.3], size=100).cumsum(axis=0).tolist()
        alarms += any(split_log_e(counts, (0.7, 0.3)) >= math.log(1_000) for counts in looks)
    assert alarms <= 3


def test_a_split_that_loses_a_tenth_of_an_arm_alarms_in_time() -> None:
    assert split_log_e((45_000, 50_000), (0.5, 0.5)) > math.log(1_000)


def test_days_of_one_plan_add_up_and_another_plan_is_a_bet_of_its_own() -> None:
    half, third = (0.5, 0.5), (0.7, 0.3)
    first, second, third_day = watch_log_e([((10, 20), half), ((30, 30), half), ((5, 5), third)])
    assert first == pytest.approx(split_log_e((10, 20), half))
    assert second == pytest.approx(split_log_e((40, 50), half))
    assert third_day == pytest.approx(split_log_e((40, 50), half) + split_log_e((5, 5), third))


@pytest.mark.parametrize("shares", [(1.0,), (0.5, 0.6), (1.0, 0.0), (0.5, float("nan"))])
def test_a_plan_that_is_none_is_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="share"):
        split_log_e([1] * len(shares), shares)
