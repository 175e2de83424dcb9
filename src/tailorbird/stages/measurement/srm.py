"""Sample ratio mismatch: did a split come out as planned, looked at once?

A split that is off means that people went missing from one arm: the arms no longer compare like with like, so no
effect is reported at all.
"""

import math
from collections.abc import Sequence

SRM_ALPHA = 0.001
EXACT_BELOW = 50.0
SPARSE_BELOW = 5.0
"""The chi-square test of three arms and more needs this many people expected in each."""


def srm_p(treated: int, holdout: int, planned_holdout: float) -> float | None:
    """The p of the counts against the planned share; None where nothing was split.

    Chi-square with one degree of freedom, or the exact binomial test where fewer than EXACT_BELOW people are expected
    in an arm. A small p says that chance hardly explains the split. Raises ValueError for a share outside 0 to 1.
    """
    if not 0 <= planned_holdout <= 1:
        raise ValueError(f"the planned holdout share must lie between 0 and 1, not {planned_holdout}")
    if planned_holdout in (0, 1):
        return None
    return split_p((treated, holdout), (1 - planned_holdout, planned_holdout))


def split_p(counts: Sequence[int], shares: Sequence[float]) -> float | None:
    """The p of people by arm against planned `shares`, which add up to 1; None for nobody, or one arm alone.

    Chi-square with one degree of freedom less than there are arms. Two arms with fewer than EXACT_BELOW people expected
    in one have the exact binomial test; more arms with fewer than SPARSE_BELOW, the least of the arms' exact tests
    times their number. Somebody in an arm of share 0 gives 0. Raises ValueError for shares that are none.
    """
    if len(counts) != len(shares) or abs(math.fsum(shares) - 1) > 1e-6 or not all(share >= 0 for share in shares):
        raise ValueError(f"planned shares are at least 0 and add up to 1, not {', '.join(map(str, shares))}")
    if any(count and not share for count, share in zip(counts, shares, strict=True)):
        return 0.0
    arms = [(count, share) for count, share in zip(counts, shares, strict=True) if share > 0]
    total = sum(counts)
    if total == 0 or len(arms) < 2:
        return None
    least = total * min(share for _, share in arms)
    if len(arms) == 2 and least < EXACT_BELOW:
        return _binomial_p(arms[1][0], total, arms[1][1])
    if least < SPARSE_BELOW:
        return min(1.0, len(arms) * min(_binomial_p(count, total, share) for count, share in arms))
    chi_square = math.fsum((count - total * share) ** 2 / (total * share) for count, share in arms)
    return chi_square_tail(chi_square, len(arms) - 1)


def chi_square_tail(value: float, degrees: int) -> float:
    """The probability that chi-square of 1, 2, … `degrees` of freedom is at least `value`: the regularised upper gamma
    function Q(degrees/2, value/2), by its recurrence from Q(1/2, x) = erfc(sqrt x) or Q(1, x) = exp(-x)."""
    x = value / 2.0
    if x <= 0:
        return 1.0
    a = 0.5 if degrees % 2 else 1.0
    tail = math.erfc(math.sqrt(x)) if degrees % 2 else math.exp(-x)
    while a < degrees / 2.0:
        tail += math.exp(a * math.log(x) - x - math.lgamma(a + 1.0))
        a += 1.0
    return min(1.0, tail)


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
