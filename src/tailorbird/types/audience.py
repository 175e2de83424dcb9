"""Audience rules: who is meant, and why one person is in or out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on one feature. Exactly one of the comparisons is set; a missing value fails every comparison."""

    __pydantic_config__ = {"extra": "forbid"}

    feature: str
    at_least: float | None = None
    at_most: float | None = None
    equals: str | int | float | bool | None = None
    one_of: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class AudienceRule:
    """A named audience: every condition of `all`, at least one of `any` (if given), and none of `none`.

    `description` is what people read in `tailorbird audience explain`.
    Whoever's consent does not cover a feature that any condition names is not in it: a withheld value is no answer.
    """

    __pydantic_config__ = {"extra": "forbid"}

    name: str
    description: str = ""
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Membership:
    """Why one person is in or out: each condition with the value it saw and whether it held."""

    person_id: str
    included: bool
    reason: str
    conditions: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)
