"""Whether logged draws can tell of another policy: effective draws, the largest weight, honest propensities."""

import math
from dataclasses import dataclass, replace

import numpy as np

from tailorbird.stages.off_policy.draws import Floats, Ints, LoggedDraws

EFFECTIVE_MIN = 1_000.0
WEIGHT_MAX = 100.0
SUCCESSES_MIN = 25.0
"""Effective draws with a reward, below which no interval is stated: it would rest on a handful of people."""
_HONEST_P = 1e-4
_MEAN_WEIGHT_ERRORS = 4.0


@dataclass(frozen=True)
class Overlap:
    """What the draws hold of the other policy.

    `effective` draws (Kish: (Σw)² / Σw²) are as many as the policy's own draws would tell as much; `successes` counts
    those with a reward in the same way. `weight_mean` is 1 but for chance where the propensities are true, with its
    standard error; `unseen` is the policy's share on arms that the log never draws there; `honest_p` is the p of the
    drawn arms against their propensities (None: not all propensities are known). `why` is why nothing may be
    concluded ('': it may).
    """

    draws: int
    effective: float
    successes: float
    weight_max: float
    weight_mean: float
    weight_error: float
    unseen: float
    honest_p: float | None
    why: str


def measure_overlap(weights: Floats, reward: Floats, unseen: float = 0.0, honest: float | None = None) -> Overlap:
    """How far draws with these weights and rewards (both (n,)) reach; `unseen` and `honest` are put in as they are."""
    total, squares = float(weights.sum()), float(np.sum(weights * weights))
    earned = np.abs(weights * reward)
    won = float(np.sum(earned**2))
    n = len(weights)
    found = Overlap(
        draws=n,
        effective=total * total / squares if squares else 0.0,
        successes=float(earned.sum()) ** 2 / won if won else 0.0,
        weight_max=float(weights.max()),
        weight_mean=total / n,
        weight_error=float(weights.std()) / math.sqrt(n),
        unseen=unseen,
        honest_p=honest,
        why="",
    )
    return replace(found, why=_why(found))


def unseen_share(draws: LoggedDraws, policy: Floats, logged: Floats) -> float:
    """The policy's share on arms that the log never draws in the same situation (both situations × arms)."""
    lost = np.where(logged > 0, 0.0, policy).sum(axis=1)
    return float(lost[draws.situation].mean())


def _why(found: Overlap) -> str:
    """The first reason against a conclusion, as part of a sentence; '' for none."""
    if found.honest_p is not None and found.honest_p < _HONEST_P:
        return f"what was drawn does not fit the logged propensities (p = {found.honest_p:.1g}): they cannot be trusted"
    if found.unseen > 1e-6:
        return f"{found.unseen:.1%} of what it shows was never drawn in the same situation"
    if found.effective < EFFECTIVE_MIN:
        return f"{found.effective:,.0f} effective draws are like it; {EFFECTIVE_MIN:,.0f} are needed"
    if found.weight_max > WEIGHT_MAX:
        return f"single draws would count {found.weight_max:,.0f} times; {WEIGHT_MAX:,.0f} is the limit"
    if abs(found.weight_mean - 1) > _MEAN_WEIGHT_ERRORS * found.weight_error + 1e-9:
        return f"its draws weigh {found.weight_mean:.2f} on average and not 1: the propensities cannot be trusted"
    if found.successes < SUCCESSES_MIN:
        return f"{found.successes:,.0f} effective successes are like it; {SUCCESSES_MIN:,.0f} are needed"
    return ""


def honest_p(situation: Ints, arm: Ints, logged: Floats) -> float:
    """The p of the chi-square test that arms were drawn with their logged propensities, over all situations together.

    `logged` is situations × arms. Arms that should have been drawn less than 5 times in a situation are put together.
    An arm that could not have been drawn and was gives 0.
    """
    situations, arms = logged.shape
    seen = np.bincount(situation * arms + arm, minlength=situations * arms).reshape(situations, arms)
    if np.any(seen[logged <= 0]):
        return 0.0
    expected = logged * seen.sum(axis=1, keepdims=True)
    small = expected < 5
    seen_small, expected_small = np.where(small, seen, 0).sum(axis=1), np.where(small, expected, 0).sum(axis=1)
    large = ~small
    chi = float(np.sum((seen - expected)[large] ** 2 / expected[large]))
    pooled = expected_small >= 5
    chi += float(np.sum((seen_small - expected_small)[pooled] ** 2 / expected_small[pooled]))
    cells = large.sum(axis=1) + pooled
    freedom = int(np.maximum(cells - 1, 0).sum())
    return _chi_square_p(chi, freedom) if freedom else 1.0


def _chi_square_p(chi: float, freedom: int) -> float:
    """The upper tail of chi-square, by the transformation of Wilson and Hilferty (1931)."""
    part = 2 / (9 * freedom)
    z = ((chi / freedom) ** (1 / 3) - (1 - part)) / math.sqrt(part)
    return 0.5 * math.erfc(z / math.sqrt(2))
