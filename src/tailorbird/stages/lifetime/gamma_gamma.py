"""Gamma-gamma: what a purchase of a person is worth, from the mean of those they made.

Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013). A person's purchases vary around a mean of their own
(gamma, shape p), and the means vary over people. The mean of few purchases is pulled toward that of all. It assumes
that what people spend has nothing to do with how often they buy; `correlation` says how far that holds.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tailorbird.stages.lifetime.bg_nbd import FIT_MAX, PULL, REPEATERS_MIN, LifetimeError
from tailorbird.stages.lifetime.simplex import minimise

Column = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """A fitted model: the spread of one person's purchases (`p`), and of people (`q`, `gamma`)."""

    p: float
    q: float
    gamma: float

    def worth(self, repeats: Column, mean: Column) -> Column:
        """The expected worth of a purchase of each person: `mean` of `repeats` purchases, pulled to that of all.

        Somebody with no repeat purchase gets the mean of all; where q is at most 1 there is none, and it is theirs.
        """
        weight = self.p * repeats / (self.p * repeats + self.q - 1.0)
        overall = self.p * self.gamma / (self.q - 1.0)
        return np.asarray((1.0 - weight) * overall + weight * mean, dtype=np.float64)


def correlation(repeats: Column, mean: Column) -> float:
    """How far spending goes with frequency, -1 to 1, over people who bought again; 0 where either never varies."""
    again = repeats > 0
    x, y = repeats[again], mean[again]
    if len(x) < 2 or x.std() == 0 or y.std() == 0:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def _log_gamma(values: Column) -> Column:
    unique, place = np.unique(values, return_inverse=True)
    return np.asarray([math.lgamma(one) for one in unique.tolist()], dtype=np.float64)[place]


def log_likelihood(model: GammaGamma, repeats: Column, mean: Column) -> float:
    """The mean log-likelihood of people's mean purchases; `repeats` above 0."""
    p, q, gamma = model.p, model.q, model.gamma
    shape = p * repeats
    out = _log_gamma(shape + q) - _log_gamma(shape) - math.lgamma(q) + q * math.log(gamma)
    out = out + (shape - 1.0) * np.log(mean) + shape * np.log(repeats) - (shape + q) * np.log(repeats * mean + gamma)
    return float(np.mean(out))


def fit_gamma_gamma(repeats: Column, mean: Column) -> GammaGamma:
    """The model of greatest likelihood, of people who bought again for money above 0.

    Raises LifetimeError for fewer than REPEATERS_MIN of them, and where what people spend hardly varies.
    """
    known = (repeats > 0) & (mean > 0)
    x, m = np.asarray(repeats[known], dtype=np.float64), np.asarray(mean[known], dtype=np.float64)
    if len(x) < REPEATERS_MIN:
        raise LifetimeError(f"{len(x):,} people paid for something again, and a model of that needs {REPEATERS_MIN}")
    every = -(-len(x) // FIT_MAX)
    x, m = x[::every], m[::every]
    scale = float(m.mean())
    if float(m.std()) < 1e-6 * scale:
        raise LifetimeError("all people spend the same on a purchase, so there is nothing to model")
    m = m / scale

    def cost(point: Column) -> float:
        if np.abs(point).max() > 12:
            return float("inf")
        return PULL * float(point @ point) - log_likelihood(GammaGamma(*np.exp(point)), x, m)

    where, _, settled = minimise(cost, np.log([2.0, 2.0, 2.0]), tolerance=1e-11)
    p, q, gamma = (float(one) for one in np.exp(where))
    if not settled or q <= 1.0:
        raise LifetimeError("what people spend fits no such model: its mean is infinite")
    return GammaGamma(p, q, gamma * scale)
