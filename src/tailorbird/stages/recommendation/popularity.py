"""What is popular: lately, in a cell of people, and what is on its way up or down."""

import numpy as np
from numpy.typing import NDArray

HALF_LIFE_DAYS = 14.0
_TREND_POWER = 0.75
_CELL_STRENGTH = 50.0


def count_buyers(
    people: NDArray[np.int64], items: NDArray[np.int64], n_items: int, days: NDArray[np.float64], as_of: float,
    half_life: float = HALF_LIFE_DAYS,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """(buyers of each item; the same where a buyer counts half for every `half_life` days since the last purchase).

    Purchases are oldest first; a person counts once per item.
    """
    codes = people * n_items + items
    order = np.argsort(codes, kind="stable")
    last = np.ones(len(order), dtype=bool)
    last[:-1] = codes[order][1:] != codes[order][:-1]
    bought, age = items[order[last]], np.maximum(as_of - days[order[last]], 0.0)
    return (
        np.bincount(bought, minlength=n_items).astype(np.float64),
        np.bincount(bought, weights=0.5 ** (age / half_life), minlength=n_items).astype(np.float64),
    )


def trend(buyers: NDArray[np.float64], lately: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much more an item is bought now than it used to be: ((lately + 0.5) / (buyers + 5))^0.75.

    What the season is over for, and what the shop gave up, comes last however often it was bought.
    """
    result: NDArray[np.float64] = ((lately + 0.5) / (buyers + 5.0)) ** _TREND_POWER
    return result


def popularity_by_cell(
    cells: NDArray[np.int64], items: NDArray[np.int64], days: NDArray[np.float64], as_of: float, n_items: int
) -> NDArray[np.float64]:
    """(cells + 1 × items) Each item's share of what a cell bought lately; the last row is for people of no known cell.

    A cell's share is drawn to everybody's with the weight of 50 purchases: a cell of three people says little.
    """
    weight = 0.5 ** (np.maximum(as_of - days, 0.0) / HALF_LIFE_DAYS)
    overall = np.bincount(items, weights=weight, minlength=n_items)
    overall = (overall + 1e-9) / (overall.sum() + 1e-9 * max(n_items, 1))
    n_cells = int(cells.max(initial=-1)) + 1
    known = cells >= 0
    own = np.bincount(cells[known] * n_items + items[known], weights=weight[known], minlength=n_cells * n_items)
    own = own.reshape(n_cells, n_items)
    shares = (own + _CELL_STRENGTH * overall[None, :]) / (own.sum(axis=1, keepdims=True) + _CELL_STRENGTH)
    return np.concatenate([shares, overall[None, :]])
