"""BG/NBD: how often people will buy again, from how often and how lately they did.

Fader, Hardie and Lee, "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD Model" (Marketing Science
24(2), 2005). A person who is still a customer buys at a rate of their own (gamma over people, shape r, rate alpha),
and stops for good after a purchase with a probability of their own (beta over people, a and b). Times are in one unit,
weeks here: `recency` is the time from the first purchase to the last (0 with one purchase), `age` that from the first
purchase to now, `repeats` how often a person bought after the first time, several purchases of a day counted once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tailorbird.stages.lifetime.simplex import minimise
from tailorbird.types.errors import TailorbirdError

Column = npt.NDArray[np.float64]

REPEATERS_MIN = 100
"""People who bought again, below which no model is fitted: four numbers cannot be told from fewer."""
PULL = 1e-6
"""How strongly each parameter's logarithm is pulled to 0, per person and square: so little that it moves no estimate,
and enough for a maximum where nobody was seen to stop, or all people buy at one rate."""
FIT_MAX = 50_000
"""The fit reads at most about this many people, evenly spaced; the predictions are for everybody."""


class LifetimeError(TailorbirdError):
    """The purchases cannot carry a model; the message says why."""


@dataclass(frozen=True, slots=True)
class BgNbd:
    """A fitted model: rate of purchases (`r`, `alpha`), and of stopping (`a`, `b`), per week."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, repeats: Column, recency: Column, age: Column) -> Column:
        """The probability that each person is still a customer; 1 for somebody who bought once."""
        return 1.0 / (1.0 + self._stopped(repeats, recency, age))

    def purchases(self, weeks: float, repeats: Column, recency: Column, age: Column) -> Column:
        """The purchases expected of each person in the next `weeks` (equation 10 of the paper)."""
        if weeks <= 0:
            return np.zeros(len(repeats))
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        z = weeks / (alpha + age + weeks)
        series = hypergeometric(r + repeats, b + repeats, a + b + repeats - 1.0, z)
        gone = ((alpha + age) / (alpha + age + weeks)) ** (r + repeats)
        expected = (a + b + repeats - 1.0) / (a - 1.0) * (1.0 - gone * series)
        return np.maximum(expected, 0.0) / (1.0 + self._stopped(repeats, recency, age))

    def _stopped(self, repeats: Column, recency: Column, age: Column) -> Column:
        """The odds of having stopped against being a customer."""
        odds = (self.r + repeats) * np.log((self.alpha + age) / (self.alpha + recency))
        with np.errstate(over="ignore"):
            of_repeaters = self.a / np.maximum(self.b + repeats - 1.0, 1e-9) * np.exp(odds)
        return np.where(repeats > 0, of_repeaters, 0.0)


def hypergeometric(p: Column, q: Column, s: Column, z: Column, terms: int = 20_000) -> Column:
    """Gauss's 2F1(p, q; s; z) by its series, for 0 <= z < 1 and positive p, q, s; term by term for all people."""
    total, term = np.ones(len(z)), np.ones(len(z))
    for n in range(terms):
        term = term * ((p + n) * (q + n) / ((s + n) * (n + 1.0))) * z
        total = total + term
        if n % 8 == 0 and bool(np.all(np.abs(term) <= 1e-12 * np.abs(total))):
            break
    return total


def log_rising(base: float, counts: npt.NDArray[np.int64]) -> Column:
    """ln of base (base + 1) ... (base + n - 1) for each n: what two log-gammas differ by, without a gamma function."""
    sums = np.concatenate([[0.0], np.cumsum(np.log(base + np.arange(int(counts.max(initial=0)))))])
    return np.asarray(sums[counts], dtype=np.float64)


def log_likelihood(model: BgNbd, repeats: Column, recency: Column, age: Column) -> float:
    """The mean log-likelihood of people's purchases (equation 6 of the paper)."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    x = repeats.astype(np.int64)
    bought = log_rising(r, x) + r * np.log(alpha)
    stayed = log_rising(b, x) - log_rising(a + b, x)
    still = -(r + repeats) * np.log(alpha + age)
    with np.errstate(divide="ignore", invalid="ignore"):
        stopped = np.log(a) - np.log(b + repeats - 1.0) - (r + repeats) * np.log(alpha + recency)
    stopped = np.where(repeats > 0, stopped, -np.inf)
    return float(np.mean(bought + stayed + np.logaddexp(still, stopped)))


def fit_bg_nbd(repeats: Column, recency: Column, age: Column) -> BgNbd:
    """The model of greatest likelihood. Raises LifetimeError for fewer than REPEATERS_MIN people who bought again,
    for impossible times, and where the search finds no maximum."""
    repeats, recency, age = (np.asarray(each, dtype=np.float64) for each in (repeats, recency, age))
    again = int((repeats > 0).sum())
    if again < REPEATERS_MIN:
        raise LifetimeError(f"{again:,} people bought again, and a model of that needs {REPEATERS_MIN}")
    if not (np.isfinite(age).all() and (recency >= 0).all() and (recency <= age).all() and (repeats >= 0).all()):
        raise LifetimeError("a last purchase lies outside the time between the first purchase and now")
    every = -(-len(repeats) // FIT_MAX)
    x, t_x, t = repeats[::every], recency[::every], age[::every]

    def cost(point: Column) -> float:
        if np.abs(point).max() > 15:
            return float("inf")
        return PULL * float(point @ point) - log_likelihood(BgNbd(*np.exp(point)), x, t_x, t)

    start = np.log([1.0, max(float(t.mean()) / max(float(x.mean()), 0.1), 1e-3), 1.0, 2.0])
    where, _, settled = minimise(cost, start, tolerance=1e-11)
    if not settled or np.abs(where).max() > 14:
        raise LifetimeError("the purchases fit no such model: its likelihood has no maximum")
    return BgNbd(*(float(one) for one in np.exp(where)))
