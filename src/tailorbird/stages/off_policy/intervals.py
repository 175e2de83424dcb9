"""Intervals for means of skewed values: rewards are rare, so that a symmetric interval would miss on one side.

A weighted reward is zero nearly always and large now and then. Its mean is then estimated too low together with its
own spread, and mean ± 1.96 standard errors covers less than it says. The interval here corrects the skewness by the
cubic transformation of Hall, "On the removal of skewness by transformation" (J. R. Stat. Soc. B 54, 1992), and takes
Student's quantile for the normal one, with as many degrees of freedom as parts make up the spread: the rewarded ones.
"""

import math
from statistics import NormalDist

import numpy as np

from tailorbird.stages.off_policy.draws import Floats, Ints

ALPHA = 0.05


def skewed_interval(parts: Floats, unit: Ints | None = None, alpha: float = ALPHA) -> tuple[float, float]:
    """(low, high) for the mean that `parts` (n,) average to, at one look; parts of one `unit` may hang together.

    With one unit only, or without any spread, the interval is the mean itself: say beside it how many there were.
    """
    n = len(parts)
    mean = float(parts.mean())
    rest: Floats = parts - mean
    if unit is not None:
        rest = np.bincount(unit, weights=rest).astype(np.float64)
        rest = rest[np.bincount(unit, minlength=len(rest)) > 0]
    units = len(rest)
    if units < 2:
        return mean, mean
    variance = float(np.sum(rest * rest)) / units
    if variance <= 0:
        return mean, mean
    error = math.sqrt(variance * units / (units - 1)) * math.sqrt(units) / n
    skew = float(np.sum(rest**3)) / units / variance**1.5
    z = NormalDist().inv_cdf(1 - alpha / 2)
    freedom = float(np.sum(rest * rest)) ** 2 / float(np.sum(rest**4))
    z += (z**3 + z) / (4 * freedom)  # Student's quantile, to first order
    return mean - error * _unskewed(z, skew, units), mean - error * _unskewed(-z, skew, units)


def _unskewed(z: float, skew: float, n: int) -> float:
    """Hall's g^-1: the quantile of a mean's t-value whose parts have this skewness."""
    if abs(skew) < 1e-9:
        return z
    step = skew / math.sqrt(n)
    inner = 1 + step * (z - step / 6)
    return 3 / step * (math.copysign(abs(inner) ** (1 / 3), inner) - 1)
