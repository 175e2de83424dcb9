"""Novelty: does an effect wear off? The effect by week since exposure, and its slope.

The same people are seen in every week, so weeks are not independent. The slope is therefore one number per person,
the contrast Σ (w − mean w)·y_w / Σ (w − mean w)², whose difference between the arms has the variance that the people
themselves show. What is decided on, where the effect wears off, are weeks 2 and later.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from tailorbird.stages.measurement.confidence_sequence import ALPHA
from tailorbird.stages.measurement.estimates import always_valid, estimate
from tailorbird.stages.measurement.moments import Moments, moments_of
from tailorbird.types.effect import Effect
from tailorbird.types.findings import Novelty, WeekEffect

Weeks = npt.NDArray[np.float64]
"""People × weeks: what each person's outcome was in each week since exposure."""

Weights = npt.NDArray[np.float64]
"""One number per week."""

_DAYS = 7


def weekly_outcomes(days: Sequence[float | None], weeks: int, values: Sequence[float] | None = None) -> Weeks:
    """People × `weeks` from the day of each person's conversion (1 for the first 24 hours, None or 0 for none).

    A conversion counts 1, or, with `values`, the person's value. Later weeks than `weeks` are left out.
    """
    found = np.zeros((len(days), weeks))
    day = np.array([0 if each is None else each for each in days], dtype=np.int64)
    week = (day - 1) // _DAYS
    rows = np.flatnonzero((day > 0) & (week < weeks))
    found[rows, week[rows]] = 1.0 if values is None else np.asarray(values, dtype=np.float64)[rows]
    return found


def novelty(treated: Weeks, control: Weeks, n_star: float, alpha: float = ALPHA) -> Novelty:
    """The effect by week, its slope, and the effect per week from week 2 on.

    Only people who have been watched for all the weeks belong here: later weeks must not rest on other people. Below
    two weeks there is no slope, and `why` says so.
    """
    return _over_weeks(
        treated.shape[1], lambda weights: (moments_of(treated @ weights), moments_of(control @ weights)), n_star, alpha
    )


def novelty_of_counts(
    treated: tuple[float, Sequence[float]], control: tuple[float, Sequence[float]], n_star: float, alpha: float = ALPHA
) -> Novelty:
    """The same from each arm's people, and how many of them first did it in each week: nobody does so in two."""

    def sums(arm: tuple[float, Sequence[float]], weights: Weights) -> Moments:
        counts = np.asarray(arm[1], dtype=np.float64)
        return Moments(arm[0], float(counts @ weights), yy=float(counts @ weights**2))

    return _over_weeks(len(treated[1]), lambda weights: (sums(treated, weights), sums(control, weights)), n_star, alpha)


def _over_weeks(
    weeks: int, sums_by: Callable[[Weights], tuple[Moments, Moments]], n_star: float, alpha: float
) -> Novelty:
    """`sums_by` gives both arms' sums of what each person did, weighted by week."""
    rows = tuple(_week(week, *sums_by(np.eye(weeks)[week]), n_star, alpha) for week in range(weeks))
    if weeks < 2:
        return Novelty(rows, why="people have been watched for one week only: whether it wears off cannot be told")
    at = np.arange(weeks) - (weeks - 1) / 2
    contrast = at / (at @ at)
    slope = _effect(*sums_by(contrast), n_star, alpha)
    later = _effect(*sums_by(np.where(np.arange(weeks) > 0, 1.0 / (weeks - 1), 0.0)), n_star, alpha)
    if slope is None:
        return Novelty(rows, later=later, why="too little happened in these weeks for a slope")
    first = rows[0].effect
    toward_zero = first is not None and slope.difference * first.difference < 0
    return Novelty(rows, slope, later, wears_off=slope.excludes_zero and toward_zero)


def _effect(treated: Moments, control: Moments, n_star: float, alpha: float) -> Effect | None:
    return always_valid(estimate(treated, control), n_star, alpha)


def _week(week: int, treated: Moments, control: Moments, n_star: float, alpha: float) -> WeekEffect:
    found = estimate(treated, control)
    people = round(treated.n), round(control.n)
    return WeekEffect(week + 1, *people, always_valid(found, n_star, alpha), found.why)
