"""Sample ratio mismatch, watched: an e-value that may be looked at after every person.

Under the planned shares the e-value is a test martingale: the probability that it ever reaches 1/alpha is at most
alpha (Ville 1939), however often one looks. It compares how likely the arms were, one person after the other, under a
Dirichlet-multinomial law around the plan with their likelihood under the plan itself (Lindon and Malek 2022, 'Anytime-
valid inference for multinomial count data').
"""

import math
from collections.abc import Iterable, Sequence

STRENGTH = 100.0
"""How many people the law's prior around the plan is worth."""


def split_log_e(counts: Sequence[int], shares: Sequence[float], strength: float = STRENGTH) -> float:
    """The logarithm of the e-value of counts by arm against planned `shares`, which add up to 1 and are above 0.

    0 for nobody. Raises ValueError for shares that are no such thing, or for counts of another length.
    """
    if len(counts) != len(shares) or len(shares) < 2:
        raise ValueError(f"a split has a share for each of at least two arms, not {len(counts)} and {len(shares)}")
    if not all(share > 0 for share in shares) or abs(math.fsum(shares) - 1) > 1e-6:
        raise ValueError(f"planned shares are above 0 and add up to 1, not {', '.join(map(str, shares))}")
    found = math.lgamma(strength) - math.lgamma(strength + sum(counts))
    for count, share in zip(counts, shares, strict=True):
        found += math.lgamma(strength * share + count) - math.lgamma(strength * share) - count * math.log(share)
    return found


def watch_log_e(days: Iterable[tuple[Sequence[int], Sequence[float]]]) -> list[float]:
    """The logarithm of the e-value after each of `days`: (people who came by arm, the shares planned for them).

    People of different plans have e-values of their own, which multiply: each is a fair bet made after the others.
    """
    totals: dict[tuple[float, ...], list[int]] = {}
    evidence: dict[tuple[float, ...], float] = {}
    found = []
    for counts, shares in days:
        plan = tuple(shares)
        kept = totals.setdefault(plan, [0] * len(plan))
        totals[plan] = [before + new for before, new in zip(kept, counts, strict=True)]
        evidence[plan] = split_log_e(totals[plan], plan)
        found.append(math.fsum(evidence.values()))
    return found
