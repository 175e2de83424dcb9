import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.rollback.guardrail_sequence import (
    difference_bound,
    log_e_value,
    ratio_bound,
    split_budget,
)

ALPHA = 0.05


def looks(rng: np.random.Generator, n_t: int, n_c: int, p_t: float, p_c: float, count: int) -> list[tuple[int, int]]:
    """Events so far at each look: every person has a moment, and an event then or never."""

    def moments(n: int, p: float) -> np.ndarray:
        return np.sort(rng.uniform(size=rng.binomial(n, p)))

    at = np.linspace(0, 1, count + 1)[1:]
    treated, control = moments(n_t, p_t), moments(n_c, p_c)
    return list(zip(np.searchsorted(treated, at), np.searchsorted(control, at), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize(("share", "n_t", "n_c"), [(0.002, 9000, 1000), (0.05, 3000, 3000), (0.3, 900, 300)])
def test_a_hundred_looks_raise_a_false_alarm_no_more_often_than_alpha(share: float, n_t: int, n_c: int) -> None:
    rng = np.random.default_rng(7)
    runs, margin = 300, 1.1
    false = sum(
        any(log_e_value(x, n_t, y, n_c, margin) >= -math.log(ALPHA)
            for x, y in looks(rng, n_t, n_c, share * margin, share, 100))
        for _ in range(runs)
    )  # fmt: skip
    assert false / runs <= ALPHA + 2 * math.sqrt(ALPHA * (1 - ALPHA) / runs)


def test_twice_as_many_unsubscribers_are_found_soon() -> None:
    assert ratio_bound(400, 10_000, 20, 1000, ALPHA) > 1.1
    assert ratio_bound(60, 5000, 0, 5000, ALPHA) > 2


def test_too_little_is_no_evidence() -> None:
    assert ratio_bound(2, 200, 1, 200, ALPHA) < 1
    assert ratio_bound(0, 200, 0, 200, ALPHA) == 0
    assert ratio_bound(3, 1000, 0, 3, ALPHA) < 1  # a holdout of three people


@pytest.mark.slow
@given(x_t=st.integers(0, 200), x_c=st.integers(0, 200), n_t=st.integers(200, 10_000), n_c=st.integers(200, 10_000))
def test_the_bound_is_the_largest_ratio_that_is_rejected(x_t: int, x_c: int, n_t: int, n_c: int) -> None:
    bound = ratio_bound(x_t, n_t, x_c, n_c, ALPHA)
    if bound == 0:
        return
    assert log_e_value(x_t, n_t, x_c, n_c, bound * 0.999) >= -math.log(ALPHA) - 1e-6
    assert log_e_value(x_t, n_t, x_c, n_c, bound * 1.001) <= -math.log(ALPHA) + 1e-6
    assert x_c == 0 or bound < (x_t / n_t) / (x_c / n_c)


def test_more_events_of_the_first_arm_raise_the_bound_and_a_smaller_alpha_lowers_it() -> None:
    bounds = [ratio_bound(x, 5000, 50, 5000, ALPHA) for x in (60, 90, 150, 300)]
    assert bounds == sorted(bounds) and bounds[0] < bounds[-1]
    assert ratio_bound(150, 5000, 50, 5000, 0.001) < ratio_bound(150, 5000, 50, 5000, 0.05)


@pytest.mark.slow
def test_the_one_sided_bound_of_a_difference_covers_at_all_looks_and_finds_a_harm() -> None:
    rng, runs, n = np.random.default_rng(3), 300, 4000
    false = 0
    for _ in range(runs):
        false += any(
            difference_bound(x, n, y, n, ALPHA) > 0 for x, y in looks(rng, n, n, 0.05, 0.05, 40) if min(x, y) >= 10
        )
    assert false / runs <= ALPHA + 2 * math.sqrt(ALPHA * (1 - ALPHA) / runs)
    assert difference_bound(400, 4000, 200, 4000, ALPHA) > 0.02


def test_the_budget_is_split_by_weight_and_no_more_than_it_is_spent() -> None:
    parts = split_budget({"unsubscribes": 1, "returns": 3}, 0.05)
    assert parts == {"unsubscribes": 0.0125, "returns": pytest.approx(0.0375)}
    with pytest.raises(ValueError, match="weight above 0"):
        split_budget({"a": 0.0}, 0.05)


@pytest.mark.parametrize("wrong", [(1, 0, 0, 5), (1, 5, 0, 0), (6, 5, 0, 5), (-1, 5, 0, 5)])
def test_what_no_arm_can_be_is_refused(wrong: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="each arm needs people"):
        log_e_value(*wrong)
    with pytest.raises(ValueError, match="alpha"):
        ratio_bound(1, 5, 1, 5, 0.0)
