"""The read-out of the whole program: what all messages together changed, by the holdout of all campaigns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tailorbird.types.effect import Effect
from tailorbird.types.estimate import Estimate
from tailorbird.types.readout import VerdictKind
from tailorbird.types.split_check import SplitCheck

ProgramSide = Literal["program", "held"]
ProgramUnit = Literal["count", "money", "share"]


@dataclass(frozen=True, slots=True)
class ProgramArm:
    """One side: `people`, how many of them a message was `sent` to in the period, and what all of them did in it.

    `buyers` have at least one order left after refunds. `revenue` and `margin` are money after refunds, uncut; `margin`
    is None where nothing says what is earned.
    """

    name: ProgramSide
    people: int
    sent: int = 0
    buyers: int = 0
    orders: int = 0
    revenue: float = 0.0
    margin: float | None = None
    unsubscribed: int = 0
    complained: int = 0


@dataclass(frozen=True, slots=True)
class ProgramMetric:
    """One difference per person between everybody who could have been written to and those held out.

    `effect` has the always-valid interval, None, with `why`, where nothing can be said; `total` is the effect times the
    people of the program: what the messages brought in all. Of money, what one person brought is cut off at `cut_off`.
    """

    name: str
    unit: ProgramUnit
    better: Literal["more", "less"]
    estimate: Estimate
    effect: Effect | None = None
    total: Effect | None = None
    cut_off: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class HeldShare:
    """The share that was held out of all campaigns from `since` on; `recorded` is whether the runs wrote it down."""

    share: float
    since: datetime
    recorded: bool


@dataclass(frozen=True, slots=True)
class ProgramReadout:
    """What all messages of a period changed, by intention to treat.

    People are those whom some campaign would have written to since `began`, when the holdout of all campaigns was first
    drawn; each counts from `since`, or from the moment they first became eligible, if that is later, up to `until`.
    `left_out` people are in neither arm, because a changed share moved them from one to the other. `n_star` is the
    number of people at which the intervals are tightest.
    """

    began: datetime
    since: datetime
    until: datetime
    campaigns: tuple[str, ...]
    event: str
    currency: str
    program: ProgramArm
    held: ProgramArm
    split: SplitCheck
    shares: tuple[HeldShare, ...]
    verdict: VerdictKind
    sentence: str
    metrics: tuple[ProgramMetric, ...] = ()
    left_out: int = 0
    notes: tuple[str, ...] = ()
    n_star: float = 0.0
    simulated: bool = False
