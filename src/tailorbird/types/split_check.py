"""The check of a split: whether people came into the arms as planned, and where not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SplitKind = Literal["arms", "variants", "exposed", "global"]
"""What was split: everybody into treated and held out, the treated into variants, the variants' people who were really
sent something, or everybody whom some campaign would write to into the program and those held out of all campaigns."""


@dataclass(frozen=True, slots=True)
class SplitPlace:
    """One part of the people in which a split is off: `dimension` is 'stratum', 'locale', 'day', 'channel', 'campaign'.

    `counts` are the people by arm and `expected` those that were planned, in the order of the check's arms. `p` is that
    of the chi-square test in this part, times the number of parts that were looked at; `rest_p` that of all other
    people together (None: there are none).
    """

    dimension: str
    value: str
    counts: tuple[int, ...]
    expected: tuple[float, ...]
    p: float
    rest_p: float | None


@dataclass(frozen=True, slots=True)
class SplitCheck:
    """Whether a split is as planned. `counts` and `expected` are people by `arms`, in the same order.

    `p` is the chi-square test's (None: nothing was split), `e_value` the evidence against the plan now and `e_max` the
    most there was on any day; `alarm_day` is the first day on which it was enough (ISO, '' for none). `finished` says
    that no more people come, so that the chi-square test may speak. `blocked` forbids any read-out of an effect; `why`
    is the sentence for people, '' where all is well. `places` say where, the largest first.
    """

    kind: SplitKind
    arms: tuple[str, ...]
    counts: tuple[int, ...]
    expected: tuple[float, ...]
    p: float | None
    e_value: float
    e_max: float
    alarm_day: str
    finished: bool
    blocked: bool
    places: tuple[SplitPlace, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class SplitCell:
    """Some of the people of a split: how many are in each arm, what share of them was planned for each, the day they
    came (ISO), and what else is known of all of them, by dimension."""

    day: str
    counts: tuple[int, ...]
    shares: tuple[float, ...]
    values: Mapping[str, str]
