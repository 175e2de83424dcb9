"""The pilot: how a campaign begins, with few people and dated reviews, before it may write to more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

FORBID = {"extra": "forbid"}

Use = Literal["low_risk", "standard", "high_risk"]


@dataclass(frozen=True, slots=True)
class CheckpointSpec:
    """A dated review: from `due` on the campaign is held until each of `roles` has signed. `question` is what they
    answer."""

    __pydantic_config__ = FORBID

    name: str
    due: date
    roles: tuple[str, ...]
    question: str = ""


@dataclass(frozen=True, slots=True)
class PilotSpec:
    """One pilot of one campaign.

    `use` says how much is at stake: a campaign goes through its pilots from low_risk on, and `after` names the pilot
    that must be complete before. `share` (above 0, at most 1) of the audience takes part: who it is never changes, so
    that a larger share holds the smaller one. `metric` and `audience` are the campaign's, said again so that a change
    there is noticed. `randomisation` says what the treated are compared with. `monitoring` names guardrails of the
    campaign. `roles` maps owner, reviewer, on_call and others to people. `rollback` says who halts, and how.
    """

    __pydantic_config__ = FORBID

    campaign: str
    hypothesis: str
    metric: str
    audience: str
    share: float
    randomisation: Literal["holdout", "experiment"]
    monitoring: tuple[str, ...]
    checkpoints: tuple[CheckpointSpec, ...]
    roles: Mapping[str, tuple[str, ...]]
    rollback: str
    use: Use = "low_risk"
    after: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a checkpoint of the pilot with this hash, in which role, when (ISO 8601 in UTC), and what they say."""

    pilot: str
    checkpoint: str
    by: str
    role: str
    at: str
    content_hash: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PilotCheck:
    """One item of the checklist: whether it holds, and what it says."""

    name: str
    held: bool
    told: str
