"""Which creative: tempered Thompson sampling with a floor, propensities first, then a draw from them."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.campaign import PolicySpec

_DRAWS = 2000


def draw_posteriors(
    arms: Sequence[str], counts: Mapping[str, tuple[float, float]], policy: PolicySpec, seed: str
) -> NDArray[np.float64]:
    """2,000 draws of each arm's rate (draws × arms), seeded by `seed`: no draws at all for kind 'fixed'.

    `counts` are (successes, exposures) per creative id. Each arm's posterior is Beta(h(s·m + c), h(s(1 − m) + n − c))
    with prior mean m, strength s and temper h. The prior mean is the campaign's until there are outcomes, then moves
    to the rate of the lines that were tried: a line that was not tried yet is expected to do as they did, or it would
    never come up where people order without any message. One table serves every set of arms that may compete.
    """
    k = len(arms)
    if policy.kind == "fixed" or k == 1:
        return np.empty((0, k))
    generator = np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")))
    won = np.array([counts.get(arm, (0.0, 0.0))[0] for arm in arms])
    shown = np.array([counts.get(arm, (0.0, 0.0))[1] for arm in arms])
    h, s = policy.temper, policy.prior_strength
    m = (s * policy.prior_mean + won.sum()) / (s + shown.sum())
    a, b = h * (s * m + won), h * (s * (1 - m) + np.maximum(shown - won, 0.0))
    result: NDArray[np.float64] = generator.beta(a, b, size=(_DRAWS, k))
    return result


def propensities(draws: NDArray[np.float64], competing: Sequence[bool], policy: PolicySpec) -> NDArray[np.float64]:
    """The probability of each arm among the `competing` ones: (1 − floor) · P(arm is the best of them) + floor / K.

    `draws` are those of `draw_posteriors`, K is how many compete; the others have 0. P(best) is a share of the draws,
    so that the same policy version gives the same propensities in any batch. Without draws the shares are even.
    """
    at = np.flatnonzero(competing)
    result = np.zeros(len(competing))
    if len(at) == 0:
        return result
    if len(draws) == 0 or len(at) == 1:
        result[at] = 1.0 / len(at)
        return result
    share = np.bincount(draws[:, at].argmax(axis=1), minlength=len(at)) / len(draws)
    result[at] = (1 - policy.floor) * share + policy.floor / len(at)
    return result


def draw_arms(
    weight: NDArray[np.float64], uniform: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw one arm per person: (arm index, or -1 where every weight is 0; its propensity, which is logged).

    weight (people × arms): each person's `propensities`. uniform (people,).
    """
    total = weight.sum(axis=1)
    cumulative = weight.cumsum(axis=1)
    # The last cumulative value may miss the total by a rounding step: scaling by itself keeps every draw inside.
    reach = uniform * cumulative[:, -1]
    arm = np.minimum((cumulative <= reach[:, None]).sum(axis=1), weight.shape[1] - 1)
    some = total > 0
    chosen = np.where(some, arm, -1)
    probability = np.divide(weight[np.arange(len(weight)), arm], total, out=np.zeros(len(total)), where=some)
    return chosen, probability
