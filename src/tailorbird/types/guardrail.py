"""Guardrails: what must not get worse while a campaign tries to make something better, and what stops it at once."""

from dataclasses import dataclass

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class GuardrailSpec:
    """One guardrail: the share of people with at least one `event` within `window_days` of the decision.

    It fails where the share is surely more than `margin` (relative, 0.1 is 10 %) above the comparison's, or, where
    `absolute` is above 0, more than that many people in one above it. `weight` is its part of the error budget.
    `mature` counts people only once their window is over: for what comes late, such as returns.
    """

    __pydantic_config__ = FORBID

    name: str
    event: str
    margin: float = 0.1
    absolute: float = 0.0
    window_days: int = 14
    weight: float = 1.0
    mature: bool = False


@dataclass(frozen=True, slots=True)
class RollbackSpec:
    """What halts a campaign while it sends: shares of the messages of the last seven days.

    `complaints` (people who called a message spam), `bounces`, `policy_hits` (messages in which a rule refused a line),
    and `unsubscribe_ratio` (times the comparison's). `latency_p95_ms` is of the time that a message takes from its last
    check until it is handed over (0: not watched). Nothing fires before `minimum` messages were sent. `error_budget` is
    the probability of a false halt by the guardrails and the comparison of unsubscribers, all together. `auto` false
    opens the incident and halts nothing.
    """

    __pydantic_config__ = FORBID

    auto: bool = True
    complaints: float = 0.001
    bounces: float = 0.05
    policy_hits: float = 0.005
    unsubscribe_ratio: float = 2.0
    latency_p95_ms: float = 0.0
    minimum: int = 100
    error_budget: float = 0.05
