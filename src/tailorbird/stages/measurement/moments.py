"""Running sums of an arm: all that means, ratios, covariates and their intervals need, for one person or a billion.

Three numbers of each person: the outcome `y`, the denominator `b` of a ratio metric, and the covariate `x`, known
before the decision. Sums add up: those of two days, two machines or two strata are the sums of the people together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add, attrgetter, sub
from typing import Any

import numpy as np
import numpy.typing as npt

from tailorbird.types.day_sums import SUMS

sums_of: Callable[[object], tuple[float, ...]] = attrgetter(*SUMS)
"""The ten sums as a tuple, in that order."""

ROUNDING = 1e-12
"""A variance below this part of the mean square is the rounding error of its sums, and counts as zero."""

Values = npt.NDArray[np.floating[Any]] | npt.NDArray[np.integer[Any]] | Sequence[float]


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over people: how many, Σy, Σb, Σx, Σy², Σb², Σx², Σyb, Σyx, Σbx. Without b or x, those are 0.

    Sums are doubles: outcomes whose spread is less than a millionth of their mean are refused as constant.
    """

    n: float = 0.0
    y: float = 0.0
    b: float = 0.0
    x: float = 0.0
    yy: float = 0.0
    bb: float = 0.0
    xx: float = 0.0
    yb: float = 0.0
    yx: float = 0.0
    bx: float = 0.0

    def __add__(self, other: "Moments") -> "Moments":
        """The people of both."""
        return Moments(*map(add, sums_of(self), sums_of(other)))

    def __sub__(self, other: "Moments") -> "Moments":
        """Without the people of `other`, who must be among these."""
        return Moments(*map(sub, sums_of(self), sums_of(other)))

    def mean(self, name: str) -> float:
        """The mean of 'y', 'b' or 'x'; ZeroDivisionError without people."""
        return float(getattr(self, name)) / self.n

    def covariance(self, one: str, other: str) -> float:
        """The unbiased covariance of two of 'y', 'b', 'x' (the variance of one with itself); 0 below two people."""
        if self.n < 2:
            return 0.0
        product = getattr(self, one + other, None)
        if product is None:
            product = getattr(self, other + one)
        centred = product - getattr(self, one) * getattr(self, other) / self.n
        if one == other and centred < ROUNDING * product:
            return 0.0
        return float(centred) / (self.n - 1.0)


def moments_of(y: Values, b: Values | None = None, x: Values | None = None) -> Moments:
    """The sums of people's outcomes, denominators and covariates: columns of one length.

    Raises ValueError for NaN and infinities, which would spoil every figure without a word.
    """
    columns = [_column(values, len(y)) for values in (y, b, x)]
    of_y, of_b, of_x = columns
    return Moments(
        float(len(of_y)),
        float(of_y.sum()),
        float(of_b.sum()),
        float(of_x.sum()),
        float(of_y @ of_y),
        float(of_b @ of_b),
        float(of_x @ of_x),
        float(of_y @ of_b),
        float(of_y @ of_x),
        float(of_b @ of_x),
    )


def _column(values: Values | None, rows: int) -> npt.NDArray[np.float64]:
    if values is None:
        return np.zeros(rows)
    column = np.asarray(values, dtype=np.float64)
    if column.shape != (rows,):
        raise ValueError(f"columns of one arm must be of one length: {rows} and {column.shape}")
    if not np.isfinite(column).all():
        raise ValueError("an outcome, denominator or covariate is no finite number")
    return column


def add_up(parts: Sequence[Moments]) -> Moments:
    """The sums of all parts together; empty for none."""
    if not parts:
        return Moments()
    return Moments(*(sum(column) for column in zip(*map(sums_of, parts), strict=True)))
