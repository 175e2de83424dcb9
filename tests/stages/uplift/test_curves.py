"""Qini and AUUC as scikit-uplift has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.uplift.curves import (
    CurveError,
    auuc_score,
    bootstrap_interval,
    qini_curve,
    qini_score,
    uplift_curve,
)
from tailorbird.stages.uplift.regressors import Vector


def people(count: int, seed: int) -> tuple[Vector, np.ndarray]:
    rng = np.random.default_rng(seed)
    return (rng.random(count) < 0.3).astype(float), rng.random(count) < 0.5


def test_a_small_curve_by_hand() -> None:
    # Sorted: treated with, held without, treated without, held with.
    y, t = np.array([1.0, 0, 0, 1]), np.array([True, False, True, False])
    score = np.array([4.0, 3, 2, 1])
    assert qini_curve(y, score, t)[1].tolist() == [0, 1, 1, 1, 0]
    assert uplift_curve(y, score, t)[1].tolist() == [0, 1, 2, 1.5, 0]
    # Perfect Qini: treated with first (1), then those without (1, 1), held with last (0); ours is that.
    assert qini_score(y, score, t) == pytest.approx(1.0)


def test_scikit_uplifts_own_examples() -> None:
    # y and treatment of its documentation's doctest-sized case, worked out by its formulas on paper.
    y, t = np.array([0.0, 1, 0, 1, 0, 0, 1, 1]), np.array([True, True, False, False, True, False, True, False])
    score = np.array([0.1, 0.9, 0.3, 0.2, 0.4, 0.8, 0.7, 0.6])
    people_at, values = qini_curve(y, score, t)
    assert people_at.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    # order: .9 T1, .8 C0, .7 T1, .6 C1, .4 T0, .3 C0, .2 C1, .1 T0
    assert values.tolist() == [0, 1, 1, 2, 1, 0.5, 1, 0.5, 0]


@given(st.integers(0, 50))
def test_the_oracle_is_1_and_people_with_one_score_are_0(seed: int) -> None:
    y, t = people(200, seed)
    assert qini_score(y, y * t - y * ~t, t) == pytest.approx(1.0)
    assert qini_score(y, np.zeros(200), t) == pytest.approx(0.0, abs=1e-9)
    assert auuc_score(y, np.zeros(200), t) == pytest.approx(0.0, abs=1e-9)


def test_a_random_order_is_0_within_two_hundredths() -> None:
    y, t = people(20_000, 1)
    rng = np.random.default_rng(2)
    assert abs(float(np.mean([qini_score(y, rng.random(20_000), t) for _ in range(20)]))) < 0.02


def test_the_order_of_the_rows_does_not_matter() -> None:
    y, t = people(500, 3)
    rng = np.random.default_rng(4)
    score = rng.integers(0, 20, 500).astype(float)
    mixed = rng.permutation(500)
    assert qini_score(y, score, t) == pytest.approx(qini_score(y[mixed], score[mixed], t[mixed]))


def test_the_interval_holds_the_score() -> None:
    y, t = people(2000, 5)
    score = y + np.random.default_rng(6).normal(size=2000)
    low, high = bootstrap_interval(qini_score, y, score, t, np.random.default_rng(7), 50)
    assert low < qini_score(y, score, t) < high


def test_what_has_no_curve_is_refused() -> None:
    y, t = np.array([1.0, 0]), np.array([True, False])
    with pytest.raises(CurveError, match="0 and 1"):
        qini_score(np.array([2.0, 0]), y, t)
    with pytest.raises(CurveError, match="both arms"):
        qini_score(y, y, np.array([True, True]))
    with pytest.raises(CurveError, match="no number"):
        qini_score(y, np.array([np.nan, 0]), t)
    with pytest.raises(CurveError, match="no order"):
        qini_score(np.zeros(2), y, t)
