"""How often each of several normal scores is the greatest: for a million people at once.

Every arm has DRAWS standard normals, the same for everybody, one from each of DRAWS equal slices of the distribution,
in an order of its own. A person's score of an arm in draw b is mean + deviation · z; an arm's share is the part of the
draws in which it leads. Drawing an arm by these shares is drawing b, and playing its leader: the shares are exactly
what is done, and a multiple of 1/DRAWS, so that people in like situations share them.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.bandits.choosing import generator_of

DRAWS = 64
_FEW = 32
_ROWS = 2048
"""Rows at a time: what is computed of them stays in the processor's cache."""


@lru_cache(64)
def normal_draws(arms: int, seed: str, draws: int = DRAWS) -> NDArray[np.float32]:
    """(draws × arms) standard normals, stratified."""
    generator = generator_of(seed)
    slices = np.array([generator.permutation(draws) for _ in range(arms)]).T
    return quantiles((slices + generator.random((draws, arms))) / draws).astype(np.float32)


def quantiles(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """The standard normal quantile function by Acklam's rational approximation (2003), to 1.2e-9 relative."""
    a = (
        -39.69683028665376,
        220.9460984245205,
        -275.9285104469687,
        138.357751867269,
        -30.66479806614716,
        2.506628277459239,
    )
    b = (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1.0)
    c = (
        -0.007784894002430293,
        -0.3223964580411365,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    )
    d = (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1.0)
    tail = np.minimum(p, 1 - p)
    q = np.sqrt(-2 * np.log(np.maximum(tail, 1e-300)))
    outer = np.polyval(c, q) / np.polyval(d, q) * np.where(p < 0.5, 1.0, -1.0)
    middle = p - 0.5
    inner = np.polyval(a, middle**2) * middle / np.polyval(b, middle**2)
    result: NDArray[np.float64] = np.where(tail < 0.02425, outer, inner)
    return result


def normal_shares(
    mean: NDArray[np.float32], deviation: NDArray[np.float32], normals: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(arms × people) the part of the draws in which each arm's score is the greatest. `mean` and `deviation` are
    arms × people; `normals` draws × arms. An arm of mean −inf has no share; a tie counts for each of the tied."""
    arms, people = mean.shape
    if people <= _FEW:
        led = (deviation.T[:, None, :] * normals + mean.T[:, None, :]).argmax(axis=2)
        few = (led[:, :, None] == np.arange(arms)).sum(axis=1, dtype=np.float32) / np.float32(len(normals))
        return np.ascontiguousarray(few.T, dtype=np.float32)
    shares = np.zeros((arms, people), dtype=np.float32)
    for start in range(0, people, _ROWS):
        part = slice(start, start + _ROWS)
        m, s = np.ascontiguousarray(mean[:, part]), np.ascontiguousarray(deviation[:, part])
        score, best = np.empty_like(m), np.empty_like(m[0])
        led, count = np.empty(m.shape, dtype=bool), np.zeros(m.shape, dtype=np.uint16)
        for z in normals:
            np.multiply(s, z[:, None], out=score)
            np.add(score, m, out=score)
            np.max(score, axis=0, out=best)
            np.equal(score, best, out=led)
            np.add(count, led.view(np.uint8), out=count)
        shares[:, part] = count
    shares /= len(normals)
    return shares
