"""Crossing probabilities: those of published group-sequential tests, and of simulated paths."""

import numpy as np
import pytest

from tailorbird.stages.measurement.crossing import crossing_probabilities


@pytest.mark.parametrize(("looks", "bound"), [(1, 1.960), (2, 2.178), (4, 2.361), (10, 2.555)])
def test_pococks_constants_spend_five_per_cent(looks: int, bound: float) -> None:
    times = [(k + 1) / looks for k in range(looks)]
    assert crossing_probabilities(0.0, times, [bound] * looks)[-1] == pytest.approx(0.05, abs=2e-4)


def test_obrien_and_flemings_boundary_spends_five_per_cent() -> None:
    times = [0.2, 0.4, 0.6, 0.8, 1.0]
    bounds = [2.040 / t**0.5 for t in times]
    assert crossing_probabilities(0.0, times, bounds)[-1] == pytest.approx(0.05, abs=2e-4)


def test_paths_with_a_drift_and_a_start_cross_as_often_as_simulated_ones() -> None:
    rng = np.random.default_rng(43)
    times, bounds = list(np.linspace(0.3, 1.0, 29)[1:]), [2.8] * 28
    steps = rng.normal(2.0 * 0.025, 0.025**0.5, (40_000, 28))
    paths = 0.4 + steps.cumsum(axis=1)
    simulated = (np.abs(paths) > 2.8 * np.sqrt(times)).any(axis=1).mean()
    assert crossing_probabilities(2.0, times, bounds, (0.3, 0.4))[-1] == pytest.approx(simulated, abs=0.01)


def test_the_chance_of_having_crossed_never_falls() -> None:
    found = crossing_probabilities(3.0, [0.1, 0.5, 1.0], [3.0, 2.9, 2.8])
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize(("times", "bounds"), [([], []), ([0.5, 0.5], [2.0, 2.0]), ([0.5], [2.0, 2.0])])
def test_looks_must_ascend_and_have_a_boundary_each(times: list[float], bounds: list[float]) -> None:
    with pytest.raises(ValueError, match="look"):
        crossing_probabilities(0.0, times, bounds)
