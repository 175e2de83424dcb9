"""How likely a monitored difference is to cross its boundary at one of the looks, computed and not simulated.

The sum of a difference over an experiment behaves as Brownian motion B(t) with drift, where t is the part of the
planned people that is in. Its density is carried from look to look (Armitage, McPherson and Rowe, 1969): what lies
beyond the boundary has stopped, the rest is spread by the next step's normal distribution.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_CELLS = 400
_PER_STEP = 8
_REACH = 8.0


def crossing_probabilities(
    drift: float, times: Sequence[float], bounds: Sequence[float], start: tuple[float, float] = (0.0, 0.0)
) -> npt.NDArray[np.float64]:
    """The probability of having crossed at or before each look.

    `drift` is the expected z at t = 1; `times` are the looks, ascending, after `start`; `bounds` how many standard
    errors from zero the boundary lies at each. `start` is (t, B) that was reached without crossing: B is z·√t.
    """
    if len(times) != len(bounds) or not times:
        raise ValueError("each look has one boundary, and there is at least one look")
    steps = np.diff([start[0], *times])
    if (steps <= 0).any():
        raise ValueError("looks must be later than the start, and ascend")
    edges = np.asarray(bounds) * np.sqrt(times)
    width = min(float(edges.max()) / _CELLS, math.sqrt(float(steps.min())) / _PER_STEP)
    count = math.ceil(float(edges.max()) / width) + 1
    grid = np.arange(-count, count + 1) * width
    inside = np.exp(-((grid - start[1] - drift * steps[0]) ** 2) / (2 * steps[0])) / math.sqrt(2 * math.pi * steps[0])
    crossed = []
    for look, edge in enumerate(edges):
        if look:
            inside = _spread(inside, drift, float(steps[look]), width)
        inside = inside * np.clip((edge - np.abs(grid)) / width + 0.5, 0.0, 1.0)
        crossed.append(1.0 - float(inside.sum()) * width)
    return np.array([min(max(share, 0.0), 1.0) for share in crossed])


def _spread(inside: npt.NDArray[np.float64], drift: float, step: float, width: float) -> npt.NDArray[np.float64]:
    """The density one step later."""
    reach = math.ceil((_REACH * math.sqrt(step) + abs(drift) * step) / width)
    offsets = np.arange(-reach, reach + 1) * width
    kernel = np.exp(-((offsets - drift * step) ** 2) / (2 * step)) / math.sqrt(2 * math.pi * step) * width
    return np.convolve(inside, kernel)[reach : reach + len(inside)]
