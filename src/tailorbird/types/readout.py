"""The read-out: what a campaign did, in numbers that were fixed before anybody drew a plot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

VerdictKind = Literal["better", "worse", "no_difference", "too_few", "no_comparison", "blocked"]


@dataclass(frozen=True, slots=True)
class ArmRow:
    """One arm, counted by intention to treat: everybody decided for it, whether or not the message arrived.

    `conversions` are people with at least one metric event in the window; `attributed` those whose first one came
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
class Effect:
    """A difference, treatment minus holdout, with its always-valid interval and p. None: cannot be computed."""

    difference: float
    low: float
    high: float
    p: float
    relative: float | None = None
    relative_low: float | None = None
    relative_high: float | None = None

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class LiftPoint:
    """The read-out as it stood `day` days after the decisions: conversions so far, lift and interval as shares."""

    day: int
    treated: int
    holdout: int
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
    """Raw counts of one creative or tag: exposed people, human clickers, converted people, matured exposures.

    `matured` weighs each exposure by the share of the metric's window that has passed since the decision.
    """

    key: str
    block: str
    exposures: int
    clicks: int
    conversions: int
    matured: float
    rung: str = ""
    text: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RateRow:
    """A row of counts with its rates: plain, 95 % Wilson interval, and shrunk toward the mean of its block."""

    counts: CountRow
    click_rate: float
    click_low: float
    click_high: float
    click_shrunk: float
    conversion_rate: float
    conversion_low: float
    conversion_high: float
    conversion_shrunk: float


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
    """The baseline 'everybody gets the same line': the best such line of a block, estimated from the logged draws.

    `rate` is the self-normalised inverse-propensity estimate; None, with `why`, where the data cannot carry it.
    """

    block: str
    text: str
    policy_rate: float
    rate: float | None
    effective_people: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Readout:
    """One campaign's result. `effect` is None where there is no comparison or the split failed its check.

    Rates and lifts are shares of people (0.021 is 2.1 points). `planted` describes an effect that was added to the
    outcomes on purpose ('' for none); `simulated` says that the customers are not real. Times are in UTC.
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
    planted: str = ""
    notes: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
