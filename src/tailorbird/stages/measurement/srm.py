"""Sample ratio mismatch: did the split between treatment and holdout come out as planned?

A split that is off means that people went missing from one arm: the arms no longer compare like with like, so no
effect is reported at all.
"""

import math

SRM_ALPHA = 0.001
EXACT_BELOW = 50.0


def srm_p(treated: int, holdout: int, planned_holdout: float) -> float | None:
    """The p of the counts against the planned share; None where nothing was split.

    Chi-square with one degree of freedom, or the exact binomial test where fewer than EXACT_BELOW people are expected
    in an arm. A small p says that chance hardly explains the split. Raises ValueError for a share outside 0 to 1.
    """
    if not 0 <= planned_holdout <= 1:
        raise ValueError(f"the planned holdout share must lie between 0 and 1, not {planned_holdout}")
    total = treated + holdout
    if total == 0 or planned_holdout in (0, 1):
        return None
    expected_holdout = total * planned_holdout
    expected_treated = total - expected_holdout
    if min(expected_holdout, expected_treated) < EXACT_BELOW:
        return _binomial_p(holdout, total, planned_holdout)
    chi_square = (holdout - expected_holdout) ** 2 / expected_holdout
    chi_square += (treated - expected_treated) ** 2 / expected_treated
    # For one degree of freedom the chi-square tail is the two-sided normal tail of its root.
    return math.erfc(math.sqrt(chi_square / 2.0))


def _binomial_p(count: int, total: int, share: float) -> float:
    """Two-sided exact p: the probability of all counts that are as unlikely as this one, or more so."""
    if share > 0.5:
        count, share = total - count, 1.0 - share

    def log_probability(k: int) -> float:
        choose = math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1)
        return choose + k * math.log(share) + (total - k) * math.log1p(-share)

    observed = log_probability(count)
    # Beyond this many everything together is far below any p that matters.
    last = min(total, max(count, math.ceil(total * share + 40 * math.sqrt(total * share) + 40)))
    tail = (log_probability(k) for k in range(last + 1))
    return min(1.0, math.fsum(math.exp(p) for p in tail if p <= observed + 1e-9))


def srm_blocks(p: float | None) -> bool:
    """Whether the mismatch is too unlikely to report an effect: p below 0.001."""
    return p is not None and p < SRM_ALPHA
