"""Student's t and the normal distribution, as far as fixed-horizon tests need them, on the standard library."""

import math
from statistics import NormalDist

_TINY = 1e-300


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (Numerical Recipes, 6.4)."""
    if not 0.0 < x < 1.0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - incomplete_beta(b, a, 1.0 - x)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    c, d = 1.0, 1.0 / max(1.0 - (a + b) * x / (a + 1.0), _TINY)
    fraction = d
    for m in range(1, 10_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0)),
        ):
            d = 1.0 / (1.0 + term * d or _TINY)
            c = 1.0 + term / c or _TINY
            fraction *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return math.exp(front) * fraction / a


def two_sided_p(t: float, degrees: float) -> float:
    """The probability that Student's t is at least this far from zero; the normal's for infinite degrees."""
    if math.isinf(degrees) or degrees > 1e7:
        return math.erfc(abs(t) / math.sqrt(2.0))
    return incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + t * t))


def two_sided_quantile(alpha: float, degrees: float) -> float:
    """How far from zero Student's t is with probability `alpha`: what an interval reaches, in standard errors."""
    low, high = 0.0, NormalDist().inv_cdf(1.0 - alpha / 2.0) + 1.0
    while two_sided_p(high, degrees) > alpha:
        high *= 2.0
    for _ in range(200):
        middle = (low + high) / 2.0
        if two_sided_p(middle, degrees) > alpha:
            low = middle
        else:
            high = middle
        if high - low < 1e-13 * high:
            break
    return (low + high) / 2.0
