"""Audience rules: who is meant, and why one person is in or out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    """A named audience: every condition of `all`, at least one of `any` (if given), and none of `none`; or `sql`, one
    SQL condition over features, such as `orders >= 2 AND country IN ('DE', 'AT')`, instead of the three.

    `description` is what people read in `tailorbird audience explain`.
    Whoever's consent does not cover a feature that any condition names is not in it: a withheld value is no answer.
    """

    __pydantic_config__ = {"extra": "forbid"}

    name: str
    description: str = ""
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()
    sql: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """Why one person is in or out: each condition with the value it saw and whether it held.

    Each condition tells group, feature, test, value, held and withheld. In an audience of SQL a condition is one of the
    parts that AND joins: its group is `sql`, its features are listed with commas, and its value is {feature: value}.
    """

    person_id: str
    included: bool
    reason: str
    conditions: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class AudienceSize:
    """How many people an audience holds at a moment, of how many known; `withheld` cannot be judged: their consent
    does not cover a feature that the audience asks for, so they are not in it."""

    name: str
    as_of: datetime
    known: int
    size: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two audiences: people in both, in either, and how often a member of one is in the other against chance.

    `lift` is share of both over the product of the shares, 1 where they have nothing to do with each other; None where
    one is empty.
    """

    first: str
    second: str
    both: int
    either: int
    lift: float | None
