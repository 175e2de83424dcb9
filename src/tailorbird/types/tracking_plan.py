"""The tracking plan: events.yaml, which says what events look like and what their fields may be used for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FORBID = {"extra": "forbid"}
PLAN_FILE = "events.yaml"
JsonType = Literal["string", "number", "integer", "boolean", "object", "array", "null"]
TextFormat = Literal["date", "date-time", "email", "uri", "uuid"]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What a field's value must be, in the words of JSON Schema, and the consent `purpose` that the field serves.

    A rule speaks of values of its own kind alone, as in JSON Schema: `minimum` says nothing of text. `type` may be a
    list. `pattern` is a Python regular expression that is found anywhere in the text, and `maxLength` counts
    characters. A null is a value: write `type: [string, "null"]` where one may come. `purpose` is what features over
    the field are for; a field of an object without a purpose has the object's.
    """

    __pydantic_config__ = FORBID

    type: JsonType | tuple[JsonType, ...] | None = None
    purpose: str = ""
    description: str = ""
    enum: tuple[Any, ...] | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    pattern: str | None = None
    format: TextFormat | None = None
    minLength: int | None = None  # noqa: N815
    maxLength: int | None = None  # noqa: N815
    items: "FieldRule | None" = None
    properties: Mapping[str, "FieldRule"] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    additionalProperties: bool = True  # noqa: N815


@dataclass(frozen=True, slots=True)
class EventRule:
    """The properties of one track event, or the traits of identify. Fields that are not listed pass, unless
    `additionalProperties` is false."""

    __pydantic_config__ = FORBID

    description: str = ""
    properties: Mapping[str, FieldRule] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    additionalProperties: bool = True  # noqa: N815


@dataclass(frozen=True, slots=True)
class TrackingPlan:
    """events.yaml. `events` are track events by name; `traits` are what identify tells of a person.

    An event that violates the plan goes to quarantine with the reason. One that the plan does not know is taken and
    counted, so that nothing is lost by writing a plan; with `strict` it goes to quarantine too.
    """

    __pydantic_config__ = FORBID

    events: Mapping[str, EventRule] = field(default_factory=dict)
    traits: EventRule | None = None
    strict: bool = False
