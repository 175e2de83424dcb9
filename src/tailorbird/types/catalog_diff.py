"""The difference between two versions of the catalog: what came, what went, and what changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FlatItem = Mapping[str, Any]
"""An item as fields and values: 'price' ('19.99'), 'stock', 'attributes.material', 'attributes.material@de-DE'."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What changed of one item: {field: (before, after)}; None where it was or is not there."""

    item_id: str
    name: str
    family: str
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class CatalogDiff:
    """From version `before` to version `after`: whole items that were added or removed, and changes of the others."""

    before: str
    after: str
    added: Mapping[str, FlatItem] = field(default_factory=dict)
    removed: Mapping[str, FlatItem] = field(default_factory=dict)
    changed: tuple[ItemChange, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the two versions say the same."""
        return not (self.added or self.removed or self.changed)
