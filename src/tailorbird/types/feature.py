"""Feature definitions, and the values computed from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

FeatureKind = Literal[
    "count", "sum", "mean", "last", "first", "distinct", "top_k", "recency", "days_since", "ratio", "session",
    "daypart", "weekday", "place", "sql",
]  # fmt: skip
ValueType = Literal["text", "number", "boolean"]


@dataclass(frozen=True, slots=True)
class EventCondition:
    """One test on one event, or with `each` on one list element. Exactly one of the comparisons is set.

    `field` is a path such as `properties.total`, or `type`; with `each`, a path that begins with none of
    `properties.`, `traits.` and `context.` leads into the element. `equals` and `one_of` compare the value as text;
    a missing value passes only `exists: false`.
    """

    __pydantic_config__ = {"extra": "forbid"}

    field: str
    equals: str | int | float | bool | None = None
    one_of: tuple[str | int | float | bool, ...] | None = None
    at_least: float | None = None
    at_most: float | None = None
    exists: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureDefinition:
    """One declared feature: what is aggregated, over which window, for which purpose.

    `event` None means every event of the person. `field` is a dotted path into the event: `properties.total`. With
    `each` (a path to a list, such as `properties.products`) the aggregate runs over the list's elements and `field` is
    a path inside one. `where`: every condition must hold. `window_days` or `window_hours`: how far back from the
    moment events count; neither means all history. `default` stands where there is no value. `freshness` is how old a
    value may be that is read online: `10m`, `1h`, `7d`.

    `type` is what `last`, `first` and `sql` give. `k`: how many values `top_k` lists; 1
    gives the value itself. `unit`: what `recency` counts.
    `pick`: which event `recency` (`last`, `first`) or `place` (`last`, `most`) takes. `level`: which part of a place.
    `measure`: what a session tells: how many there are (`count`), or of the last one its `events`, its `seconds`, or
    its `landing`, the first value of `field`. `gap_minutes`: a longer silence ends a session. `current`: only a
    session that still goes on counts. `numerator` and `denominator` are names of features; `when_zero` is the
    ratio's value where the denominator is 0. `query` is a feature in SQL: the SELECT itself, or the name
    of a file beside this one, `rfm.sql`; several features may name one file.
    `daypart` is the local part of day (night, morning, afternoon, evening) and `weekday` the local day (monday, ...)
    in which the person's events most often fall; local time comes from `context.timezone`, else the project's zone.
    `description` is what people read in `tailorbird audience explain`. Of a `sensitive` feature every cell of people
    holds several values, so that no brief tells who has which.
    """

    __pydantic_config__ = {"extra": "forbid"}

    name: str
    kind: FeatureKind
    purpose: str
    event: str | None = None
    field: str | None = None
    each: str | None = None
    where: tuple[EventCondition, ...] = ()
    window_days: int | None = None
    window_hours: int | None = None
    default: str | int | float | bool | None = None
    freshness: str = "1h"
    type: ValueType = "text"
    k: int = 3
    unit: Literal["days", "hours", "minutes"] = "days"
    pick: Literal["last", "first", "most"] = "last"
    level: Literal["country", "region", "city"] = "country"
    measure: Literal["count", "events", "seconds", "landing"] = "count"
    gap_minutes: int = 30
    current: bool = False
    numerator: str | None = None
    denominator: str | None = None
    when_zero: float | None = None
    query: str | None = None
    description: str = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class RawFeatures:
    """Features as they were computed, before anybody asked for consent: `values[name][i]` belongs to `person_ids[i]`.

    Nothing but `withhold_features` reads them. Audiences, briefs and decisions take a `FeatureTable`, which is another
    type and has other fields, so that a raw value gets there neither past mypy nor at run time.
    """

    as_of: datetime
    person_ids: Sequence[str]
    values: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Features that may be used, of many people at one moment: row i of every column belongs to `person_ids[i]`.

    A missing value is None. `withheld[name][i]` is True where the person's consent does not cover the feature's
    purpose; the value is then None as well, so that withheld data cannot be read by mistake. Only `withhold_features`
    makes one.
    """

    as_of: datetime
    person_ids: Sequence[str]
    columns: Mapping[str, Sequence[Any]]
    withheld: Mapping[str, Sequence[bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Features:
    """One person's features, with what is missing and what is withheld (name to reason): a row of a `FeatureTable`."""

    person_id: str
    as_of: datetime
    values: Mapping[str, Any]
    missing: tuple[str, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
