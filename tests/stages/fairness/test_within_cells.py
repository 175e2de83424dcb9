"""Groups compared inside cells."""

import numpy as np
import pytest

from tailorbird.stages.fairness.within_cells import compare_groups


def dealt(people: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values that depend on the cell, members that do too, and nothing between members and others inside a cell."""
    cells = rng.integers(0, 6, people)
    member = rng.random(people) < 0.1 + 0.12 * cells
    return 3.0 * cells + rng.normal(0, 1, people), member, cells


def test_a_difference_between_cells_is_none_inside_them() -> None:
    values, member, cells = dealt(2_000, np.random.default_rng(1))
    inside = compare_groups(values, member, cells)
    over_all = compare_groups(values, member, np.zeros(2_000, dtype=np.int64))
    assert over_all.d > 0.5 and over_all.p is not None and over_all.p < 1e-6
    assert abs(inside.d) < 0.1 and inside.p is not None and inside.p > 0.01


def test_a_difference_inside_cells_is_found_with_its_size() -> None:
    values, member, cells = dealt(2_000, np.random.default_rng(2))
    found = compare_groups(values + 0.5 * member, member, cells)
    assert found.low < 0.5 < found.high and found.difference == pytest.approx(0.5, abs=0.12)
    assert found.p is not None and found.p < 1e-4
    assert found.cells == 6 and found.people + found.others == 2_000


@pytest.mark.slow
def test_the_variance_is_that_of_dealing_the_labels_anew_inside_each_cell() -> None:
    rng = np.random.default_rng(4)
    values, member, cells = dealt(60, rng)
    found = compare_groups(values, member, cells)
    differences = []
    for _ in range(4_000):
        shuffled = member.copy()
        for cell in np.unique(cells):
            at = np.flatnonzero(cells == cell)
            shuffled[at] = rng.permutation(member[at])
        differences.append(compare_groups(values, shuffled, cells).difference)
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(np.std(differences), rel=0.05)


def test_under_the_null_p_values_are_small_no_more_often_than_they_say() -> None:
    rng = np.random.default_rng(9)
    found = [compare_groups(*dealt(200, rng)).p for _ in range(400)]
    assert sum(p is not None and p <= 0.05 for p in found) / 400 < 0.09


def test_cells_with_one_group_alone_and_unknown_values_tell_nothing() -> None:
    values = np.array([1.0, 2.0, float("nan"), 4.0])
    apart = compare_groups(values, np.array([True, True, False, False]), np.array([0, 0, 0, 1]))
    assert (apart.p, apart.cells, apart.difference) == (None, 0, 0.0)
    same = compare_groups(np.ones(4), np.array([True, False, True, False]), np.zeros(4, dtype=np.int64))
    assert same.p is None and same.cells == 1
    nobody = compare_groups(np.array([]), np.array([], dtype=bool), np.array([], dtype=np.int64))
    assert nobody.p is None
