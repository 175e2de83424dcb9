"""Fixed-horizon tests, for those who look once, when the planned number of people is reached.

They are narrower than the intervals that hold at every look, and untrue as soon as somebody looks twice: in A/A tests
with 100 looks they find a difference in more than a third.
"""

import math

from tailorbird.stages.measurement.confidence_sequence import ALPHA
from tailorbird.stages.measurement.estimates import with_bounds
from tailorbird.stages.measurement.student_t import two_sided_p, two_sided_quantile
from tailorbird.types.effect import Effect
from tailorbird.types.estimate import Estimate


def fixed_horizon(found: Estimate, alpha: float = ALPHA) -> Effect | None:
    """Welch's t test of an estimate: (difference, interval, p), right once; None where there is no estimate.

    The degrees of freedom are Welch and Satterthwaite's.
    """
    if found.difference is None or found.error <= 0:
        return None
    degrees = welch_degrees(found)
    return with_bounds(found, two_sided_quantile(alpha, degrees), two_sided_p(found.difference / found.error, degrees))


def welch_degrees(found: Estimate) -> float:
    """Degrees of freedom of a difference whose arms have variances of their own."""
    parts = found.treated_error**4 / (found.treated_people - 1.0) + found.control_error**4 / (
        found.control_people - 1.0
    )
    return found.error**4 / parts if parts > 0 else math.inf


def two_shares_p(x_t: float, n_t: float, x_c: float, n_c: float) -> float | None:
    """The z test of two shares with their pooled variance, two-sided; None for an empty arm or one common answer."""
    if min(n_t, n_c) <= 0 or not 0 < x_t + x_c < n_t + n_c:
        return None
    pooled = (x_t + x_c) / (n_t + n_c)
    error = math.sqrt(pooled * (1.0 - pooled) * (1.0 / n_t + 1.0 / n_c))
    return math.erfc(abs(x_t / n_t - x_c / n_c) / error / math.sqrt(2.0))
