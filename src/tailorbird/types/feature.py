"""Feature definitions, and the values computed from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

FeatureKind = Literal["count", "sum", "last", "distinct", "days_since", "daypart"]


@dataclass(frozen=True, slots=True)
class FeatureDefinition:
    """One declared feature: what is aggregated, over which window, for which purpose.

    `field` is a dotted path into the event: `properties.total`, `context.timezone`. With `each` (a path to a list,
    such as `properties.products`) the aggregate runs over the list's elements and `field` is a path inside one.
    `window_days` None means all history. `daypart` is the local part of day (night, morning, afternoon, evening) in
    which the person's events most often fall; local time comes from `context.timezone`, else the project's zone.
    `description` is what people read in `tailorbird audience explain`.
    """

    __pydantic_config__ = {"extra": "forbid"}

    name: str
    kind: FeatureKind
    event: str
    purpose: str
    field: str | None = None
    each: str | None = None
    window_days: int | None = None
    default: str | int | float | bool | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Features of many people at one moment, in columns: row i of every column belongs to `person_ids[i]`.

    A missing value is None. `withheld[name][i]` is True where the person's consent does not cover the feature's
    purpose; the value is then None as well, so that withheld data cannot be read by mistake.
    """

    as_of: datetime
    person_ids: Sequence[str]
    columns: Mapping[str, Sequence[Any]]
    withheld: Mapping[str, Sequence[bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Features:
    """One person's features, with what is missing and what is withheld (name to reason)."""

    person_id: str
    as_of: datetime
    values: Mapping[str, Any]
    missing: tuple[str, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
