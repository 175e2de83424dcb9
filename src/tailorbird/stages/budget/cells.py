"""From what each tier brings to which tier each cell of people gets, within a budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.budget.knapsack import Allocation, allocate
from tailorbird.types.tier_spec import TIERS, Tier


@dataclass(frozen=True)
class Cell:
    """People who share their briefs: the label and locale of the subject, and what each tier costs for all of them.

    `gains[tier]` is what a person of the cell brings more than with no message, before costs; None where nothing is
    known of the tier.
    """

    label: str
    locale: str
    people: int
    costs: Mapping[Tier, float]
    gains: Mapping[Tier, float | None]


@dataclass(frozen=True)
class CellTiers:
    """The tier of each cell in order, what all cost, and what they bring together (None: nothing is known of it)."""

    tiers: tuple[Tier, ...]
    cost: float
    returned: float | None
    price: float
    short: bool


def tiers_by_cell(cells: Sequence[Cell], budget: float | None) -> CellTiers:
    """Each cell its most worthwhile tier, by what is known of its people; none costs more than it brings."""
    options = [tier for tier in TIERS if tier == "none" or any(cell.gains.get(tier) is not None for cell in cells)]
    values = np.array([[_worth(cell, tier) for tier in options] for cell in cells], dtype=np.float64)
    found = allocate(values.reshape(len(cells), len(options)), _costs(cells, options), _limit(cells, budget), 1.0)
    free = allocate(values.reshape(len(cells), len(options)), _costs(cells, options), _limit(cells, None), 1.0)
    return CellTiers(_named(found, options), found.cost, found.value, found.price, free.cost > found.cost + 1e-9)


def same_tier(cells: Sequence[Cell], tier: Tier, budget: float | None) -> CellTiers:
    """One tier for everybody, as far as the budget reaches: most people for the money first.

    Where it does not reach, a cell gets the highest tier below that does: first everybody a message, then better copy.
    """
    options = TIERS[: TIERS.index(tier) + 1]
    steps = np.arange(len(options), dtype=np.float64)
    # What a tier brings is not asked here: a person counts for one with a message, and for a little more with each
    # tier above, so that nobody goes without for another's better copy.
    ranks = np.where(steps > 0, 1.0 + 0.001 * steps, 0.0)
    values = np.array([[cell.people * each for each in ranks] for cell in cells], dtype=np.float64)
    costs = _costs(cells, options)
    found = allocate(values.reshape(len(cells), len(options)), costs, _limit(cells, budget))
    tiers = _named(found, options)
    gains = [
        cell.people * gain for cell, each in zip(cells, tiers, strict=True) if (gain := _gain(cell, each)) is not None
    ]
    known = len(gains) == len(cells)
    return CellTiers(tiers, found.cost, sum(gains) if known else None, 0.0, any(each != tier for each in tiers))


def _gain(cell: Cell, tier: Tier) -> float | None:
    return 0.0 if tier == "none" else cell.gains.get(tier)


def _worth(cell: Cell, tier: Tier) -> float:
    gain = _gain(cell, tier)
    return float("nan") if gain is None else cell.people * gain


def _costs(cells: Sequence[Cell], options: Sequence[Tier]) -> NDArray[np.float64]:
    costs = [[0.0 if tier == "none" else cell.costs[tier] for tier in options] for cell in cells]
    return np.array(costs, dtype=np.float64).reshape(len(cells), len(options))


def _limit(cells: Sequence[Cell], budget: float | None) -> float:
    """The budget, or without one what everything costs."""
    return sum(max(cell.costs.values(), default=0.0) for cell in cells) if budget is None else budget


def _named(found: Allocation, options: Sequence[Tier]) -> tuple[Tier, ...]:
    return tuple(options[at] for at in found.options.tolist())
