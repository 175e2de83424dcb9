"""The best columns of each row, without sorting whole rows."""

import numpy as np
from numpy.typing import NDArray


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
