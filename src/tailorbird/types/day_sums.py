"""The day's sums: what everybody whom a campaign decided for on one day did, added up."""

from dataclasses import dataclass

from tailorbird.types.comparison import Comparison
from tailorbird.types.split_check import SplitCheck

SUMS = ("n", "y", "b", "x", "yy", "bb", "xx", "yb", "yx", "bx")
"""People; Σ outcome, Σ denominator of a ratio, Σ covariate; then their squares and products."""


@dataclass(frozen=True, slots=True)
class DaySums:
    """Running sums of one arm, metric, stratum and day (ISO date, UTC) of first decisions, by locale and step.

    `sums` are in the order of SUMS; `did` counts the people with at least one event that was not paid back. What the
    sums were added over is ''. `until` is the moment (ISO, UTC) up to which events are counted in them: while people's
    windows are open, the day is counted anew.
    """

    arm: str
    metric: str
    stratum: str
    day: str
    sums: tuple[float, ...]
    until: str
    locale: str = ""
    step: str = ""
    did: float = 0.0


@dataclass(frozen=True, slots=True)
class SumsUpdate:
    """What an update of running sums did: days that were counted anew, days that are closed, people looked at."""

    counted: int
    closed: int
    people: int
    until: str


@dataclass(frozen=True, slots=True)
class SumsReadout:
    """What running sums say of a campaign: the checks of its splits, and its comparisons, as a report has them.

    `notes` are sentences on what is missing or odd; `not_in_sums` is what only a report can say.
    """

    people: int
    splits: tuple[SplitCheck, ...]
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]
    not_in_sums: str
