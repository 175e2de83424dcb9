"""Two selection rates compared: their ratio with an interval, and what the four-fifths rule makes of it."""

import math
from dataclasses import dataclass
from typing import Literal

FOUR_FIFTHS = 0.8
LEAST = 30
"""Below so many eligible people in a group, nothing is concluded of its rate."""
_CHI2_95 = 3.841458820694124
_STEPS = 80

Standing = Literal["kept", "broken", "open", "too_few"]
"""'kept': the whole interval is at or above four fifths; 'broken': all of it is below; 'open': it reaches over both."""


@dataclass(frozen=True, slots=True)
class RateRatio:
    """Selected of eligible people in a group and in the one with the highest rate, and the ratio of the rates.

    `ratio`, `low` and `high` are None where the other group selected nobody.
    """

    selected: int
    eligible: int
    best_selected: int
    best_eligible: int
    ratio: float | None
    low: float | None
    high: float | None
    standing: Standing


def compare_rates(selected: int, eligible: int, best_selected: int, best_eligible: int) -> RateRatio:
    """The ratio of two selection rates per eligible person with Koopman's 95 % interval (Biometrics 1984)."""
    counts = (selected, eligible, best_selected, best_eligible)
    if not eligible or not best_eligible or not best_selected:
        return RateRatio(*counts, None, None, None, "too_few")
    ratio = (selected / eligible) / (best_selected / best_eligible)
    low, high = score_interval(*counts)
    if min(eligible, best_eligible) < LEAST:
        standing: Standing = "too_few"
    else:
        standing = "kept" if low >= FOUR_FIFTHS else "broken" if high < FOUR_FIFTHS else "open"
    return RateRatio(*counts, ratio, low, high, standing)


def score_interval(x: int, n: int, y: int, m: int) -> tuple[float, float]:
    """Every ratio of rates x/n to y/m (y > 0) that a score test at 5 % does not refuse; also where x is 0 or n."""
    estimate = (x / n) / (y / m)
    low = 0.0 if x == 0 else _edge(x, n, y, m, estimate, math.exp(-20) * estimate)
    start = estimate if x else 0.5 / n / (y / m)
    return low, _edge(x, n, y, m, start, math.exp(20) * start)


def _edge(x: int, n: int, y: int, m: int, inside: float, outside: float) -> float:
    """Where between a ratio inside the interval and one outside the score reaches its critical value: by halving."""
    if x == 0 and _score(x, n, y, m, inside) > _CHI2_95:
        inside, outside = inside * 1e-9, inside
    for _ in range(_STEPS):
        middle = math.sqrt(inside * outside)
        if _score(x, n, y, m, middle) > _CHI2_95:
            outside = middle
        else:
            inside = middle
    return math.sqrt(inside * outside)


def _score(x: int, n: int, y: int, m: int, ratio: float) -> float:
    """Koopman's statistic: squared residuals of both groups under the most likely rates with this ratio."""
    a = ratio * (n + m)
    b = ratio * (n + y) + x + m
    second = (b - math.sqrt(max(b * b - 4 * a * (x + y), 0.0))) / (2 * a)
    second = min(max(second, 1e-15), 1 - 1e-15)
    first = min(max(ratio * second, 1e-15), 1 - 1e-15)
    return (x - n * first) ** 2 / (n * first * (1 - first)) + (y - m * second) ** 2 / (m * second * (1 - second))
