"""Paired differences tested by flipping their signs: no assumption but that two personas could have changed places."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

FLIPS = 10_000
_BLOCK = 2_000
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The differences of one measure over pairs: second persona minus first.

    `d` is the mean over the standard deviation of the differences (Cohen's d_z; infinite where all are equal and not
    zero). `low` and `high` are a 95 % interval of the mean by its standard error. `differing` counts pairs that are not
    exactly equal. `p` is None where nothing differs: there is nothing to test.
    """

    pairs: int
    differing: int
    mean: float
    low: float
    high: float
    d: float
    p: float | None
    exact: bool


def flip_signs(
    differences: NDArray[np.float64], rng: np.random.Generator, flips: int = FLIPS
) -> list[PairedDifference]:
    """Test every column of `differences` (pairs × measures); NaN marks a pair in which a measure is not known.

    Under the null each pair's sign is a coin. p = (1 + b) / (1 + flips), where b counts flips whose |mean| is at least
    the observed one (Phipson and Smyth 2010); where so few pairs differ that all their 2^n sign patterns are fewer than
    `flips`, every one of them is looked at, and p is their share. All measures share the same flips.
    """
    known = ~np.isnan(differences)
    filled = np.where(known, differences, 0.0)
    moving = np.flatnonzero(filled.any(axis=0))
    beyond = np.zeros(differences.shape[1], dtype=np.int64)
    beyond[moving] = _count_beyond(filled[:, moving], rng, flips)
    found = []
    for at in range(differences.shape[1]):
        values = differences[known[:, at], at]
        moved = values[values != 0.0]
        exact = len(moved) > 0 and 2 ** len(moved) <= flips
        p = None if len(moved) == 0 else _exact_p(moved) if exact else (1 + int(beyond[at])) / (1 + flips)
        found.append(_described(values, len(moved), p, exact))
    return found


def _count_beyond(filled: NDArray[np.float64], rng: np.random.Generator, flips: int) -> NDArray[np.int64]:
    """How many flips give each measure a sum at least as far from zero as the observed one."""
    observed = np.abs(filled.sum(axis=0))
    edge = observed - _CLOSE * np.maximum(observed, 1.0)
    beyond = np.zeros(filled.shape[1], dtype=np.int64)
    for start in range(0, flips if len(observed) else 0, _BLOCK):
        signs = rng.integers(0, 2, size=(min(_BLOCK, flips - start), len(filled)), dtype=np.int8)
        beyond += (np.abs((2.0 * signs - 1.0) @ filled) >= edge).sum(axis=0)
    return beyond


def _exact_p(moved: NDArray[np.float64]) -> float:
    patterns = np.array(list(product((-1.0, 1.0), repeat=len(moved))))
    observed = abs(float(moved.sum()))
    return float(np.mean(np.abs(patterns @ moved) >= observed - _CLOSE * max(observed, 1.0)))


def _described(values: NDArray[np.float64], moved: int, p: float | None, exact: bool) -> PairedDifference:
    count = len(values)
    mean = float(values.mean()) if count else 0.0
    spread = float(values.std(ddof=1)) if count > 1 else 0.0
    reach = 1.96 * spread / count**0.5 if count else 0.0
    d = mean / spread if spread > 0 else (0.0 if mean == 0 else float(np.copysign(np.inf, mean)))
    return PairedDifference(count, moved, mean, mean - reach, mean + reach, d, p, exact)
