"""The best columns of each row, without sorting whole rows."""

import numpy as np
from numpy.typing import NDArray

_FEW = 8
"""So few are found faster one after the other."""


def best_columns(table: NDArray[np.float64], width: int) -> NDArray[np.int64]:
    """(rows × at most `width`) The columns of the greatest values of each row, the greatest first.

    Equal values come in the order of their columns, so that a row alone gives what it gives among others: the same as
    a stable sort of the negated rows, cut off.
    """
    rows, columns = table.shape
    width = min(width, columns)
    if width == 0 or rows == 0:
        return np.empty((rows, width), dtype=np.int64)
    if width == columns:
        found: NDArray[np.int64] = np.argsort(-table, axis=1, kind="stable")
        return found
    if width <= _FEW and (few := _one_by_one(table, width)) is not None:
        return few
    least = np.partition(table, columns - width, axis=1)[:, columns - width, None]
    take = table >= least
    many = np.flatnonzero(np.count_nonzero(take, axis=1) > width)
    if len(many):
        some, limit = table[many], least[many]
        above, tied = some > limit, some == limit
        room = width - np.count_nonzero(above, axis=1)
        take[many] = above | (tied & (np.cumsum(tied, axis=1) <= room[:, None]))
    chosen = np.nonzero(take)[1].reshape(rows, width)
    order = np.argsort(-np.take_along_axis(table, chosen, axis=1), axis=1, kind="stable")
    return np.take_along_axis(chosen, order, axis=1)


def _one_by_one(table: NDArray[np.float64], width: int) -> NDArray[np.int64] | None:
    """The same, each time the first greatest of what is left; None where a row has fewer above minus infinity."""
    left, rows = table.copy(), np.arange(len(table))
    found = np.empty((len(table), width), dtype=np.int64)
    for place in range(width):
        at = left.argmax(axis=1)
        if np.isneginf(left[rows, at]).any():
            return None
        found[:, place] = at
        left[rows, at] = -np.inf
    return found
