"""What an exposure counts, and against what: delay, age, and the people it was shown to.

An exposure whose answer may still come counts F(age), the share of answers that have come by that age. An old one
counts less by its half-life. And lines are compared inside *strata*, people between whom the policy drew: a line that
was written for a cell that buys a lot gets no credit for the cell. Its exposures are therefore given in people of
average response: those of its stratum, times the stratum's rate over that of all.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def delay_curve(delays: NDArray[np.float64], ages: NDArray[np.float64], window: float) -> NDArray[np.float64]:
    """F at each of `ages`: the share of answers within `window` days that have come by that age, from `delays`, the
    days between exposures and their answers. They must be of exposures older than the window, or late ones would be
    missing. 1 at all ages where there are fewer than 20 of them: nothing is known then, and nobody is counted as
    half."""
    known = np.sort(delays[delays <= window])
    if len(known) < 20:
        return np.ones(len(ages))
    reached = np.searchsorted(known, np.minimum(ages, window), side="right") / len(known)
    return np.where(ages >= window, 1.0, reached)


def discounts(ages: NDArray[np.float64], half_life_days: float) -> NDArray[np.float64]:
    """2^(−age / half-life); 1 where nothing is forgotten (half-life 0)."""
    if half_life_days <= 0:
        return np.ones(len(ages))
    result: NDArray[np.float64] = np.exp2(-np.maximum(ages, 0.0) / half_life_days)
    return result


def comparable(
    strata: Sequence[object], arms: Sequence[str], reward: NDArray[np.float64], exposed: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What each exposure counts in people of average response; 0 in strata with one arm, which tell nothing of it, and
    in those without any reward yet."""
    if not len(reward):
        return np.zeros(0)
    place, several = _strata(strata, arms)
    won, shown = np.bincount(place, reward), np.bincount(place, exposed)
    rate = np.divide(won, shown, out=np.zeros(len(won)), where=(shown > 0) & several)
    total = won[several].sum() / shown[several].sum() if shown[several].sum() > 0 else 0.0
    return exposed * rate[place] / total if total > 0 else np.zeros(len(reward))


def advantage(
    strata: Sequence[object], arms: Sequence[str], reward: NDArray[np.float64], exposed: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What each exposure earned beyond its stratum's mean; NaN where the arm was alone in it."""
    if not len(reward):
        return np.zeros(0)
    place, several = _strata(strata, arms)
    won, shown = np.bincount(place, reward), np.bincount(place, exposed)
    rate = np.divide(won, shown, out=np.zeros(len(won)), where=shown > 0)
    return np.where(several[place], reward - exposed * rate[place], np.nan)


def _strata(strata: Sequence[object], arms: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(the stratum of each row as a number, whether a stratum has several arms)."""
    _, place = np.unique([repr(each) for each in strata], return_inverse=True)
    _, arm = np.unique(np.asarray(arms, dtype=object).astype(str), return_inverse=True)
    pairs = np.unique(np.stack([place, arm]), axis=1)
    return place, np.bincount(pairs[0], minlength=int(place.max()) + 1) > 1
