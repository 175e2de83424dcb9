"""Sample ratio mismatch: did the split between treatment and holdout come out as planned?

A split that is off means that people went missing from one arm: the arms no longer compare like with like, so no
effect is reported at all.
"""

import math

SRM_ALPHA = 0.001


def srm_p(treated: int, holdout: int, planned_holdout: float) -> float | None:
    """Chi-square p (one degree of freedom) of the counts against the planned share; None where nothing was split.

    A small p says that chance hardly explains the split. Raises ValueError for a share outside 0 to 1.
    """
    if not 0 <= planned_holdout <= 1:
        raise ValueError(f"the planned holdout share must lie between 0 and 1, not {planned_holdout}")
    total = treated + holdout
    if total == 0 or planned_holdout in (0, 1):
        return None
    expected_holdout = total * planned_holdout
    expected_treated = total - expected_holdout
    chi_square = (holdout - expected_holdout) ** 2 / expected_holdout
    chi_square += (treated - expected_treated) ** 2 / expected_treated
    # For one degree of freedom the chi-square tail is the two-sided normal tail of its root.
    return math.erfc(math.sqrt(chi_square / 2.0))


def srm_blocks(p: float | None) -> bool:
    """Whether the mismatch is too unlikely to report an effect: p below 0.001."""
    return p is not None and p < SRM_ALPHA
