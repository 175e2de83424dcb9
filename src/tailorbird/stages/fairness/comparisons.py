"""Groups compared over all attributes and measures at once, and which of the differences are findings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.fairness.answers import MEASURES, OFFERS
from tailorbird.stages.fairness.discoveries import Q, adjust_p
from tailorbird.stages.fairness.sign_flips import FLIPS, PairedDifference, flip_signs
from tailorbird.stages.fairness.within_cells import GroupDifference

SMALLEST = 0.2
"""A difference below this many standard deviations is no finding, however sure it is; for offers see `judge_pairs`."""
LEAST_PAIRS = 20
"""With fewer pairs nothing is concluded, but for offers that differ where they should not."""

Reason = Literal["", "offer", "difference", "too_few"]
"""Why a comparison is a finding ('offer': exact; 'difference': by the test), or why nothing can be said."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure of one group against the group it is compared with. `q` is the adjusted p over the whole family."""

    attribute: str
    group: str
    reference: str
    measure: str
    proxy_for: str
    result: PairedDifference
    q: float | None = None
    reason: Reason = ""

    @property
    def flagged(self) -> bool:
        """Whether it is a finding."""
        return self.reason in ("offer", "difference")


def compare_pairs(
    attribute: str,
    group: str,
    reference: str,
    proxy_for: str,
    measured: NDArray[np.float64],
    against: NDArray[np.float64],
    rng: np.random.Generator,
    flips: int = FLIPS,
) -> list[Comparison]:
    """Every measure of a group less that of the reference (both contexts × measures), tested but not judged yet."""
    results = flip_signs(measured - against, rng, flips)
    return [
        Comparison(attribute, group, reference, measure, proxy_for, result)
        for measure, result in zip(MEASURES, results, strict=True)
    ]


def judge_pairs(comparisons: Sequence[Comparison], exact: bool = True, q: float = Q) -> list[Comparison]:
    """Say which comparisons are findings: adjusted p at most `q` over all of them, and |d| at least SMALLEST.

    With `exact` any difference of an offer is a finding, tested or not: that holds only where the same persona twice
    gets the same message, as in a pipeline without chance of its own. Else an offer is tested like all else.
    """
    adjusted = adjust_p([comparison.result.p for comparison in comparisons])
    return [
        replace(comparison, q=q_value, reason=_reason(comparison, q_value, exact, q))
        for comparison, q_value in zip(comparisons, adjusted, strict=True)
    ]


def _reason(comparison: Comparison, q_value: float | None, exact: bool, q: float) -> Reason:
    result = comparison.result
    if exact and comparison.measure in OFFERS and result.differing:
        return "offer"
    if result.pairs < LEAST_PAIRS:
        return "too_few"
    if q_value is not None and q_value <= q and abs(result.d) >= SMALLEST:
        return "difference"
    return ""


@dataclass(frozen=True, slots=True)
class DeliveredComparison:
    """One measure of what real people of a group were given, against those of another; `within` cells, or over all."""

    attribute: str
    group: str
    reference: str
    measure: str
    proxy_for: str
    within: bool
    result: GroupDifference
    q: float | None = None
    reason: Reason = ""

    @property
    def flagged(self) -> bool:
        """Whether it is a finding."""
        return self.reason in ("offer", "difference")


def judge_delivered(
    comparisons: Sequence[DeliveredComparison], least: int, offers: Sequence[str] = OFFERS, q: float = Q
) -> list[DeliveredComparison]:
    """Say which comparisons of delivered messages are findings; with fewer than `least` people in either group nothing
    is concluded, and nothing is tested. Offers know no smallest difference."""
    enough = [min(each.result.people, each.result.others) >= least for each in comparisons]
    adjusted = adjust_p([each.result.p if ok else None for each, ok in zip(comparisons, enough, strict=True)])
    judged = []
    for each, ok, q_value in zip(comparisons, enough, adjusted, strict=True):
        sure = q_value is not None and q_value <= q
        large = each.measure in offers or abs(each.result.d) >= SMALLEST
        reason: Reason = "too_few" if not ok else "difference" if sure and large else ""
        judged.append(replace(each, q=q_value, reason=reason))
    return judged
