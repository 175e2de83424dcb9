"""Tiers of copy: none, template, small model, large model; and which step up is worth its cost.

A step from one tier to the next costs more per person and has to bring more: its marginal return is margin * (value at
the tier - value at the one before) / (cost - cost before). People must have been put into tiers at random, or the
difference is not the tier's. A step is taken only if the lower end of its return's interval is above 1; the first that
is not ends the way up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tailorbird.types.creative import Creative
from tailorbird.types.tier_spec import TIER_TAG, TIERS, Tier

CONVERSIONS_MIN = 100
"""Fewer conversions than this in a tier say nothing reliable of money."""

Interval = Callable[[int, float, float, int, float, float], tuple[float, float, float]]
"""(n, mean, variance of one group, the same of another) to (low, high, p) of the difference of the means."""


@dataclass(frozen=True)
class TierOutcome:
    """What people put into one tier at random brought: their number, conversions, mean and variance of money each
    (the margin of it), and `cost`, what the tier costs per person, both in the currency."""

    tier: Tier
    people: int
    conversions: int
    mean: float
    variance: float
    cost: float


@dataclass(frozen=True)
class TierStep:
    """One step up: what it costs and brings per person, its return with the interval, and whether it is taken.

    `why` says why it is not, or why there is no figure (then the figures are None).
    """

    below: Tier
    tier: Tier
    cost: float
    gain: float | None
    low: float | None
    high: float | None
    taken: bool
    why: str

    @property
    def returned(self) -> tuple[float, float, float] | None:
        """(return per unit of cost, low, high); None where the step costs nothing more, or nothing is known."""
        if self.gain is None or self.low is None or self.high is None or self.cost <= 0:
            return None
        return self.gain / self.cost, self.low / self.cost, self.high / self.cost


def judge_steps(outcomes: Sequence[TierOutcome], interval: Interval) -> tuple[TierStep, ...]:
    """Every step between neighbouring tiers that were tried, from the lowest, and which are taken."""
    ordered = sorted(outcomes, key=lambda one: TIERS.index(one.tier))
    steps: list[TierStep] = []
    open_way = True
    for below, above in pairwise(ordered):
        step = _judge(below, above, interval, open_way)
        open_way = step.taken
        steps.append(step)
    return tuple(steps)


def tier_for_all(outcomes: Sequence[TierOutcome], steps: Sequence[TierStep]) -> Tier | None:
    """The highest tier that the steps lead to, for everybody alike; None where no tier was tried."""
    reached = min((one.tier for one in outcomes), key=TIERS.index, default=None)
    for step in steps:
        if not step.taken:
            break
        reached = step.tier
    return reached


def _judge(below: TierOutcome, above: TierOutcome, interval: Interval, open_way: bool) -> TierStep:
    cost = above.cost - below.cost
    few = [one for one in (below, above) if one.conversions < CONVERSIONS_MIN]
    if few:
        told = " and ".join(f"{one.conversions} in {one.tier}" for one in few)
        why = f"too few conversions to say ({told}; at least {CONVERSIONS_MIN} in each)"
        return TierStep(below.tier, above.tier, cost, None, None, None, False, why)
    gain = above.mean - below.mean
    low, high, _ = interval(above.people, above.mean, above.variance, below.people, below.mean, below.variance)
    worth = low > max(cost, 0.0)
    why = ""
    if not open_way:
        why = "the step before is not worth it"
    elif not worth:
        why = "it does not surely bring back more than it costs"
    return TierStep(below.tier, above.tier, cost, gain, low, high, worth and open_way, why)


def lines_of_tier(creatives: Sequence[Creative], tier: str) -> list[Creative]:
    """The lines that may be shown in a tier: people's in `template`; in `small` and `large` those and that model's.

    Without a tier ('') all lines may be shown.
    """
    return [line for line in creatives if not tier or line.rung != "model" or written_in(line) == tier]


def written_in(line: Creative) -> Tier:
    """The tier of a line: 'template' where a person wrote it, else that of the model that did.

    Lines of the large model bear the tag `tier: large`.
    """
    if line.rung != "model":
        return "template"
    return "large" if line.tags.get(TIER_TAG) == "large" else "small"


def costs_per_person(message: float, written: Mapping[Tier, float], people: int) -> dict[Tier, float]:
    """What each tier costs for one of `people`: a message, and their part of the writing; nothing for 'none'."""
    share = {tier: (amount / people if people else 0.0) for tier, amount in written.items()}
    return {"none": 0.0, "template": message, "small": message + share.get("small", 0.0),
            "large": message + share.get("large", 0.0)}  # fmt: skip
