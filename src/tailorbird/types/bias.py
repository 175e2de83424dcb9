"""The personas of the bias audit: which attributes are swapped, between which groups, and where they enter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FORBID = {"extra": "forbid"}

Value = str | int | float | bool
"""What a trait or a feature may hold."""


@dataclass(frozen=True, slots=True)
class PersonaAttribute:
    """One attribute that personas differ in: `groups` are named lists of values, the first group is the one that the
    others are compared with.

    Exactly one of `trait` (a trait of identify events, with dots for a path inside: `address.postalCode`) and
    `feature` (a feature's value, before anything is withheld) says where the values go. `proxy_for` names what the
    attribute only hints at ('origin' for first names): it is reported apart. `match` says which real people belong to
    a group: whose value is one of the group's, or begins with one (`prefix`, for postcodes). `why` is for the reader
    of the report: how the groups were chosen.
    """

    __pydantic_config__ = FORBID

    name: str
    groups: Mapping[str, tuple[Value, ...]]
    trait: str | None = None
    feature: str | None = None
    proxy_for: str = ""
    match: Literal["exact", "prefix"] = "exact"
    why: str = ""


@dataclass(frozen=True, slots=True)
class BiasPolicy:
    """The file policies/bias.yaml. `built_in` adds our own lists of names, descriptors and areas to `attributes`;
    `reference` may name another group than the first to compare with: {attribute: group}."""

    __pydantic_config__ = FORBID

    attributes: tuple[PersonaAttribute, ...] = ()
    built_in: bool = True
    reference: Mapping[str, str] | None = None
