"""The day's sums: what everybody whom a campaign decided for on one day did, added up."""

from dataclasses import dataclass

from tailorbird.types.effect import Effect

SUMS = ("n", "y", "b", "x", "yy", "bb", "xx", "yb", "yx", "bx")
"""People; Σ outcome, Σ denominator of a ratio (of money: people who brought any), Σ covariate; then their squares and
products."""


@dataclass(frozen=True, slots=True)
class DaySums:
    """Running sums of one arm, metric, stratum and day (ISO date, UTC) of first decisions.

    `sums` are in the order of SUMS. Over all strata or all days together, `stratum` or `day` is ''. `until` is the
    moment (ISO, UTC) up to which events are counted in them: while people's windows are open, the day is counted anew.
    """

    arm: str
    metric: str
    stratum: str
    day: str
    sums: tuple[float, ...]
    until: str


@dataclass(frozen=True, slots=True)
class SumsUpdate:
    """What an update of running sums did: days that were counted anew, days that are closed, people looked at."""

    counted: int
    closed: int
    people: int
    until: str


@dataclass(frozen=True, slots=True)
class SumsEffect:
    """One metric of one comparison, read from running sums; `effect` is None, with `why`, where nothing can be said."""

    metric: str
    kind: str
    arm: str
    control: str
    people: int
    control_people: int
    effect: Effect | None
    kept: float = 1.0
    why: str = ""
