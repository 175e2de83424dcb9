"""Experiments: variants of a campaign, layers that share people between campaigns, and the holdout of all campaigns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tailorbird.types.item_spec import ItemSpec
from tailorbird.types.policy_spec import PolicySpec

FORBID = {"extra": "forbid"}

Equal = Literal["freshness", "timing", "audience"]


@dataclass(frozen=True, slots=True)
class VariantSpec:
    """One variant of a campaign: its `weight` among the treated, and what is different in it.

    `lines` are tags that a line must bear to be shown in this variant, such as {tone: warm}. `policy` and `items`
    replace the campaign's. `tier` shows lines of one tier only: people's (`template`), or these and one model's. A
    variant that changes nothing is the campaign as it is.
    """

    __pydantic_config__ = FORBID

    weight: float = 1.0
    lines: Mapping[str, str] = field(default_factory=dict)
    policy: PolicySpec | None = None
    items: ItemSpec | None = None
    tier: Literal["", "template", "small", "large"] = ""


@dataclass(frozen=True, slots=True)
class ExperimentSpec:
    """The experiment of a campaign. `variants`, none or at least two, are compared with `control`, one of them.

    Campaigns of one `layer` share no person: each has its share of the layer, as tailorbird.yaml says; without a layer
    the experiment overlaps with all others, at random. `strata` are features inside whose values people are split
    evenly, holdout and variants alike. `equal` says what must not differ between the variants, so that a lift is not
    theirs: `freshness` (only lines that nobody saw before the experiment began, and none that came later), `timing`
    (on each day every variant has its share of what is sent), `audience` (only people for whom every variant has an
    item).
    """

    __pydantic_config__ = FORBID

    variants: Mapping[str, VariantSpec] = field(default_factory=dict)
    control: str = ""
    layer: str = ""
    strata: tuple[str, ...] = ()
    equal: tuple[Equal, ...] = ("timing", "audience")


@dataclass(frozen=True, slots=True)
class LayerSettings:
    """A layer: campaigns whose people are different people. `shares` is the part of the layer that each one has; they
    add up to 1 at most, and keep their order: a new campaign comes at the end."""

    __pydantic_config__ = FORBID

    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class OutcomeSettings:
    """What all messages together are read for: the `event` of an order, and the dotted path of its money (`value`).
    `margin` is what is earned of that: a share of the money (0.4), or the path of an amount."""

    __pydantic_config__ = FORBID

    event: str = "Order Completed"
    value: str | None = None
    margin: float | str | None = None


@dataclass(frozen=True, slots=True)
class ExperimentSettings:
    """What all campaigns share: the people who get nothing of any (`global_holdout`, a share), the layers, and what
    `report --program` reads (`outcome`; without it, what the campaigns' metrics agree on).

    `global_salt` decides who they are; '' takes the project's name. It must never change: people would come back whom
    all campaigns left alone, and take the memory of years with them.
    """

    __pydantic_config__ = FORBID

    global_holdout: float = 0.0
    global_salt: str = ""
    layers: Mapping[str, LayerSettings] = field(default_factory=dict)
    outcome: OutcomeSettings | None = None
