"""The verdict: one plain sentence, and the rules that decide which."""

from collections.abc import Sequence

from tailorbird.stages.measurement.srm import SRM_ALPHA, srm_blocks
from tailorbird.types.campaign import Campaign
from tailorbird.types.readout import ArmRow, Effect, VerdictKind
from tailorbird.types.split_check import SplitCheck


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: '1 person', '2,000 people'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def points(share: float) -> str:
    """A difference of shares in percentage points, with its sign: '+2.1 points'."""
    return f"{share * 100:+.1f} points"


def judge(
    campaign: Campaign,
    treated: ArmRow,
    holdout: ArmRow,
    effect: Effect | None,
    p: float | None,
    min_conversions: int,
    splits: Sequence[SplitCheck] = (),
) -> tuple[VerdictKind, str]:
    """(kind, sentence). `effect` is None where there is nothing to compare or the split is off: by the checks of
    `splits`, where they are given, else by `p`."""
    off = [check for check in splits if check.blocked]
    if off:
        return "blocked", f"The read-out is blocked. {off[0].why} Find out who went missing before reading any effect."
    if not splits and srm_blocks(p):
        return "blocked", _blocked(campaign, treated, holdout)
    if effect is None:
        missing = "nobody was held out" if treated.people else "nobody was treated"
        return "no_comparison", f"No comparison: {missing}, so nobody can say what the messages changed."
    fewest = min(treated.conversions, holdout.conversions)
    if fewest < min_conversions:
        return "too_few", (
            f"Too few conversions for a verdict: {treated.conversions:,} among "
            f"{count(treated.people, 'treated person', 'treated people')} and {holdout.conversions:,} among "
            f"{holdout.people:,} held out; a verdict needs at least {min_conversions} in each."
        )
    if not effect.excludes_zero:
        return "no_difference", (
            f"No difference found: {treated.rate:.1%} of the treated and {holdout.rate:.1%} of the held out "
            f"converted, and the interval from {points(effect.low)} to {points(effect.high)} includes zero."
        )
    more, kind = ("more", "better") if effect.difference > 0 else ("fewer", "worse")
    per_hundred = abs(effect.difference) * 100
    sentence = (
        f"The messages brought {more} conversions: {per_hundred:.1f} {more} in every 100 people "
        f"({treated.rate:.1%} of the treated, {holdout.rate:.1%} of the held out)."
    )
    return ("better" if kind == "better" else "worse"), sentence


def _blocked(campaign: Campaign, treated: ArmRow, holdout: ArmRow) -> str:
    total = treated.people + holdout.people
    return (
        f"The read-out is blocked: {holdout.people:,} of {total:,} people were held out "
        f"({holdout.people / total:.1%}) where {campaign.holdout:.1%} were planned; chance gives such a split in less "
        f"than {SRM_ALPHA:.1%} of experiments. Find out who went missing before reading any effect."
    )
