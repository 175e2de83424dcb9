"""The feed: a product file in another system's format, as rows that every mapping understands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FEED_COLUMNS = (
    "item_id", "name", "family", "price", "currency", "sale_price", "sale_from", "sale_until", "available_from",
    "stock", "url", "image",
)  # fmt: skip
"""The columns of every feed row; attributes stand beside them in one object."""


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One product or offer: the line on which it begins, its columns of FEED_COLUMNS, and its attributes as text."""

    line: int
    columns: Mapping[str, str]
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FeedFault:
    """One product or offer that is wrong: where, which of its fields, why, and what it said."""

    line: int
    field: str
    reason: str
    row: Mapping[str, str]
