"""Which creative: tempered Thompson sampling with a floor, propensities first, then a draw from them."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.campaign import PolicySpec

_DRAWS = 2000


def propensities(
    arms: Sequence[str], counts: Mapping[str, tuple[float, float]], policy: PolicySpec, seed: str
) -> NDArray[np.float64]:
    """The probability of each arm: (1 − floor) · P(arm is best) + floor / K.

    `counts` are (successes, exposures) per creative id. Each arm's posterior is Beta(h(s·m + c), h(s(1 − m) + n − c))
    with prior mean m, strength s and temper h; P(best) is the share of 2,000 draws, seeded by `seed`, so that the
    same policy version gives the same propensities in any batch. kind 'fixed' shares evenly.
    """
    k = len(arms)
    if policy.kind == "fixed" or k == 1:
        return np.full(k, 1.0 / k)
    generator = np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")))
    won = np.array([counts.get(arm, (0.0, 0.0))[0] for arm in arms])
    shown = np.array([counts.get(arm, (0.0, 0.0))[1] for arm in arms])
    h, s, m = policy.temper, policy.prior_strength, policy.prior_mean
    a, b = h * (s * m + won), h * (s * (1 - m) + np.maximum(shown - won, 0.0))
    best = generator.beta(a, b, size=(_DRAWS, k)).argmax(axis=1)
    share = np.bincount(best, minlength=k) / _DRAWS
    result: NDArray[np.float64] = (1 - policy.floor) * share + policy.floor / k
    return result


def draw_arms(
    share: NDArray[np.float64], eligible: NDArray[np.bool_], uniform: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw one arm per person among the eligible ones: (arm index or -1, its propensity).

    share (arms,), eligible (people × arms), uniform (people,). Shares are renormalised over the eligible arms, and
    that is the propensity that is logged.
    """
    weight = np.where(eligible, share[None, :], 0.0)
    total = weight.sum(axis=1)
    cumulative = weight.cumsum(axis=1)
    # The last cumulative value may miss the total by a rounding step: scaling by itself keeps every draw inside.
    reach = uniform * cumulative[:, -1]
    arm = np.minimum((cumulative <= reach[:, None]).sum(axis=1), weight.shape[1] - 1)
    some = total > 0
    chosen = np.where(some, arm, -1)
    probability = np.divide(weight[np.arange(len(weight)), arm], total, out=np.zeros(len(total)), where=some)
    return chosen, probability
