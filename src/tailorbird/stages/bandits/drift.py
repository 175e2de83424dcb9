"""Drift: whether an arm does otherwise now than before, by a test that may be asked at any time.

The last fifth of an arm's exposures is held against all before them with an asymptotic confidence sequence
(Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, 2024). Where it excludes no difference, what came before is forgotten.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LAST = 0.2
SUCCESSES_MIN = 20
"""In either part there are at least so many successes and failures, or nothing is concluded."""
_N_STAR = 5000


def sequence_reach(variance: float, n: float, alpha: float) -> float:
    """Half the width of the confidence sequence for a difference with squared standard error `variance` after n
    people."""
    rho2 = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / _N_STAR
    return math.sqrt(variance * n * 2 * (n * rho2 + 1) / (n * n * rho2) * math.log(math.sqrt(n * rho2 + 1) / alpha))


def forgotten(
    arms: Sequence[str], ages: NDArray[np.float64], earned: NDArray[np.float64], alpha: float = 0.05
) -> NDArray[np.bool_]:
    """Which exposures are from before a change of their arm. `ages` in days; `earned` is what each brought beyond what
    others did among the same people (NaN: not known), so that another audience is no change. `alpha` is shared by all
    arms. Exposures of one age are never parted."""
    names = np.asarray(arms, dtype=object).astype(str)
    old = np.zeros(len(names), dtype=bool)
    found = np.unique(names).tolist()
    for name in found:
        at = np.flatnonzero((names == name) & np.isfinite(earned))
        at = at[np.argsort(-ages[at], kind="stable")]
        cut = len(at) - int(len(at) * LAST)
        while 0 < cut < len(at) and ages[at[cut]] == ages[at[cut - 1]]:
            cut += 1
        before, after = earned[at[:cut]], earned[at[cut:]]
        if _few(before) or _few(after):
            continue
        variance = before.var() / len(before) + after.var() / len(after)
        if abs(after.mean() - before.mean()) > sequence_reach(variance, len(at), alpha / len(found)):
            old[at[:cut]] = True
    return old


def _few(part: NDArray[np.float64]) -> bool:
    return bool(min((part > 0).sum(), (part <= 0).sum()) < SUCCESSES_MIN)
