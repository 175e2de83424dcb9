"""The outcome: what a decided person did, attributed to the decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

OutcomeKind = Literal["open", "click", "conversion", "unsubscribe", "refund"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attributed act. `value` is money in the project's currency for a conversion, else 1."""

    decision_id: str
    kind: OutcomeKind
    at: datetime
    value: float = 1.0
    message_id: str = ""
