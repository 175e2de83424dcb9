"""Tiers: how much is spent on one person's copy, and on what terms."""

from dataclasses import dataclass
from typing import Literal

FORBID = {"extra": "forbid"}

Tier = Literal["none", "template", "small", "large"]
"""No message; lines that people wrote; lines of the project's model; lines of its large model."""
TIER_TAG = "tier"
"""The tag of a line that says which model's it is, where that is not the project's usual one."""
TIERS: tuple[Tier, ...] = ("none", "template", "small", "large")


@dataclass(frozen=True, slots=True)
class TierSpec:
    """What a campaign may spend on copy, and how it is shared.

    `message_micros` is what one message costs to send, in micros of the currency. A run gives each cell of people the
    tier that past outcomes say is worth it, within `budget` (in the currency; absent: no limit). Without surely better
    knowledge everybody has the same tier: `otherwise`.
    """

    __pydantic_config__ = FORBID

    message_micros: int = 0
    budget: float | None = None
    otherwise: Literal["template", "small", "large"] = "small"
