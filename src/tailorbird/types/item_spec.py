"""The items of a campaign's messages: which are considered, and how they are chosen."""

from dataclasses import dataclass
from typing import Literal

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """Which items a message shows: `slots` of them, from items bought together; `exclude_bought_days` are 'just
    bought' (0: nothing is). `candidates` is how many are considered (at least as many as `slots`), `temperature` (0.05
    or more) spreads the choice over them.
    `avoid_last_family` shows nothing of the family bought last: whoever bought a kettle does not need another.

    `recommender` scores the items: neighbours (the default), popular, or a plugin's name. `cell` is the feature by
    which popularity is told apart, such as country. `stock_min` are the fewest units of an item that is shown (where
    stock is tracked). `margin` names the catalog's attribute that holds the margin, a share of the price such as 0.35
    or 35 %; `margin_weight` prefers items with more of it (0: not at all) and `margin_min` shows none with less.
    `per_family` is how many items of one family a message shows at most (0: any number)."""

    __pydantic_config__ = FORBID

    slots: int = 1
    exclude_bought_days: int = 90
    candidates: int = 12
    temperature: float = 0.5
    avoid_last_family: bool = False
    source: Literal["bought_together", "last_item", "basket"] = "bought_together"
    recommender: str = "neighbours"
    cell: str = ""
    stock_min: int = 1
    margin: str = ""
    margin_weight: float = 0.0
    margin_min: float = 0.0
    per_family: int = 0
