"""Guardrails as sequences: bounds that hold at every look, so that a campaign may be watched all day.

Events of two arms arrive one by one. If people of the first arm were as likely to have one as `ratio` times those of
the second, the next event would be of the first arm with a probability that only the sizes of the arms decide. The
e-value is how much better a mixture of higher ratios explains the arms of the events seen so far: a test martingale
for sums of two streams (Turner, Ly, Grünwald, "Generic E-variables for exact sequential k-sample tests", arXiv
2106.02693, in its conditional form). By Ville's inequality it ever exceeds 1/alpha with a probability of at most alpha.
Nothing is assumed normal, so it holds for three events as for three thousand.
"""

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

_STEPS = 96
_UP_TO = math.log(64.0)
_SCALE = 0.35
"""The mixture: ratios above the tested one by up to 64 times, most of them between 1.2 and 4 times (a Gamma
distribution of shape 2 on the log): what is worth a halt is rarely less, and rarely more."""

_LOW, _HIGH = math.log(1e-4), math.log(1e4)
_HALVINGS = 50


def split_budget(weights: Mapping[str, float], budget: float) -> dict[str, float]:
    """{name: its part of the error budget}, by weight. The parts add up to the budget, so that the probability of any
    false halt is at most the budget, however the sequences depend on each other (Bonferroni). ValueError: a weight is
    not above 0."""
    if any(not weight > 0 for weight in weights.values()):
        raise ValueError("each guardrail needs a weight above 0")
    total = sum(weights.values())
    return {name: budget * weight / total for name, weight in weights.items()}


@lru_cache(maxsize=1)
def _mixture() -> tuple[np.ndarray, np.ndarray]:
    """(log of the factors above the tested ratio, log of their weights, which add up to 1)."""
    edges = np.linspace(0.0, _UP_TO, _STEPS + 1)
    survival = (1.0 + edges / _SCALE) * np.exp(-edges / _SCALE)
    weights = survival[:-1] - survival[1:]
    return (edges[:-1] + edges[1:]) / 2, np.log(weights / weights.sum())


def log_e_value(x_t: int, n_t: int, x_c: int, n_c: int, ratio: float = 1.0) -> float:
    """The log of the e-value against 'the share of the first arm is at most `ratio` times that of the second'.

    `x_*` people of `n_*` have the event. ValueError: an arm is empty, or has more events than people.
    """
    if n_t <= 0 or n_c <= 0 or not 0 <= x_t <= n_t or not 0 <= x_c <= n_c or not ratio > 0:
        raise ValueError("each arm needs people, no more events than people, and the ratio is above 0")
    factors, weights = _mixture()
    odds = math.log(n_t) + math.log(ratio) - math.log(n_c)
    # By how much the log-probability that an event is of either arm differs from the tested one's.
    first = np.logaddexp(0.0, -odds) - np.logaddexp(0.0, -(odds + factors))
    second = np.logaddexp(0.0, odds) - np.logaddexp(0.0, odds + factors)
    return float(np.logaddexp.reduce(weights + x_t * first + x_c * second))


def ratio_bound(x_t: int, n_t: int, x_c: int, n_c: int, alpha: float) -> float:
    """The lower bound of share_t / share_c that holds at every look with probability 1 - alpha: the largest ratio that
    the events reject. 0 where none is. ValueError as `log_e_value`, or alpha is not between 0 and 1."""
    if not 0 < alpha < 1:
        raise ValueError("alpha is between 0 and 1")
    enough = -math.log(alpha)
    low, high = _LOW, _HIGH
    if log_e_value(x_t, n_t, x_c, n_c, math.exp(low)) < enough:
        return 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        rejected = log_e_value(x_t, n_t, x_c, n_c, math.exp(middle)) >= enough
        low, high = (middle, high) if rejected else (low, middle)
    return math.exp(low)


def difference_bound(x_t: int, n_t: int, x_c: int, n_c: int, alpha: float, n_star: float = 5000.0) -> float:
    """The lower bound of share_t - share_c at every look, one-sided, with probability 1 - alpha.

    The half-normal mixture of a test of 'not above' (Waudby-Smith and others, arXiv 2103.06476, for means): for what
    is limited by an absolute margin. It is asymptotic: ask it once each arm has some ten events. ValueError: an arm is
    empty.
    """
    if n_t <= 0 or n_c <= 0:
        raise ValueError("each arm needs people")
    share_t, share_c = (x_t + 1.0) / (n_t + 2.0), (x_c + 1.0) / (n_c + 2.0)
    error = math.sqrt(share_t * (1 - share_t) / n_t + share_c * (1 - share_c) / n_c)
    log = -2.0 * math.log(2 * alpha) if alpha < 0.5 else 1e-9
    spread = (n_t + n_c) * (log + math.log(log + 1.0)) / n_star
    low, high = 0.0, 40.0
    for _ in range(_HALVINGS):
        z = (low + high) / 2
        y = z * math.sqrt(spread / (spread + 1.0))
        log_e = y * y / 2 + math.log(math.erfc(-y / math.sqrt(2.0))) - 0.5 * math.log1p(spread)
        low, high = (low, z) if log_e >= -math.log(alpha) else (z, high)
    return x_t / n_t - x_c / n_c - high * error
