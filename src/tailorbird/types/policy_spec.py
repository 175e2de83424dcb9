"""The creative policy of a campaign: how lines are chosen while it is learned which are good."""

from dataclasses import dataclass
from typing import Literal

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """The creative policy: tempered Thompson sampling (h = `temper`, above 0) with an exploration `floor` (0 to 1).

    Until there are outcomes a line is expected to reach `prior_mean` (a rate between 0 and 1), an expectation worth
    `prior_strength` people (above 0); then what the lines that were tried reached.
    A brief's own lines always compete; approved lines join them up to `arms_max` in all, those that may well be best
    first: more arms than the traffic can tell apart teach nothing.
    """

    __pydantic_config__ = FORBID

    kind: Literal["thompson", "fixed"] = "thompson"
    reward: Literal["conversion", "click"] = "conversion"
    floor: float = 0.05
    temper: float = 4.0
    prior_mean: float = 0.03
    prior_strength: float = 50.0
    arms_max: int = 4
