"""Rewards: one number from 0 to 1 for what a shown line earned, as a policy learns from it.

Conversions and margin come before clicks: a click costs nothing and many are made by machines, so a campaign learns
from clicks only where it says so, and from opens never. Money is divided by a cap, since one large order must not
decide which line is best, and since every policy here takes rewards between 0 and 1.
"""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Reward = Literal["conversion", "margin", "value", "click"]
CAP_QUANTILE = 0.95
"""One decision's money counts up to this quantile of what those who bought brought."""

Column = npt.NDArray[Any]


def money_cap(money: Column) -> float | None:
    """What one decision's money is divided by: the quantile CAP_QUANTILE of all that is above 0; None: nothing is."""
    earned = money[money > 0]
    return float(np.quantile(earned, CAP_QUANTILE)) if len(earned) else None


def rewards(columns: Mapping[str, Column], reward: Reward, cap: float | None = None) -> tuple[Column, float | None]:
    """(rewards from 0 to 1, the cap that money was divided by; None for conversions and clicks).

    `columns` has `converted`, `clicked`, `value` and `margin`, money after refunds. Pass the `cap` of an earlier look
    to keep the scale. No money yet: all rewards are 0. Losses count as 0.
    """
    if reward in ("conversion", "click"):
        name = "converted" if reward == "conversion" else "clicked"
        return np.asarray(columns[name], dtype=np.float64), None
    money = np.asarray(columns[reward], dtype=np.float64)
    cap = cap if cap is not None else money_cap(money)
    if cap is None or cap <= 0:
        return np.zeros(len(money)), None
    return np.clip(money / cap, 0.0, 1.0), cap
