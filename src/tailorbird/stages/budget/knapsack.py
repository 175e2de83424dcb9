"""A budget over groups of people, each of which gets one of several options: the multiple-choice knapsack.

Lagrangian relaxation: with a price `lambda` on money each group takes the option with the largest value - lambda *
cost, and lambda is bisected until the budget holds (Sinha and Zoltners, 1979). Only options on the upper hull of (cost,
value) are ever taken, the LP-dominated ones drop out. What is left then buys the next steps that still fit, so the
answer is at most one step's value below the best there is, and the budget is never exceeded.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.errors import TailorbirdError

Matrix = NDArray[np.float64]
_HALVINGS = 100


class BudgetError(TailorbirdError):
    """A budget that cannot be spent as asked; the message says why."""


@dataclass(frozen=True)
class Allocation:
    """One option per group, what they are worth and cost together, and `price`: what the last unit of money returned.

    `gap` is the largest step that did not fit: the best allocation is worth at most this much more.
    """

    options: NDArray[np.int64]
    value: float
    cost: float
    price: float
    gap: float


def allocate(values: Matrix, costs: Matrix, budget: float, least_return: float = 0.0) -> Allocation:
    """Options for groups (rows) of which option 0 is free, within `budget`.

    `values` and `costs` are groups × options; NaN in `values` marks an option that a group does not have. A step up is
    taken only where it returns at least `least_return` per unit of cost: with values in money, 1 never spends more
    than comes back. Raises BudgetError for a negative budget or cost, or a first option that costs something.
    """
    values, costs = np.atleast_2d(values), np.atleast_2d(costs)
    _check(values, costs, budget)
    if not len(values):
        return Allocation(np.zeros(0, dtype=np.int64), 0.0, 0.0, least_return, 0.0)
    held = np.where(np.isnan(values), -np.inf, values)
    low, high = least_return, _top_return(held, costs)
    if _spent(costs, _choose(held, costs, low)) <= budget:
        high = low
    for _ in range(_HALVINGS):
        if high - low <= 1e-12 * max(1.0, high):
            break
        middle = (low + high) / 2
        low, high = (low, middle) if _spent(costs, _choose(held, costs, middle)) <= budget else (middle, high)
    options = _choose(held, costs, high)
    gap = _fill(options, held, costs, budget, least_return)
    rows = np.arange(len(options))
    return Allocation(options, float(held[rows, options].sum()), _spent(costs, options), high, gap)


def allocate_exactly(values: Matrix, costs: NDArray[np.int64], budget: int) -> float:
    """The best value there is, by dynamic programming over whole costs: for tests and small cases only."""
    best = np.zeros(budget + 1)
    for group, prices in zip(np.atleast_2d(values), np.atleast_2d(costs), strict=True):
        new = np.full(budget + 1, -math.inf)
        for value, price in zip(group.tolist(), prices.tolist(), strict=True):
            if price <= budget and not math.isnan(value):
                new[price:] = np.maximum(new[price:], best[: budget + 1 - price] + value)
        best = new
    return float(best.max())


def _choose(values: Matrix, costs: Matrix, price: float) -> NDArray[np.int64]:
    """The best option of each group at a price; of equal ones the cheapest."""
    worth = values - price * costs
    best = worth.max(axis=1, keepdims=True)
    near = worth >= best - 1e-12 * np.maximum(1.0, np.abs(best))
    return np.asarray(np.argmin(np.where(near, costs, np.inf), axis=1), dtype=np.int64)


def _fill(options: NDArray[np.int64], values: Matrix, costs: Matrix, budget: float, least: float) -> float:
    """Take, in place, the best steps up that fit what is left; the value of the largest that did not."""
    left, passed = budget - _spent(costs, options), 0.0
    rows = np.arange(len(options))
    for _ in range(values.shape[1]):
        more = costs - costs[rows, options][:, None]
        gain = values - values[rows, options][:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where((gain > 0) & (more > 0), gain / more, -np.inf)
        step = rate.argmax(axis=1)
        taken = False
        for row in np.argsort(-rate[rows, step], kind="stable").tolist():
            at = step[row]
            if rate[row, at] < least or rate[row, at] == -np.inf:
                break
            if more[row, at] <= left:
                options[row], left, taken = at, left - more[row, at], True
            else:
                passed = max(passed, float(gain[row, at]))
        if not taken:
            break
    return passed


def _spent(costs: Matrix, options: NDArray[np.int64]) -> float:
    return float(costs[np.arange(len(options)), options].sum())


def _top_return(values: Matrix, costs: Matrix) -> float:
    """A price at which nobody buys anything."""
    gain, paid = values - values[:, :1], costs > 0
    return float(np.max(gain[paid] / costs[paid], initial=0.0)) + 1.0


def _check(values: Matrix, costs: Matrix, budget: float) -> None:
    if values.shape != costs.shape:
        raise BudgetError("values and costs must be of the same groups and options")
    if not budget >= 0 or not math.isfinite(budget):
        raise BudgetError(f"a budget is a number from 0 on (found {budget:g})")
    if not np.isfinite(costs).all() or (costs < 0).any():
        raise BudgetError("costs must be numbers from 0 on")
    if len(values) and ((costs[:, 0] != 0).any() or np.isnan(values[:, 0]).any()):
        raise BudgetError(
            "the first option must be there for every group and cost nothing: doing nothing is always allowed"
        )
