"""The catalog's schema: what kind of value each attribute holds, as catalog/schema.yaml says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FORBID = {"extra": "forbid"}

AttributeType = Literal["text", "number", "integer", "boolean", "money", "date", "enum", "url"]


@dataclass(frozen=True, slots=True)
class AttributeSchema:
    """One attribute. `unit` (kg, cm, l, W, …) is that of a number: values in other units of the kind are converted.
    `values` are those of an enum. A `required` attribute may not be missing."""

    __pydantic_config__ = FORBID

    type: AttributeType = "text"
    unit: str | None = None
    values: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class CatalogSchema:
    """catalog/schema.yaml. A value that does not fit is told (`violations: warn`), or its row goes to quarantine."""

    __pydantic_config__ = FORBID

    attributes: Mapping[str, AttributeSchema] = field(default_factory=dict)
    violations: Literal["warn", "quarantine"] = "warn"
