"""The decision: what one person gets in one step of a campaign, or why nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Arm = Literal["treatment", "holdout"]
Held = Literal["", "campaign", "global", "tier"]

TEST_DECISION = "test_"
"""How the id of a test message's decision begins: it was made for nobody, and is not kept."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One choice of a slate: `block` shows `creative_id` (copy) or `item_id` (product), chosen with `propensity`.

    `propensity` is the probability with which the policy chose just this, given the choices before it in the slate;
    `eligible` counts the alternatives it was chosen from, and `among` is the id of their `ArmSet` ('': not kept).
    """

    placement: str
    block: str
    item_id: str | None
    creative_id: str | None
    propensity: float
    eligible: int
    among: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The slate for one person, or a holdout. `decision_id` is stable: a hash of campaign, step and person.

    `variant` is the arm of the campaign's experiment ('': it has none). `held` says of somebody held out by what:
    'campaign' (its holdout), or 'global' (the holdout of all campaigns); of a treated one 'tier': a message is not
    worth its cost here, and none is sent. `stratum` is the person's, where the experiment splits within strata: the
    values of its features, joined by ' | '.
    """

    decision_id: str
    campaign: str
    step: str
    person_id: str
    arm: Arm
    decided_at: datetime
    slate: tuple[Placement, ...]
    subject: str
    locale: str
    policy_version: str
    reason: str
    features_hash: str = ""
    consent_hash: str = ""
    variant: str = ""
    held: Held = ""
    stratum: str = ""
