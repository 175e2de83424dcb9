"""What a policy would have earned per draw, by seven estimators.

With w the policy's probability of what was drawn over the logged one, q the expected reward of what was drawn, and v
that of what the policy would have drawn, both by a model of other folds:

- dm, the direct method: mean(v). As good as the model, and no better.
- ips, inverse propensity scores (Horvitz and Thompson, 1952): mean(w r).
- snips, self-normalised (Swaminathan and Joachims, 2015): sum(w r) / sum(w).
- dr, doubly robust (Dudík, Langford and Li, 2011): mean(v + w (r - q)).
- sndr, the same with the correction self-normalised.
- switch_dr (Wang, Agarwal and Dudík, 2017): dr, without the correction where w is above a threshold.
- dros, with optimistic shrinkage (Su et al., 2020): dr with lam w / (w² + lam) for w.

The last two are biased on purpose; threshold and lam are the ones of a fixed grid with the least estimated squared
error: the variance, and the square of the bias less what chance alone makes of it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tailorbird.stages.off_policy.draws import Floats, LoggedDraws
from tailorbird.stages.off_policy.intervals import ALPHA, skewed_interval

ESTIMATORS = ("dm", "ips", "snips", "dr", "sndr", "switch_dr", "dros")
BIASED = ("dm", "switch_dr", "dros")
SWITCH_GRID = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, math.inf)
SHRINK_GRID = (1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0, math.inf)


@dataclass(frozen=True)
class Estimate:
    """Reward per draw, with the interval of one look, and the difference to what was really earned on the same draws.

    The bounds are None for `dm`, `switch_dr` and `dros`: nothing tells how far their model is off, and in simulations
    an interval from their spread alone held the truth half as often as it said.
    """

    value: float
    low: float | None
    high: float | None
    difference: float
    difference_low: float | None
    difference_high: float | None


def influences(w: Floats, r: Floats, q: Floats, v: Floats) -> dict[str, Floats]:
    """Per estimator, (n,) parts whose mean is its estimate and whose spread is its spread."""
    n, total = len(w), float(w.sum())
    mean_w = total / n
    rest = w * (r - q)
    parts = {"dm": v, "ips": w * r, "dr": v + rest}
    if total > 0:
        snips = float(np.sum(w * r)) / total
        correction = float(rest.sum()) / total
        parts["snips"] = snips + w * (r - snips) / mean_w
        parts["sndr"] = v + correction + (rest - w * correction) / mean_w
    else:
        parts["snips"] = parts["sndr"] = np.full(n, np.nan)
    parts["switch_dr"] = _least_error(w, r, q, v, SWITCH_GRID, lambda t: np.where(w <= t, w, 0.0))
    parts["dros"] = _least_error(w, r, q, v, SHRINK_GRID, lambda t: w if math.isinf(t) else t * w / (w * w + t))
    return {name: parts[name] for name in ESTIMATORS}


def _least_error(
    w: Floats, r: Floats, q: Floats, v: Floats, grid: tuple[float, ...], shrunk: Callable[[float], Floats]
) -> Floats:
    """The parts of the doubly robust estimate with the weights of the grid that promise the least squared error."""
    best, least = v + w * (r - q), math.inf
    for setting in grid:
        kept = shrunk(setting)
        parts = v + kept * (r - q)
        lost = (w - kept) * (r - q)
        bias = max(float(lost.mean()) ** 2 - float(lost.var()) / len(w), 0.0)
        error = float(parts.var()) / len(w) + bias
        if error < least:
            best, least = parts, error
    return best


def estimate_all(
    draws: LoggedDraws, w: Floats, q: Floats, v: Floats, alpha: float = ALPHA, stretch: float = 1.0
) -> dict[str, Estimate]:
    """Every estimator's estimate, with intervals that know whose draws hang together, `stretch` times as far."""
    found = {}
    for name, parts in influences(w, draws.reward, q, v).items():
        value, ahead = float(parts.mean()), parts - draws.reward
        if name in BIASED or not math.isfinite(value):
            found[name] = Estimate(value, None, None, float(ahead.mean()), None, None)
            continue
        more = float(ahead.mean())
        low, high = (value + stretch * (end - value) for end in skewed_interval(parts, draws.unit, alpha))
        worse, better = (more + stretch * (end - more) for end in skewed_interval(ahead, draws.unit, alpha))
        found[name] = Estimate(value, low, high, more, worse, better)
    return found
