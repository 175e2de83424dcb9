"""The knowledge table: facts beside the catalog, each row with where it comes from and until when it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tailorbird.types.brief import SlotType

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class KnowledgeColumn:
    """One column that copy may state: its name in the file ('' means the fact's own), its type, and the column of each
    further locale."""

    __pydantic_config__ = FORBID

    type: SlotType = "text"
    column: str = ""
    locales: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnowledgeTable:
    """One file of knowledge/: a CSV, JSONL or Parquet (`source`, relative to the project) keyed by item, item family or
    search query in column `key`.

    Copy uses its columns as `item.<table>_<column>`. A row without a source (column `row_source`) or an expiry (column
    `expires`, or `ttl_days` after the day in column `dated`) is never used, nor is one that has expired. A row keyed by
    a query is about the items whose name or family has all its words; the longest query wins.
    """

    __pydantic_config__ = FORBID

    source: str
    by: Literal["item", "family", "query"]
    key: str
    columns: Mapping[str, KnowledgeColumn]
    row_source: str = "source"
    expires: str = "expires_at"
    ttl_days: int | None = None
    dated: str = "dated"


@dataclass(frozen=True, slots=True)
class KnowledgeRow:
    """One usable row: `texts[locale][column]` as copy states them ('' is every locale)."""

    key: str
    source: str
    expires_at: datetime
    texts: Mapping[str, Mapping[str, str]]
