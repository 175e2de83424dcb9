"""The planner: how many people an experiment needs, how long it takes, and what it can still find.

An interval that holds at every look is wider than one that is right once, and makes up for it by stopping early: the
power is that of crossing at any look. It is computed from the boundary itself (`crossing.py`). For a success metric
that is enough; each of G guardrails is planned at the power 1 − β/(G + 1), so that all of them pass together where
nothing is wrong (Schultzberg, Ankargren and Frånberg, arXiv 2402.11609).
"""

import math
from collections.abc import Mapping
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from tailorbird.stages.measurement.confidence_sequence import ALPHA, half_width_factor, one_sided_factor
from tailorbird.stages.measurement.crossing import crossing_probabilities
from tailorbird.types.estimate import Estimate
from tailorbird.types.power import PowerLeft, PowerPlan

POWER = 0.8
LOOKS = 50
"""Looks that the planner assumes, evenly over the people."""


def plan_power(
    variance: float,
    effect: float,
    holdout: float,
    *,
    guardrails: Mapping[str, tuple[float, float]] | None = None,
    people_per_day: float | None = None,
    window_days: float = 0.0,
    power: float = POWER,
    alpha: float = ALPHA,
    kept: float = 1.0,
) -> PowerPlan:
    """How many people find a difference of `effect` where one person's outcome has `variance`.

    `holdout` is the control's share of the people. `guardrails` is {name: (variance, margin)}, both in units of that
    metric. `kept` is the share of variance that a covariate leaves. Raises ValueError for what no experiment has.
    """
    if not (variance > 0 and math.isfinite(variance)):
        raise ValueError("the metric has no variance: nothing that happens can be seen in it")
    if not (effect and math.isfinite(effect)):
        raise ValueError("the effect to find must be a number other than zero")
    if not (0 < holdout < 1 and 0 < power < 1 and 0 < alpha < 1):
        raise ValueError("holdout, power and alpha must lie between 0 and 1")
    spread = math.sqrt(variance * kept * (1 / holdout + 1 / (1 - holdout)))
    beta = (1 - power) / (len(guardrails or {}) + 1)
    needs = {"effect": (drift_needed(1 - beta, alpha) * spread / effect) ** 2}
    for name, (of_guard, margin) in (guardrails or {}).items():
        reach = one_sided_factor(1.0, alpha, 1.0) + NormalDist().inv_cdf(1 - beta)
        needs[name] = (reach * math.sqrt(of_guard * (1 / holdout + 1 / (1 - holdout))) / _margin(name, margin)) ** 2
    people = max(needs.values())
    fixed = (fixed_drift(1 - beta, alpha) * spread / effect) ** 2
    return PowerPlan(
        effect,
        math.ceil(people),
        math.ceil(fixed),
        math.ceil(people * _median_stop(abs(effect) * math.sqrt(people) / spread, alpha)),
        power,
        alpha,
        holdout,
        people / people_per_day + window_days if people_per_day else None,
        tuple((name, math.ceil(need)) for name, need in needs.items()),
    )


def smallest_effect(
    variance: float, people: float, holdout: float, kept: float = 1.0, power: float = POWER, alpha: float = ALPHA
) -> float:
    """The difference that `people` (all arms together) find with probability `power`, in units of the metric."""
    if people <= 0 or not 0 < holdout < 1:
        raise ValueError("people must be above 0, and the holdout between 0 and 1")
    spread = math.sqrt(variance * kept * (1 / holdout + 1 / (1 - holdout)))
    return drift_needed(power, alpha) * spread / math.sqrt(people)


def _margin(name: str, margin: float) -> float:
    if not margin > 0:
        raise ValueError(f"the margin of {name} must be above 0: that nothing at all changed cannot be shown")
    return margin


def fixed_drift(power: float, alpha: float = ALPHA) -> float:
    """The expected z that a test looked at once needs."""
    return NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)


@lru_cache(maxsize=64)
def drift_needed(power: float, alpha: float = ALPHA, looks: int = LOOKS) -> float:
    """The expected z at the planned end with which an always-valid interval has excluded zero at some look."""
    low, high = 0.0, fixed_drift(power, alpha) + 4.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        if power_of(middle, alpha, looks) < power:
            low = middle
        else:
            high = middle
    return high


def power_of(drift: float, alpha: float = ALPHA, looks: int = LOOKS) -> float:
    """The probability that the interval excludes zero at one of `looks`, with the expected z `drift` at the end."""
    times, bounds = _looks(alpha, looks)
    return float(crossing_probabilities(drift, times, bounds)[-1])


def _looks(alpha: float, looks: int, after: float = 0.0, star: float = 1.0) -> tuple[list[float], list[float]]:
    """(times, bounds): only n / n_star enters the boundary, so it is the same for every size of experiment."""
    times = [float(t) for t in np.linspace(after, 1.0, looks + 1)[1:]]
    return times, [half_width_factor(t, alpha, star) for t in times]


def _median_stop(drift: float, alpha: float) -> float:
    """The part of the people after which half of the experiments have stopped; 1 where fewer do."""
    times, bounds = _looks(alpha, LOOKS)
    crossed = crossing_probabilities(drift, times, bounds)
    return next((t for t, share in zip(times, crossed, strict=True) if share >= 0.5), 1.0)


def power_left(found: Estimate, planned: float, n_star: float, power: float = POWER, alpha: float = ALPHA) -> PowerLeft:
    """What an experiment of `planned` people can still find, given the estimate so far.

    `n_star` is that of the read-out's interval. Refused with `why` where there is no estimate.
    """
    people, whole = round(found.people), max(planned, found.people)
    done = found.people / whole if whole else 0.0
    if found.difference is None or found.error <= 0:
        return PowerLeft(people, round(whole), done, power, why=found.why or "there is no estimate yet")
    spread = found.error * math.sqrt(found.people)
    smallest = drift_needed(power, alpha) * spread / math.sqrt(whole)
    z = found.difference / found.error
    if abs(z) > half_width_factor(found.people, alpha, n_star):
        return PowerLeft(people, round(whole), done, power, smallest, 1.0)
    if done >= 1.0:
        return PowerLeft(people, round(whole), done, power, smallest, 0.0)
    times, bounds = _looks(alpha, LOOKS, done, n_star / whole)
    crossed = crossing_probabilities(z / math.sqrt(done), times, bounds, (done, z * math.sqrt(done)))
    return PowerLeft(people, round(whole), done, power, smallest, float(crossed[-1]))
