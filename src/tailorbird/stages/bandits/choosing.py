"""Shares first, then a draw from them: what is logged as the propensity is what the arm was drawn with."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.policy_rows import Choice, Choices, Situation, Situations

_ROWS = 2048
"""People at a time, whose shares stay in the processor's cache."""


def generator_of(seed: str) -> np.random.Generator:
    """Random numbers that depend on a text alone."""
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")))


def choose(shares: NDArray[np.float64], of: NDArray[np.int64], uniforms: NDArray[np.float64]) -> Choices:
    """One arm per person by its uniform, from the row `of` (n,) of `shares` (s × K); -1 where every share is 0.

    The propensity is the arm's part of its row: rows need not add up to 1.
    """
    total = shares.sum(axis=1)
    cumulative = shares.cumsum(axis=1)
    # The last cumulative value may miss the total by a rounding step: scaling by itself keeps every draw inside.
    reach = uniforms * cumulative[of, -1]
    arm = np.minimum((cumulative[of] <= reach[:, None]).sum(axis=1), shares.shape[1] - 1)
    some = total[of] > 0
    whole = np.divide(shares, total[:, None], out=np.zeros_like(shares), where=total[:, None] > 0)
    return Choices(np.where(some, arm, -1), np.where(some, whole[of, arm], 0.0), whole, of)


def choose_each(shares: NDArray[np.float64], uniforms: NDArray[np.float64]) -> Choices:
    """As `choose`, where each person has shares of its own: `shares` (arms × people), which are made whole in place."""
    arms, people = shares.shape
    arm, drawn = np.empty(people, dtype=np.int64), np.empty(people)
    number = np.uint8 if arms < 256 else np.int64
    for start in range(0, people, _ROWS):
        part = shares[:, start : start + _ROWS]
        here = slice(start, start + part.shape[1])
        passed = part.copy()
        for before, one in pairwise(passed):  # row by row: NumPy's cumsum goes column by column, twenty times slower
            one += before
        reach = uniforms[here] * passed[-1]
        found = np.add.reduce((passed <= reach).view(np.uint8), axis=0, dtype=number)
        found = np.minimum(found, arms - 1, dtype=np.int64)
        total = part.sum(axis=0)
        some = total > 0
        part /= np.where(some, total, 1.0)
        drawn[here] = part[found, np.arange(len(found))]
        arm[here] = np.where(some, found, -1)
    return Choices(arm, drawn, shares.T, np.arange(people))


def with_floor(share: NDArray[np.float64], allowed: NDArray[np.bool_], floor: float) -> NDArray[np.float64]:
    """(1 − floor) · share + floor / K among the K `allowed` arms of each row; 0 for the others."""
    compete = allowed.sum(axis=-1, keepdims=True)
    even = np.divide(allowed, compete, out=np.zeros(allowed.shape), where=compete > 0)
    result: NDArray[np.float64] = (1 - floor) * np.where(allowed, share, 0.0) + floor * even
    return result


def decide_alone(
    decide_many: Callable[[Situations, NDArray[np.float64]], Choices], situation: Situation, uniform: float
) -> Choice:
    """One person's choice, as `decide_many` makes it in any batch."""
    asked = Situations(
        situation.arms,
        np.array([situation.allowed], dtype=bool),
        np.zeros(1, dtype=np.int64),
        situation.seed,
        (situation.cohort,) if situation.cohort else (),
        np.array([situation.seen], dtype=np.float64) if situation.seen else None,
        np.array([situation.context], dtype=np.float64) if situation.context else None,
    )
    found = decide_many(asked, np.array([uniform]))
    return Choice(int(found.arm[0]), float(found.propensity[0]), tuple(found.shares[found.of[0]].tolist()))


def draw_one(shares: Sequence[float], uniform: float) -> Choice:
    """One person's arm from the shares of all arms, as `choose` draws it."""
    passed = list(accumulate(shares))
    total = passed[-1] if passed else 0.0
    if total <= 0:
        return Choice(-1, 0.0, tuple(shares))
    whole = [share / total for share in shares]
    # The last arm stays where rounding passes all.
    arm = min(bisect_right(passed, uniform * total), len(whole) - 1)
    return Choice(arm, whole[arm], tuple(whole))
