"""The metric: what is counted of a person, and which way is better."""

from dataclasses import dataclass
from typing import Literal

FORBID = {"extra": "forbid"}

MetricKind = Literal["share", "value", "ratio", "quantile"]


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One metric of people, over the `window_days` (1 to 3,650) after the decision.

    `kind`: `share`, the share of people with at least one `event`; `value`, the event's money per person; `ratio`, its
    money per `per` event, such as per order; `quantile`, the value that a share of `quantile` of all people stay below.
    `value` is a dotted path to the event's money, such as `properties.total` (the default). `margin` is what is earned
    of it: a share of the money (0.4), or the path of an amount. `better` says which way is good.
    """

    __pydantic_config__ = FORBID

    name: str
    event: str
    window_days: int = 14
    value: str | None = None
    kind: MetricKind = "share"
    per: str = ""
    quantile: float = 0.9
    margin: float | str | None = None
    better: Literal["more", "less"] = "more"
