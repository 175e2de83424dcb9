"""The campaign: who, what, measured how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tailorbird.types.experiment import ExperimentSpec
from tailorbird.types.guardrail import GuardrailSpec, RollbackSpec
from tailorbird.types.item_spec import ItemSpec
from tailorbird.types.metric import MetricSpec
from tailorbird.types.policy_spec import PolicySpec
from tailorbird.types.tier_spec import TierSpec

__all__ = ["ItemSpec", "MetricSpec", "PolicySpec"]

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class BriefSpec:
    """How people are grouped into briefs: cells of at least `k` people, generalised down `lattice` (finest first).

    `k` is at least 2, or a cell would be one person; below 20 the check warns that people can be singled out.
    `diversity` (l) is how many values of each sensitive feature a cell's people have at least; 1 asks for nothing.

    Each level lists feature names, or `hero_family`: the family of the item that the message shows first, which is
    chosen before the words are. `family` names the one that holds an item family; it makes the subject a family
    (alone) or a cell × family (with others), and its lines may use the facts that all items of the family have.
    """

    __pydantic_config__ = FORBID

    lattice: tuple[tuple[str, ...], ...] = ()
    k: int = 20
    diversity: int = 3
    family: str | None = None


@dataclass(frozen=True, slots=True)
class BlockSpec:
    """One block of copy of at most `max_chars` characters (at least 1). `generate` lets a model write it; `slots` are
    the facts its lines may use."""

    __pydantic_config__ = FORBID

    max_chars: int
    prompt: str | None = None
    generate: bool = False
    slots: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerationSpec:
    """Budget of generation: at most `max_lines` accepted lines a run (0: none), `per_brief` lines for each brief,
    sampled at `temperature` (above 0, at most 2).

    A brief gets at most three requests of half of `candidates` samples each (1 to 256): the first, and two that are
    told what was wrong."""

    __pydantic_config__ = FORBID

    max_lines: int = 24
    candidates: int = 6
    per_brief: int = 1
    temperature: float = 0.8


@dataclass(frozen=True, slots=True)
class CapSpec:
    """Frequency cap: at most `messages` per person and address in any `days` days, over all campaigns (both at least
    1)."""

    __pydantic_config__ = FORBID

    messages: int = 3
    days: int = 7


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign file. `holdout` is the share of the eligible audience that gets nothing (0, or 0.0001 to 0.9999).

    A changed share is for newcomers: whoever has an arm in the campaign keeps it. A message that has not left
    `expires_hours` (1 or more) after its decision is not sent any more. `review: auto` approves lines of low risk by
    itself, where `tags.risk` is low or absent; with any other risk a person looks at every line. Other tags are yours.
    `owners` answer for the campaign: each message's trace names them. `experiment` splits the treated into variants,
    and `tiers` says what may be spent on whose copy.
    `metrics` are further ones that may make the campaign a success, beside its `metric`, which is a share.
    `guardrails` must not get worse than where nothing is sent, and `rollback` says what stops the campaign at once.
    """

    __pydantic_config__ = FORBID

    name: str
    reason: Mapping[str, str]
    hypothesis: str
    metric: MetricSpec
    audience: str
    template: str
    blocks: Mapping[str, BlockSpec]
    briefs: BriefSpec
    channel: Literal["email"] = "email"
    purpose: str = "email_marketing"
    holdout: float = 0.1
    expires_hours: int = 72
    step: str = "1"
    as_of: datetime | None = None
    items: ItemSpec = field(default_factory=ItemSpec)
    generation: GenerationSpec = field(default_factory=GenerationSpec)
    policy: PolicySpec = field(default_factory=PolicySpec)
    experiment: ExperimentSpec | None = None
    tiers: TierSpec | None = None
    metrics: tuple[MetricSpec, ...] = ()
    guardrails: tuple[GuardrailSpec, ...] = ()
    rollback: RollbackSpec = field(default_factory=RollbackSpec)
    caps: CapSpec = field(default_factory=CapSpec)
    review: Literal["auto", "queue"] = "queue"
    tags: Mapping[str, str] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
