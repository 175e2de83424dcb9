"""The day's sums: what everybody whom a campaign decided for on one day did, added up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DaySums:
    """Running sums of one arm, metric, stratum and day (ISO date, UTC) of first decisions.

    `sums` are those of `stages/measurement/moments.py`, in its order. `until` is the moment (ISO, UTC) up to which
    events are counted in them: while people's windows are open, the day is counted anew.
    """

    arm: str
    metric: str
    stratum: str
    day: str
    sums: tuple[float, ...]
    until: str
