"""Paired differences, by flipping signs."""

from itertools import product

import numpy as np
import pytest

from tailorbird.stages.fairness.sign_flips import flip_signs


def columns(*values: list[float]) -> np.ndarray:
    return np.array(values, dtype=np.float64).T


def test_a_few_differing_pairs_are_tested_over_every_pattern_of_signs() -> None:
    values = [1.0, 2.0, 3.0, -0.5, 0.0, 0.0]
    moved = [1.0, 2.0, 3.0, -0.5]
    share = np.mean([abs(sum(s * v for s, v in zip(signs, moved, strict=True))) >= 5.5
                     for signs in product((1, -1), repeat=4)])  # fmt: skip
    (found,) = flip_signs(columns(values), np.random.default_rng(0))
    assert found.exact and found.p == pytest.approx(share)
    assert (found.pairs, found.differing, found.mean) == (6, 4, pytest.approx(5.5 / 6))


def test_what_never_differs_is_not_tested() -> None:
    (found,) = flip_signs(columns([0.0] * 50), np.random.default_rng(0))
    assert (found.p, found.d, found.mean, found.differing) == (None, 0.0, 0.0, 0)


def test_all_pairs_that_differ_by_the_same_have_an_infinite_effect_and_the_smallest_p() -> None:
    (found,) = flip_signs(columns([-2.0] * 40), np.random.default_rng(0), flips=999)
    assert found.d == -np.inf and found.p == pytest.approx(1 / 1000)


def test_pairs_that_are_not_known_are_left_out_of_their_measure_alone() -> None:
    one, other = flip_signs(columns([1.0, float("nan"), 3.0], [1.0, 1.0, 1.0]), np.random.default_rng(0))
    assert (one.pairs, one.mean, other.pairs) == (2, 2.0, 3)


def test_the_p_value_of_many_pairs_is_close_to_that_of_the_normal_and_the_seed_repeats_it() -> None:
    rng = np.random.default_rng(5)
    values = columns(list(rng.normal(0.2, 1, 100)))
    (first,), (again,) = (flip_signs(values, np.random.default_rng(2)) for _ in range(2))
    z = values.mean() / (values.std(ddof=1) / 10)
    assert first == again and not first.exact and first.p is not None
    assert first.p == pytest.approx(2 * (1 - _phi(abs(z))), abs=0.02)


def _phi(z: float) -> float:
    from math import erf

    return 0.5 * (1 + erf(z / 2**0.5))


def test_under_the_null_p_values_are_small_no_more_often_than_they_say() -> None:
    rng = np.random.default_rng(11)
    values = rng.normal(0, 1, size=(30, 400))
    found = [each.p for each in flip_signs(values, rng, flips=1_000)]
    assert sum(p is not None and p <= 0.05 for p in found) / 400 < 0.09
