"""Counts per arm, and what rate is expected of one: empirical Bayes on successes and exposures."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.policy_rows import Rewards

Counts = Mapping[str, tuple[float, float]]
"""{arm: (successes, exposures)}"""

STRENGTHS = np.geomspace(20, 2000, 41)
"""What a prior may be worth in people, whatever the data say."""
ARMS_MIN = 5
"""From so many tried arms on, how much arms differ is learned from them."""
_SPREAD = 1.0


def add_counts(counts: Counts, rewards: Rewards, keys: Sequence[str]) -> dict[str, tuple[float, float]]:
    """The counts with further exposures, whose arm (or cohort and arm) is `keys`. Raises ValueError for what is no
    reward between 0 and 1, or no exposure."""
    check_rewards(rewards)
    total = dict(counts)
    names, place = np.unique(np.asarray(keys, dtype=object).astype(str), return_inverse=True)
    won = np.bincount(place, rewards.reward, len(names))
    shown = np.bincount(place, rewards.exposed, len(names))
    for name, c, n in zip(names.tolist(), won.tolist(), shown.tolist(), strict=True):
        before = total.get(name, (0.0, 0.0))
        total[name] = (before[0] + c, before[1] + n)
    return total


def check_rewards(rewards: Rewards) -> None:
    """Raise ValueError for rewards outside 0 to 1, exposures below 0, propensities that are 0 or more than 1, or
    NaN."""
    if not ((rewards.reward >= 0) & (rewards.reward <= 1)).all():
        raise ValueError("a reward is a number from 0 to 1")
    if not ((rewards.exposed >= 0) & np.isfinite(rewards.exposed)).all():
        raise ValueError("an exposure counts as a number of 0 or more")
    if not ((rewards.propensity > 0) & (rewards.propensity <= 1)).all():
        raise ValueError("a propensity is above 0 and at most 1: an arm that cannot be drawn was not drawn")


def columns(arms: Sequence[str], counts: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(successes, exposures) of arms, 0 for what was never shown; exposures are never fewer than successes."""
    won = np.array([counts.get(arm, (0.0, 0.0))[0] for arm in arms])
    shown = np.array([counts.get(arm, (0.0, 0.0))[1] for arm in arms])
    return won, np.maximum(shown, won)


def expected_rates(
    won: NDArray[np.float64], shown: NDArray[np.float64], priors: NDArray[np.float64], strength: float
) -> NDArray[np.float64]:
    """The prior mean of each arm: its own prior's place among the others', at the level of what was tried.

    `priors` are rates between 0 and 1. All are moved alike on the logit scale, until those of the arms that were tried
    agree with what these reached: a line that was not tried yet is expected to do as the others did, or it would never
    come up where people order without any message.
    """
    start = float(priors.mean())
    reached = (strength * start + won.sum()) / (strength + shown.sum())
    said = (strength * start + (shown * priors).sum()) / (strength + shown.sum())
    logit = np.log(priors / (1 - priors)) + math.log(reached / (1 - reached)) - math.log(said / (1 - said))
    result: NDArray[np.float64] = 1 / (1 + np.exp(-logit))
    return np.clip(result, 1e-6, 1 - 1e-6)


def learn_strength(
    won: NDArray[np.float64], shown: NDArray[np.float64], means: NDArray[np.float64], start: float
) -> float:
    """How many people a prior is worth: the beta-binomial marginal likelihood of the arms that were tried, between 20
    and 2,000, with a wide log-normal around `start`; `start` where fewer than ARMS_MIN were tried."""
    tried = shown > 0
    if tried.sum() < ARMS_MIN or won.sum() <= 0:
        return start
    c, n, m = won[tried], shown[tried], means[tried]
    s = STRENGTHS[:, None]
    a, b = s * m, s * (1 - m)
    likelihood = (_lgamma(a + c) - _lgamma(a) + _lgamma(b + n - c) - _lgamma(b) - _lgamma(s + n) + _lgamma(s)).sum(1)
    penalty = (np.log(STRENGTHS / min(max(start, 20.0), 2000.0)) / _SPREAD) ** 2 / 2
    return float(STRENGTHS[int(np.argmax(likelihood - penalty))])


_lgamma = np.vectorize(math.lgamma, otypes=[np.float64])
