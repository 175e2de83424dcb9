"""How often each of several normal scores is the greatest: for a million people at once.

Every arm has DRAWS standard normals, the same for everybody, one from each of DRAWS equal slices of the distribution,
in an order of its own. A person's score of an arm in draw b is mean + deviation · z; an arm's share is the part of the
draws in which it leads. Drawing an arm by these shares is drawing b, and playing its leader: the shares are exactly
what is done, and a multiple of 1/DRAWS, so that people in like situations share them.

Most arms cannot lead in any draw: their best score is below what another has in its worst. They are left out before
the draws, and the first of a person's other arms has the first column of normals, the second the second, and so on.

With ten arms, a share is off by .011 (root mean square) from the probability that endless draws would give.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.bandits.choosing import generator_of

DRAWS = 64
_CACHED, _LEAST = 150_000, 32
"""Scores at a time, so that they stay in the processor's cache; but of 32 people at least."""

_PEOPLE = 8_192
"""People at a time, whose shares stay there too."""

_TWO = np.array([1, -1], dtype=np.float32)


@lru_cache(64)
def normal_draws(arms: int, seed: str, draws: int = DRAWS) -> NDArray[np.float32]:
    """(draws × arms) standard normals, stratified."""
    generator = generator_of(seed)
    slices = np.array([generator.permutation(draws) for _ in range(arms)]).T
    return quantiles((slices + generator.random((draws, arms))) / draws).astype(np.float32)


@lru_cache(64)
def farthest_draw(arms: int, seed: str) -> float:
    """The largest size of a normal among the draws."""
    return float(np.abs(normal_draws(arms, seed)).max())


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
    """(people × arms) the part of the draws in which each arm's score is the greatest. `mean` and `deviation` are
    arms × people; `normals` draws × arms. An arm of mean −inf has no share; a tie counts for each of the tied.

    People are taken in the order of how many arms can lead at all: the scores of those arms then lie side by side,
    and each group is a table without a gap.
    """
    arms, people = mean.shape
    shares = np.empty((people, arms), dtype=np.float32)
    room, reach = _Room(len(normals), arms), np.abs(normals).max()
    for start in range(0, people, _PEOPLE):
        here = slice(start, start + _PEOPLE)
        _put_shares(mean[:, here], deviation[:, here], normals, reach, room, shares[here])
    return shares


def _put_shares(
    mean: NDArray[np.float32],
    deviation: NDArray[np.float32],
    normals: NDArray[np.float32],
    farthest: np.float32,
    room: "_Room",
    shares: NDArray[np.float32],
) -> None:
    """Writes the shares of a block of people into `shares` (people × arms)."""
    reach = deviation * farthest
    live = mean + reach >= (mean - reach).max(axis=0)
    count = np.add.reduce(live.view(np.uint8), axis=0, dtype=np.uint8 if len(live) < 256 else np.int64)
    order = np.argsort(count, kind="stable")
    lives = np.ascontiguousarray(live.T)[order]
    # A mean and its deviation are one complex number here, so that both are moved at once.
    pairs = np.empty(lives.shape, dtype=np.complex64)
    pairs.real, pairs.imag = mean.T, deviation.T
    pairs = pairs[order][lives]
    led, end = np.ones(len(pairs), dtype=np.float32), 0
    for arms, people in enumerate(np.bincount(count).tolist()):
        start, end = end, end + arms * people
        if arms > 1 and people:
            _lead(pairs[start:end].reshape(people, arms), normals, room, led[start:end].reshape(people, arms))
    ordered = np.zeros(lives.shape, dtype=np.float32)
    ordered[lives] = led
    shares[order] = ordered


def shares_alone(mean: Sequence[float], deviation: Sequence[float], seed: str) -> list[float]:
    """The shares of one person, as `normal_shares` has them."""
    farthest, arms = farthest_draw(len(mean), seed), range(len(mean))
    low = max([m - farthest * s for m, s in zip(mean, deviation, strict=True)])
    live = [arm for arm in arms if mean[arm] + farthest * deviation[arm] >= low]
    shares = [0.0] * len(mean)
    if len(live) == 1:
        shares[live[0]] = 1.0
        return shares
    spread = np.array([deviation[arm] for arm in live], dtype=np.float32)
    middle = np.array([mean[arm] for arm in live], dtype=np.float32)
    if len(live) == 2:
        z = normal_draws(len(mean), seed)[:, :2] @ (spread * _TWO)
        ahead = np.count_nonzero(z >= middle[1] - middle[0])
        shares[live[0]], shares[live[1]] = ahead / DRAWS, 1 - ahead / DRAWS
        return shares
    scores = normal_draws(len(mean), seed)[:, : len(live)] * spread
    scores += middle
    for arm, times in zip(live, np.bincount(scores.argmax(axis=1), minlength=len(live)).tolist(), strict=True):
        shares[arm] = times / DRAWS
    return shares


def leaders(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """(people) the arm of the greatest score, the first of several; `scores` are arms × people."""
    result: NDArray[np.int64] = scores.argmax(axis=0)
    return result


class _Room:
    """Memory for the scores of a block of people, used block after block."""

    def __init__(self, draws: int, arms: int) -> None:
        size = max(_CACHED, draws * arms * _LEAST)
        self.scores, self.best = np.empty(size, dtype=np.float32), np.empty(size, dtype=np.float32)
        self.led = np.empty(size, dtype=bool)


def _lead(pairs: NDArray[np.complex64], normals: NDArray[np.float32], room: _Room, led: NDArray[np.float32]) -> None:
    """Writes into `led` (people × arms) the part of the draws that each arm leads, all of them compared in each."""
    (people, arms), draws = pairs.shape, len(normals)
    counted = np.uint8 if draws < 256 else np.int64
    rows = max(_LEAST, _CACHED // (draws * arms))
    # A score is (1, z) · (mean, deviation): one product of small matrices for each arm.
    ones_and_normals = np.stack([np.ones((arms, draws), dtype=np.float32), normals[:, :arms].T], axis=2)
    for start in range(0, people, rows):
        part = pairs[start : start + rows]
        size = len(part)
        both = np.ascontiguousarray(part.view(np.float32).reshape(size, arms, 2).transpose(1, 2, 0))
        shape, numbers = (arms, draws, size), arms * draws * size
        scores = np.matmul(ones_and_normals, both, out=room.scores[:numbers].reshape(shape))
        best = np.max(scores, axis=0, out=room.best[: draws * size].reshape(draws, size))
        leads = np.equal(scores, best, out=room.led[:numbers].reshape(shape))
        times = np.add.reduce(leads.view(np.uint8), axis=1, dtype=counted)
        np.multiply(times.T, np.float32(1 / draws), out=led[start : start + rows], casting="unsafe")
