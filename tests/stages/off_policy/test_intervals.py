import numpy as np
import pytest

from tailorbird.stages.off_policy.intervals import skewed_interval


def test_without_skewness_the_interval_is_the_usual_one() -> None:
    parts = np.array([-1.0, 1.0] * 5_000)
    low, high = skewed_interval(parts)
    assert high == pytest.approx(1.96 / 100, rel=1e-3)
    assert low == -high


def test_rare_rewards_reach_further_up_than_down() -> None:
    low, high = skewed_interval(np.array([1.0] * 30 + [0.0] * 9_970))
    assert 0 < low < 0.003 < high
    assert high - 0.003 > 1.2 * (0.003 - low)


def test_parts_of_one_person_count_as_one() -> None:
    parts = np.repeat(np.random.default_rng(1).normal(size=1_000), 4)
    apart = skewed_interval(parts)
    together = skewed_interval(parts, np.repeat(np.arange(1_000), 4))
    assert together[1] - together[0] == pytest.approx(2 * (apart[1] - apart[0]), rel=0.02)


@pytest.mark.parametrize("parts", [[0.5], [0.5, 0.5, 0.5]])
def test_without_spread_there_is_no_width(parts: list[float]) -> None:
    assert skewed_interval(np.array(parts)) == (0.5, 0.5)


@pytest.mark.slow
def test_intervals_of_rare_rewards_hold_the_truth_as_often_as_they_say() -> None:
    generator = np.random.default_rng(3)
    held = 0
    for _ in range(1_000):
        low, high = skewed_interval((generator.random(5_000) < 0.01) * generator.choice([0.5, 1.0, 2.0], 5_000))
        held += low <= 0.01 * 3.5 / 3 <= high
    assert 930 <= held <= 970
