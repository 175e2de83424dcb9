"""Novelty: an effect of the first week only is seen to wear off, a lasting one is not."""

import numpy as np
import pytest

from tailorbird.stages.measurement.novelty import novelty, weekly_outcomes

RNG = np.random.default_rng(29)


def arm(rates: list[float], n: int = 20_000) -> np.ndarray:
    return (RNG.random((n, len(rates))) < np.array(rates)).astype(float)


def test_days_become_weeks() -> None:
    found = weekly_outcomes([1, 7, 8, None, 22, 0], 3, [5.0, 1.0, 2.0, 9.0, 9.0, 9.0])
    assert found.tolist() == [[5, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert weekly_outcomes([3], 1).tolist() == [[1]]


@pytest.mark.slow
def test_an_effect_of_the_first_week_only_wears_off() -> None:
    found = novelty(arm([0.10, 0.05, 0.05]), arm([0.05, 0.05, 0.05]), 40_000.0)
    assert found.wears_off
    assert found.slope is not None
    assert found.slope.difference == pytest.approx(-0.025, abs=0.01)
    assert found.later is not None
    assert not found.later.excludes_zero
    assert [week.week for week in found.weeks] == [1, 2, 3]


def test_a_lasting_effect_does_not() -> None:
    found = novelty(arm([0.08, 0.08, 0.08]), arm([0.05, 0.05, 0.05]), 40_000.0)
    assert not found.wears_off
    assert found.later is not None
    assert found.later.low > 0


def test_one_week_has_no_slope_and_says_so() -> None:
    found = novelty(arm([0.1]), arm([0.1]), 100.0)
    assert found.slope is None
    assert "one week" in found.why


def test_weeks_in_which_nothing_happened_have_no_effect() -> None:
    found = novelty(np.zeros((50, 2)), np.zeros((50, 2)), 100.0)
    assert [week.effect for week in found.weeks] == [None, None]
    assert "no variance" in found.weeks[0].why
    assert "too little" in found.why
