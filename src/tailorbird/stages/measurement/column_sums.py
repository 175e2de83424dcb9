"""Sums per arm straight from columns of people: one pass, in blocks that stay in the processor's cache.

The sums of all arms but the first are taken with the arm's indicator as weight, those of the first are what is left of
the whole. Columns of any number type are read as they are; nothing is copied but one block at a time.
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
"""People in a block: below the 10,000 from which on BLAS would start threads of its own inside ours."""
_N_Y_YY = [SUMS.index(name) for name in ("n", "y", "yy")]
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


def _pass(arms: Column, count: int, metrics: Sequence[MetricColumns], start: int, end: int) -> Floats:
    """Sums over rows `start` to `end`: [0] of everybody, [1..] of the other arms."""
    sums = np.zeros((count, len(metrics), len(SUMS)))
    room, ones = np.empty((7, min(BLOCK, max(end - start, 1)))), np.ones(BLOCK)
    for low in range(start, end, BLOCK):
        high = min(low + BLOCK, end)
        one, space = ones[: high - low], room[:, : high - low]
        inside = [arms[low:high] == arm for arm in range(1, count)]
        people = [high - low, *map(np.count_nonzero, inside)]
        weights = [one, *(each.astype(np.float64) for each in inside)]
        for at, metric in enumerate(metrics):
            if metric.b is None and metric.x is None and _yes_or_no(metric.y[low:high]):
                yes = metric.y[low:high] != 0
                hits = [np.count_nonzero(yes), *(np.count_nonzero(yes & each) for each in inside)]
                sums[:, at, _N_Y_YY] += np.array([people, hits, hits]).T
                continue
            columns = [_floats(each, low, high, space[i]) for i, each in enumerate((metric.y, metric.b, metric.x))]
            for arm, weight in enumerate(weights):
                sums[arm, at] += (people[arm], *_sums(columns, weight, one, space[3:], whole=arm == 0))
    return sums


def _yes_or_no(column: Column) -> bool:
    """Whether a block holds nothing but 0 and 1, and says so by its type: its sums are then counts."""
    return column.dtype == np.bool_ or (column.dtype.kind in "iu" and column.min() >= 0 and column.max() <= 1)


def _floats(column: Column | None, low: int, high: int, space: Floats) -> Floats | None:
    if column is None:
        return None
    if column.dtype == np.float64:
        return column[low:high]
    np.copyto(space, column[low:high])
    return space


def _sums(columns: Sequence[Floats | None], weight: Floats, one: Floats, space: Floats, whole: bool) -> list[float]:
    """The sums of one block with weights of 0 and 1, but for the count."""
    weighted: list[Floats | None] = []
    for at, column in enumerate(columns):
        if column is None or whole:
            weighted.append(column)
        else:
            weighted.append(np.multiply(column, weight, out=space[at]))
    (y, b, x), (of_y, of_b, of_x) = columns, weighted

    def dot(a: Floats | None, b: Floats | None) -> float:
        return 0.0 if a is None or b is None else float(a @ b)

    return [
        dot(of_y, one),
        dot(of_b, one),
        dot(of_x, one),
        dot(of_y, y),
        dot(of_b, b),
        dot(of_x, x),
        dot(of_y, b),
        dot(of_y, x),
        dot(of_b, x),
    ]
