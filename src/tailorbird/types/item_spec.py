"""The items of a campaign's messages: which are considered, and how they are chosen."""

from dataclasses import dataclass
from typing import Literal

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """Which items a message shows: `slots` of them, from items bought together; `exclude_bought_days` are 'just
    bought' (0: nothing is). `candidates` is how many are considered (at least as many as `slots`), `temperature` (0.05
    or more) spreads the choice over them.
    `avoid_last_family` shows nothing of the family bought last: whoever bought a kettle does not need another."""

    __pydantic_config__ = FORBID

    slots: int = 1
    exclude_bought_days: int = 90
    candidates: int = 12
    temperature: float = 0.5
    avoid_last_family: bool = False
    source: Literal["bought_together", "last_item", "basket"] = "bought_together"
