"""Sums per arm straight from columns of people: one pass, in blocks that stay in the processor's cache.

The sums of all arms but the first are taken with the arm's indicator as weight, those of the first are what is left of
the whole. A block's sums and products are one product of matrices: each arm's ones and columns, with zeros for people
of other arms, times the columns. What holds nothing but yes and no is counted, and never made a number.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from tailorbird.stages.measurement.moments import Moments
from tailorbird.types.day_sums import SUMS

BLOCK = 9_984
"""People in a block, at most."""
_ONE_THREAD = 250_000
"""A product of matrices with more multiplications than these, and BLAS would start threads of its own inside ours."""
Column = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MetricColumns:
    """One metric's columns, a row per person: outcome, denominator of a ratio, covariate."""

    y: Column
    b: Column | None = None
    x: Column | None = None


def sums_by_arm(arms: Column, count: int, metrics: Sequence[MetricColumns], threads: int = 1) -> list[list[Moments]]:
    """[arm][metric] sums; `arms` holds each person's arm as a whole number from 0 to `count` - 1.

    Raises ValueError for columns of unequal length, an arm outside that range, and values that are no finite numbers.
    """
    rows = len(arms)
    for metric in metrics:
        if any(column is not None and len(column) != rows for column in (metric.y, metric.b, metric.x)):
            raise ValueError("columns of one experiment must be of one length")
    if rows and not (arms.min() >= 0 and arms.max() < count):
        raise ValueError(f"an arm lies outside 0 to {count - 1}")
    edges = np.linspace(0, rows, max(threads, 1) + 1).astype(int)
    parts = list(pairwise(edges))
    with ThreadPoolExecutor(len(parts)) as pool:
        sums = sum(pool.map(lambda part: _pass(arms, count, metrics, *part), parts))
    whole = np.asarray(sums)
    if not np.isfinite(whole).all():
        raise ValueError("an outcome, denominator or covariate is no finite number")
    whole[0] -= whole[1:].sum(axis=0)
    return [[Moments(*map(float, whole[arm, at])) for at in range(len(metrics))] for arm in range(count)]


class _Metric:
    """The sums of one metric, block after block."""

    def __init__(self, metric: MetricColumns, count: int, block: int) -> None:
        named = (("y", metric.y), ("b", metric.b), ("x", metric.x))
        self._columns = [(name, column) for name, column in named if column is not None]
        width = len(self._columns)
        self._space = np.empty((count, 1 + width, block))
        self._space[0, 0] = 1.0
        self._products = np.zeros((count * (1 + width), width))
        self._hits = np.zeros(count)

    def add(self, low: int, high: int, inside: Sequence[npt.NDArray[np.bool_]]) -> None:
        """The people of rows `low` to `high`; `inside` says who is in each arm but the first."""
        y = self._columns[0][1][low:high]
        if len(self._columns) == 1 and _yes_or_no(y):
            yes = y.view(np.bool_) if y.itemsize == 1 else y != 0
            self._hits += np.array([np.count_nonzero(yes), *(np.count_nonzero(yes & each) for each in inside)])
            return
        rows = len(self._products)
        space = self._space[:, :, : high - low]
        for at, (_, column) in enumerate(self._columns, 1):
            space[0, at] = column[low:high]
        for arm, each in enumerate(inside, 1):
            space[arm, 0] = each
            np.multiply(space[0, 1:], space[arm, 0], out=space[arm, 1:])
        flat = self._space.reshape(rows, -1)[:, : high - low]
        self._products += flat @ space[0, 1:].T

    def sums(self) -> Floats:
        """(arms × the ten sums, but for the count: that is the caller's)."""
        found = np.zeros((len(self._hits), len(SUMS)))
        products = self._products.reshape(len(found), 1 + len(self._columns), -1)
        for at, (name, _) in enumerate(self._columns):
            found[:, SUMS.index(name)] = products[:, 0, at]
            for other, (first, _) in enumerate(self._columns[: at + 1]):
                found[:, SUMS.index(first + name)] = products[:, 1 + other, at]
        found[:, SUMS.index("y")] += self._hits
        found[:, SUMS.index("yy")] += self._hits
        return found


def _pass(arms: Column, count: int, metrics: Sequence[MetricColumns], start: int, end: int) -> Floats:
    """Sums over rows `start` to `end`: [0] of everybody, [1..] of the other arms."""
    width = max((1 + (metric.b is not None) + (metric.x is not None) for metric in metrics), default=1)
    block = max(1, min(BLOCK, end - start, _ONE_THREAD // (count * (1 + width) * width)))
    kept, people = [_Metric(metric, count, block) for metric in metrics], np.zeros(count)
    for low in range(start, end, block):
        high = min(low + block, end)
        inside = [arms[low:high] == arm for arm in range(1, count)]
        people += np.array([high - low, *map(np.count_nonzero, inside)])
        for metric in kept:
            metric.add(low, high, inside)
    sums = np.array([metric.sums() for metric in kept]).reshape(len(metrics), count, len(SUMS)).swapaxes(0, 1).copy()
    sums[:, :, SUMS.index("n")] = people[:, None]
    return sums


def _yes_or_no(column: Column) -> bool:
    """Whether a block holds nothing but 0 and 1, and says so by its type: its sums are then counts."""
    if column.dtype == np.bool_:
        return True
    if column.dtype.kind not in "iu" or not column.dtype.isnative:
        return False
    # Read without a sign, what is below 0 is far above 1.
    return bool(column.view(f"u{column.itemsize}").max() <= 1)
