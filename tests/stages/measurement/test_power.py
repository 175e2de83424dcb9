"""The planner keeps its word: experiments of the size it names find the effect as often as it says."""

import math

import numpy as np
import pytest
from scipy import stats

from tailorbird.stages.measurement.confidence_sequence import half_width_factor
from tailorbird.stages.measurement.power import (
    drift_needed,
    fixed_drift,
    plan_power,
    power_left,
    power_of,
    smallest_effect,
)
from tailorbird.types.estimate import Estimate

SHARE = 0.05 * 0.95


@pytest.mark.slow
def test_the_fixed_size_is_the_textbooks() -> None:
    plan = plan_power(1.0, 0.1, 0.5)
    z = stats.norm.isf(0.025) + stats.norm.isf(0.2)
    assert plan.people_fixed == math.ceil(4 * (z / 0.1) ** 2)
    assert plan.people > 1.3 * plan.people_fixed
    assert fixed_drift(0.8) == pytest.approx(z)


def test_experiments_of_the_planned_size_find_the_effect_as_often_as_it_says() -> None:
    rng = np.random.default_rng(47)
    plan = plan_power(1.0, 0.2, 0.3)
    n = plan.people
    times = np.linspace(0, 1, 51)[1:]
    # The difference's score at each look: Brownian motion with the drift that the plan implies.
    drift = 0.2 * math.sqrt(n * 0.3 * 0.7)
    paths = rng.normal(drift / 50, math.sqrt(1 / 50), (20_000, 50)).cumsum(axis=1)
    found = np.abs(paths) > np.array([half_width_factor(t * n, n_star=n) for t in times]) * np.sqrt(times)
    assert found.any(axis=1).mean() == pytest.approx(0.8, abs=0.01)
    stopped = np.where(found.any(axis=1), found.argmax(axis=1) + 1, 51) / 50
    assert plan.median_stop / n == pytest.approx(np.median(stopped), abs=0.03)


@pytest.mark.slow
def test_without_an_effect_the_interval_is_wrong_less_often_than_alpha() -> None:
    assert 0.005 < power_of(0.0, looks=100) < 0.05
    assert power_of(drift_needed(0.9)) == pytest.approx(0.9, abs=1e-4)


def test_a_covariate_saves_people_and_a_small_holdout_costs_them() -> None:
    plain = plan_power(SHARE, 0.005, 0.5)
    assert plan_power(SHARE, 0.005, 0.5, kept=0.6).people == pytest.approx(0.6 * plain.people, abs=2)
    assert plan_power(SHARE, 0.005, 0.1).people > 2.5 * plain.people


def test_guardrails_ask_for_more_power_and_for_people_of_their_own() -> None:
    plain = plan_power(SHARE, 0.005, 0.5)
    plan = plan_power(SHARE, 0.005, 0.5, guardrails={"returns": (SHARE, 0.001)})
    needs = dict(plan.needs)
    assert needs["effect"] > plain.people
    assert plan.people == needs["returns"] > needs["effect"]


def test_days_are_those_of_traffic_and_of_the_last_window() -> None:
    plan = plan_power(SHARE, 0.005, 0.5, people_per_day=1000.0, window_days=14)
    assert plan.days == pytest.approx(plan.people / 1000 + 14, abs=0.01)
    assert plan_power(SHARE, 0.005, 0.5).days is None


def test_the_smallest_effect_of_the_planned_people_is_the_one_that_was_planned_for() -> None:
    people = plan_power(SHARE, 0.005, 0.2).people
    assert smallest_effect(SHARE, people, 0.2) == pytest.approx(0.005, rel=1e-4)
    with pytest.raises(ValueError, match="above 0"):
        smallest_effect(SHARE, 0, 0.2)


@pytest.mark.parametrize(
    ("variance", "effect", "holdout", "margin", "words"),
    [
        (0.0, 0.1, 0.5, 0.1, "no variance"),
        (math.nan, 0.1, 0.5, 0.1, "no variance"),
        (1.0, 0.0, 0.5, 0.1, "other than zero"),
        (1.0, 0.1, 0.0, 0.1, "between 0 and 1"),
        (1.0, 0.1, 0.5, 0.0, "above 0"),
    ],
)
def test_what_no_experiment_has_is_refused(
    variance: float, effect: float, holdout: float, margin: float, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        plan_power(variance, effect, holdout, guardrails={"returns": (1.0, margin)})


@pytest.mark.slow
def test_the_rest_of_an_experiment_is_told_by_what_was_seen() -> None:
    def seen(z: float, people: float = 5000.0) -> Estimate:
        return Estimate(people / 2, people / 2, 0.01 * z, 0.1, 0.1, 0.01 / math.sqrt(2), 0.01 / math.sqrt(2))

    chances = [power_left(seen(z), 10_000, 10_000).chance or 0.0 for z in (0.0, 1.0, 2.0, 2.9)]
    assert chances == sorted(chances)
    assert chances[0] < 0.02
    assert 0.6 < chances[3] < 1.0
    assert power_left(seen(4.0), 10_000, 10_000).chance == 1.0
    assert power_left(seen(1.0), 4_000, 10_000).chance == 0.0
    left = power_left(seen(1.0), 10_000, 10_000)
    assert left.done == 0.5
    assert left.smallest_effect == pytest.approx(drift_needed(0.8) * 0.01 * math.sqrt(0.5))


def test_without_an_estimate_nothing_is_told_of_the_rest() -> None:
    left = power_left(Estimate(3, 0, why="nobody is held out"), 100, 100)
    assert left.chance is left.smallest_effect is None
    assert left.why == "nobody is held out"
