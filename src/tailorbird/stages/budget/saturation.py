"""Channel budgets: how much a channel returns of what is spent on it, and how to share a budget between channels.

A channel's return saturates: R(b) = A (1 - exp(-b / k)), A all that it can bring and k how fast it comes (the usual
concave response curve of media-mix models). A and k are fitted by least squares on past (spend, return) pairs; for any
k the best A has a closed form, so only k is searched. At a price lambda the best spend is k ln(A / (k lambda)), and
lambda is bisected to spend the budget, but never below a return of `least_return` per unit.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.errors import TailorbirdError

POINTS_MIN = 4
_GRID = 400
_HALVINGS = 200


class SaturationError(TailorbirdError):
    """Spend from which no curve can be fitted; the message says why."""


@dataclass(frozen=True)
class Curve:
    """R(b) = top (1 - exp(-b / scale)); `error` is the root mean square of what it misses, `points` what it rests on.

    `spent_max` is the largest spend it was fitted on: beyond it the curve is a guess.
    """

    top: float
    scale: float
    error: float
    points: int
    spent_max: float

    def returned(self, spend: float) -> float:
        """What a spend brings."""
        return self.top * -math.expm1(-spend / self.scale)

    def marginal(self, spend: float) -> float:
        """What the next unit brings."""
        return self.top / self.scale * math.exp(-spend / self.scale)

    def spend_at(self, price: float) -> float:
        """How much to spend until the next unit brings no more than `price`."""
        return max(0.0, self.scale * math.log(self.top / (self.scale * price)))


@dataclass(frozen=True)
class ChannelPlan:
    """Spend per channel, what all bring together, what the last unit brings, and what of the budget is not worth it."""

    spends: Mapping[str, float]
    returned: float
    price: float
    unspent: float


def fit_curve(spend: Sequence[float], returned: Sequence[float]) -> Curve:
    """The curve through past spends and what they brought.

    Raises SaturationError for fewer than four different spends, a negative or endless number, returns that do not rise
    with spend, or spends so small that saturation does not show (the curve would be a straight line without an end).
    """
    b, r = np.asarray(spend, dtype=np.float64), np.asarray(returned, dtype=np.float64)
    _check(b, r)
    scales = np.geomspace(float(b[b > 0].min()) / 20, float(b.max()) * 20, _GRID)
    found = [_best_top(b, r, scale) for scale in scales]
    at = int(np.argmin([error for _, error in found]))
    low, high = scales[max(at - 1, 0)], scales[min(at + 1, _GRID - 1)]
    scale = _narrow(b, r, float(low), float(high))
    top, error = _best_top(b, r, scale)
    if top <= 0:
        raise SaturationError("what comes back does not rise with what is spent: there is no return to share")
    if scale > 10 * float(b.max()):
        raise SaturationError("saturation does not show in these spends: try larger ones before you plan with them")
    return Curve(top, scale, math.sqrt(error / len(b)), len(b), float(b.max()))


def share_budget(curves: Mapping[str, Curve], budget: float, least_return: float = 1.0) -> ChannelPlan:
    """Spend per channel so that the last unit brings the same in each, within `budget`.

    With returns as margin in money, a `least_return` of 1 spends nothing that does not come back; the rest of the
    budget is left. Raises SaturationError for a budget that is no number from 0 on.
    """
    if not (budget >= 0 and math.isfinite(budget)) or least_return <= 0:
        raise SaturationError(f"a budget is a number from 0 on, and the least return above 0 (found {budget:g})")

    def spent(price: float) -> float:
        return sum(curve.spend_at(price) for curve in curves.values())

    low, high = least_return, max([least_return, *(curve.marginal(0.0) for curve in curves.values())])
    if spent(low) <= budget:
        high = low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if spent(middle) <= budget else (middle, high)
    spends = {name: curve.spend_at(high) for name, curve in curves.items()}
    returned = sum(curve.returned(spends[name]) for name, curve in curves.items())
    return ChannelPlan(spends, returned, high, max(0.0, budget - sum(spends.values())))


def _best_top(b: NDArray[np.float64], r: NDArray[np.float64], scale: float) -> tuple[float, float]:
    shape = -np.expm1(-b / scale)
    top = float(shape @ r / (shape @ shape))
    return top, float(((r - top * shape) ** 2).sum())


def _narrow(b: NDArray[np.float64], r: NDArray[np.float64], low: float, high: float) -> float:
    """Golden-section search between two scales."""
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(80):
        one, two = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, two) if _best_top(b, r, one)[1] < _best_top(b, r, two)[1] else (one, high)
    return (low + high) / 2


def _check(b: NDArray[np.float64], r: NDArray[np.float64]) -> None:
    if len(b) != len(r) or not (np.isfinite(b).all() and np.isfinite(r).all()):
        raise SaturationError("each spend needs one return, and both must be numbers")
    if (b < 0).any() or (r < 0).any():
        raise SaturationError("spends and returns are numbers from 0 on: take refunds off the period they belong to")
    if len(np.unique(b[b > 0])) < POINTS_MIN:
        raise SaturationError(f"a curve needs at least {POINTS_MIN} different spends above 0")
