"""Two groups of people compared inside cells: whoever shares a cell should get the same, whatever else they are."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """The mean of one measure in a group minus that in the group it is compared with, over `cells` that hold both.

    Inside cells the difference is the mean over cells, weighted by how much each can tell. `d` is it over the pooled
    standard deviation of what is compared. `p` is None where no cell holds both groups, or nothing differs in one.
    """

    people: int
    others: int
    cells: int
    difference: float
    low: float
    high: float
    d: float
    p: float | None


def compare_groups(values: NDArray[np.float64], member: NDArray[np.bool_], cells: NDArray[np.int64]) -> GroupDifference:
    """Compare the values of members with those of the others, inside cells; one cell for all compares everybody.

    The test is the mean-score form of Cochran, Mantel and Haenszel (Landis, Heyman and Koch 1978): the sum over cells
    of what the members got beyond their share, over its variance if the labels were dealt anew inside each cell. That
    is the permutation test with its exact mean and variance, and a normal tail. Values that are NaN are left out.
    """
    known = ~np.isnan(values)
    values, member, cells = values[known], member[known], cells[known]
    _, place = np.unique(cells, return_inverse=True)
    count = int(place.max(initial=-1)) + 1

    def total(of: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(place, weights=of, minlength=count), dtype=np.float64)

    ones = np.ones_like(values)
    n, inside = total(ones), total(member.astype(np.float64))
    both = (inside > 0) & (inside < n)
    people, others = int(inside[both].sum()), int((n - inside)[both].sum())
    if not both.any():
        return GroupDifference(people, others, 0, 0.0, 0.0, 0.0, 0.0, None)
    mean = total(values) / n
    spread = total((values - mean[place]) ** 2)
    got = total(np.where(member, values, 0.0))
    n, inside, mean, spread, got = n[both], inside[both], mean[both], spread[both], got[both]
    weight = inside * (n - inside) / n
    excess = float((got - inside * mean).sum())
    variance = float((inside * (n - inside) / (n * np.maximum(n - 1, 1)) * spread).sum())
    difference = excess / float(weight.sum())
    error = math.sqrt(variance) / float(weight.sum())
    pooled = math.sqrt(float(spread.sum()) / max(float((n - 1).sum()), 1.0))
    p = math.erfc(abs(excess) / math.sqrt(2 * variance)) if variance > 0 else None
    d = difference / pooled if pooled > 0 else 0.0
    reach = 1.96 * error
    return GroupDifference(people, others, int(both.sum()), difference, difference - reach, difference + reach, d, p)
