"""The downhill simplex of Nelder and Mead (1965): the minimum of a smooth function of a few numbers, no slopes
needed."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Point = npt.NDArray[np.float64]


def minimise(
    cost: Callable[[Point], float], start: Point, step: float = 0.5, tolerance: float = 1e-9, rounds: int = 2000
) -> tuple[Point, float, bool]:
    """(where, the cost there, whether it came to rest). `start` is one point; `cost` may answer infinity.

    The simplex is started anew at its first minimum, so that a collapsed one is not taken for a minimum.
    """
    best, low, settled = _descend(cost, start, step, tolerance, rounds)
    return _descend(cost, best, step / 5, tolerance, rounds) if settled else (best, low, settled)


def _descend(
    cost: Callable[[Point], float], start: Point, step: float, tolerance: float, rounds: int
) -> tuple[Point, float, bool]:
    n = len(start)
    points = np.vstack([start, start + step * np.eye(n)])
    costs = np.array([cost(point) for point in points])
    for _ in range(rounds):
        order = np.argsort(costs, kind="stable")
        points, costs = points[order], costs[order]
        if abs(costs[-1] - costs[0]) <= tolerance * (abs(costs[0]) + tolerance):
            return points[0], float(costs[0]), True
        middle = points[:-1].mean(axis=0)
        tried = middle + (middle - points[-1])
        found = cost(tried)
        if found < costs[0]:
            further = middle + 2.0 * (middle - points[-1])
            at_further = cost(further)
            points[-1], costs[-1] = (further, at_further) if at_further < found else (tried, found)
        elif found < costs[-2]:
            points[-1], costs[-1] = tried, found
        else:
            inner = middle + 0.5 * ((tried if found < costs[-1] else points[-1]) - middle)
            at_inner = cost(inner)
            if at_inner < min(found, costs[-1]):
                points[-1], costs[-1] = inner, at_inner
            else:
                points[1:] = points[0] + 0.5 * (points[1:] - points[0])
                costs[1:] = [cost(point) for point in points[1:]]
    return points[int(np.argmin(costs))], float(costs.min()), False
