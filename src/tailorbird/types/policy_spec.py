"""The creative policy of a campaign: how lines are chosen while it is learned which are good."""

from dataclasses import dataclass
from typing import Literal

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """The creative policy: who gets which line while it is learned which are good.

    `kind` is thompson (tempered Thompson sampling, h = `temper`, above 0), fixed (all lines alike), cohorts (Thompson
    sampling with a rate for each value of the feature `cohort`), linear (Thompson sampling on a line's rate as a linear
    function of `features`), lola (the expected rate and the observed one, whichever promises less), vowpal_wabbit, or
    an installed policy. Every kind keeps an exploration `floor` (0 to 1). An order counts by `reward`: once, or by its
    margin or value up to what few exceed.

    Until there are outcomes a line is expected to reach `prior_mean` (a rate between 0 and 1), an expectation worth
    `prior_strength` people (above 0); then what the lines that were tried reached.
    A brief's own lines always compete; approved lines join them up to `arms_max` in all, those that may well be best
    first, and never more than `traffic` (people in a step; 0: what the last steps had) can tell apart: more arms teach
    nothing. `half_life_days` (0: never) lets old outcomes count less; `fatigue` (0: none is assumed before it is
    measured) is how much the logit of a rate falls with ln(1 + times the person saw the line). `explore` (0 or more) is
    how far lola looks above what it knows.
    """

    __pydantic_config__ = FORBID

    kind: str = "thompson"
    reward: Literal["conversion", "margin", "value", "click"] = "conversion"
    floor: float = 0.05
    temper: float = 4.0
    prior_mean: float = 0.03
    prior_strength: float = 50.0
    arms_max: int = 4
    traffic: int = 0
    half_life_days: float = 0.0
    fatigue: float = 0.0
    explore: float = 0.08
    cohort: str = ""
    features: tuple[str, ...] = ()
