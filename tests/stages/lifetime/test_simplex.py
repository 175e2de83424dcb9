"""The downhill simplex."""

import numpy as np
import pytest

from tailorbird.stages.lifetime.simplex import minimise


def test_rosenbrocks_valley_is_followed_to_its_end() -> None:
    def valley(at: np.ndarray) -> float:
        return float((1 - at[0]) ** 2 + 100 * (at[1] - at[0] ** 2) ** 2)

    where, low, settled = minimise(valley, np.array([-1.2, 1.0]), tolerance=1e-12)
    assert settled and low < 1e-9
    assert where == pytest.approx([1, 1], abs=1e-3)


def test_a_search_that_runs_out_of_rounds_says_so() -> None:
    assert minimise(lambda at: float(-at[0]), np.array([0.0]), rounds=20)[2] is False


def test_places_of_infinite_cost_are_left() -> None:
    where, _, _ = minimise(lambda at: float("inf") if at[0] < 1 else float(at[0]), np.array([3.0]))
    assert where[0] == pytest.approx(1, abs=1e-3)
