"""Student's t and the normal distribution, as far as fixed-horizon tests need them, on the standard library."""

import math
from statistics import NormalDist

MANY = 300.0
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
    """The probability that Student's t is at least this far from zero; the normal's for infinite degrees.

    Above MANY degrees by Hill's normal deviate (Algorithm 395, CACM 1970), whose error is far below double precision's
    use here; the fraction would need thousands of terms.
    """
    if degrees <= MANY:
        return incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + t * t))
    z = abs(t)
    if not math.isinf(degrees):
        a = degrees - 0.5
        b, y = 48.0 * a * a, a * math.log1p(t * t / degrees)
        tail = (((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b)
        z = ((tail + y + 3.0) / b + 1.0) * math.sqrt(y)
    return math.erfc(z / math.sqrt(2.0))


def two_sided_quantile(alpha: float, degrees: float) -> float:
    """How far from zero Student's t is with probability `alpha`: what an interval reaches, in standard errors.

    From Cornish and Fisher's expansion by Newton's steps.
    """
    z = -NormalDist().inv_cdf(alpha / 2.0)
    t = z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
    if degrees < 3:
        t = max(t, (1.0 / alpha) ** (1.0 / degrees))
    for _ in range(100):
        step = (two_sided_p(t, degrees) - alpha) / (2.0 * _density(t, degrees))
        t = max(t + step, t / 2.0)
        if abs(step) < 1e-12 * t:
            break
    return t


def _density(t: float, degrees: float) -> float:
    if math.isinf(degrees) or degrees > MANY:
        return math.exp(-t * t / 2.0) / math.sqrt(2.0 * math.pi) * (1.0 + (t**4 - 2 * t * t - 1.0) / (4.0 * degrees))
    log = math.lgamma((degrees + 1.0) / 2.0) - math.lgamma(degrees / 2.0) - 0.5 * math.log(degrees * math.pi)
    return math.exp(log - (degrees + 1.0) / 2.0 * math.log1p(t * t / degrees))
