"""Fatigue: how much less a line works on somebody who has seen it before, measured within people.

People who are written to often are other people than those who are not, so nobody is compared with anybody else: the
logit of a person's answers falls by d·ln(1 + times seen), and the person's own level drops out of the likelihood that
is conditional on how often the person answered (Chamberlain, 1980).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PEOPLE_MIN = 50
"""Fewer people who answered some of their messages, and not all, tell nothing."""
_GRID = np.linspace(0.0, 3.0, 61)


def fit_fatigue(people: Sequence[str], seen: NDArray[np.float64], answered: NDArray[np.bool_]) -> float | None:
    """d, from 0 to 3, of exposures with one answer among a person's; None where fewer than PEOPLE_MIN tell of it.

    A person with one answer among several exposures gives P(it was this one) = e^(−d·x) / Σ e^(−d·x), x = ln(1 + seen).
    People with several answers, who are few, count once for each of these against the exposures without one.
    """
    _, place = np.unique(np.asarray(people, dtype=object).astype(str), return_inverse=True)
    x = np.log1p(seen)
    wins, count = np.bincount(place, answered), np.bincount(place)
    telling = (wins > 0) & (wins < count)
    spread = np.bincount(place, x * x) / np.maximum(count, 1) - (np.bincount(place, x) / np.maximum(count, 1)) ** 2
    telling &= spread > 1e-12
    if telling.sum() < PEOPLE_MIN:
        return None
    likelihood = []
    for d in _GRID:
        weight = np.exp(-d * x)
        silent = np.bincount(place, np.where(answered, 0.0, weight))
        each = answered & telling[place]
        likelihood.append(float((-d * x[each] - np.log(weight[each] + silent[place[each]])).sum()))
    return float(_GRID[int(np.argmax(likelihood))])
