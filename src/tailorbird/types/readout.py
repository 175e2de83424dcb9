"""The read-out: what a campaign did, in numbers that were fixed before anybody drew a plot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tailorbird.types.attribution import Attribution, Lifetime
from tailorbird.types.comparison import Comparison
from tailorbird.types.effect import Effect
from tailorbird.types.split_check import SplitCheck

__all__ = ["Effect"]

VerdictKind = Literal["better", "worse", "no_difference", "too_few", "no_comparison", "blocked"]


@dataclass(frozen=True, slots=True)
class ArmRow:
    """One arm, counted by intention to treat: everybody decided for it, whether or not the message arrived.

    `conversions` are people with at least one metric event in the window; `attributed` those with one that came
    after a human click on the decision's own message; `value` is money in the window, `value_per_person` its mean.
    """

    arm: str
    people: int
    exposed: int = 0
    clicked: int = 0
    unsubscribed: int = 0
    conversions: int = 0
    attributed: int = 0
    refunded: int = 0
    value: float = 0.0

    @property
    def rate(self) -> float:
        """Share of the arm's people who converted; 0 for an empty arm."""
        return self.conversions / self.people if self.people else 0.0

    @property
    def value_per_person(self) -> float:
        """Mean money per person of the arm, buyers or not; 0 for an empty arm."""
        return self.value / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class LiftPoint:
    """The read-out `day` days after the decisions: conversions so far, lift and interval as shares.

    Only people whose decision is that old count: `treated_people` and `holdout_people` of them.
    """

    day: int
    treated: int
    holdout: int
    treated_people: int
    holdout_people: int
    lift: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step of the funnel: people still in, and what the step means in plain words."""

    name: str
    people: int
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class CountRow:
    """Raw counts of one creative or tag: people who were shown it, who of them clicked, and who converted."""

    key: str
    block: str
    exposures: int
    clicks: int
    conversions: int
    rung: str = ""
    text: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate that may be compared: what the line would have reached among all people of its block, whose mean is
    `mean`.

    `observed` successes stand against `expected` ones, those of other lines among the same people. `low` and `high`
    are an interval that holds at every look, for all lines of the block together; (0, 1) where too little is known.
    `shrunk` is the rate pulled toward the mean, since the best of many is partly the luckiest.
    """

    value: float
    low: float
    high: float
    shrunk: float
    mean: float
    observed: float = 0.0
    expected: float = 0.0

    @property
    def stands_out(self) -> bool:
        """Whether the line differs from the mean of its block by more than chance explains."""
        return self.low > self.mean or self.high < self.mean


@dataclass(frozen=True, slots=True)
class RateRow:
    """A row of counts with its comparable rates."""

    counts: CountRow
    clicks: Rate
    conversions: Rate


@dataclass(frozen=True, slots=True)
class Rejected:
    """A draft that the gate refused: its text, the finding in words, and the (start, end) span at fault."""

    text: str
    block: str
    locale: str
    finding: str
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Work:
    """What the campaign took to make: messages, model calls, drafts, rungs per block, time and money (micros)."""

    messages: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    model_calls: int = 0
    cached: int = 0
    lines_written: int = 0
    lines_passed: int = 0
    lines_accepted: int = 0
    cpu_seconds: float = 0.0
    cost_micros: int = 0
    delivery_seconds: float = 0.0
    briefs: int = 0
    people_default: int = 0
    people_specific: int = 0
    lines_by_locale: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    rungs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    rejected_by_reason: Mapping[str, int] = field(default_factory=dict)
    rejected_examples: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class SameForAll:
    """The baseline 'everybody gets the same line': the one line of a block that most people could have got.

    `rate` is its rate and `policy_rate` the one that was reached, both among the people who could have got it;
    `low` and `high` bound rate - policy_rate at every look. None, with `why`, where the data cannot carry it.
    """

    block: str
    text: str
    policy_rate: float
    rate: float | None
    effective_people: float
    low: float | None = None
    high: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Readout:
    """One campaign's result. `effect` is None where there is no comparison or the split failed its check.

    Rates and lifts are shares of people (0.021 is 2.1 points). `planted` describes an effect that was added to the
    outcomes on purpose ('' for none); `simulated` says that the customers are not real. `value_cap` is where one
    person's money was cut off for `value_effect`. `data_checks` are sentences on what of the events was left out.
    Times are in UTC.
    """

    campaign: str
    hypothesis: str
    metric: str
    metric_event: str
    window_days: int
    currency: str
    until: datetime | None
    treated: ArmRow
    holdout: ArmRow
    planned_holdout: float
    srm_p: float | None
    verdict: VerdictKind
    sentence: str
    effect: Effect | None = None
    value_effect: Effect | None = None
    lift_over_time: tuple[LiftPoint, ...] = ()
    funnel: tuple[FunnelStep, ...] = ()
    creatives: tuple[RateRow, ...] = ()
    tags: tuple[RateRow, ...] = ()
    same_for_all: tuple[SameForAll, ...] = ()
    work: Work = field(default_factory=Work)
    open_windows: int = 0
    machine_clicks: int = 0
    min_conversions: int = 25
    n_star: float = 0.0
    alpha: float = 0.05
    simulated: bool = False
    value_cap: float | None = None
    planted: str = ""
    notes: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    attribution: Attribution | None = None
    lifetime: Lifetime | None = None
    data_checks: tuple[str, ...] = ()
    splits: tuple[SplitCheck, ...] = ()
