"""The claim: something that a text says of the world, read so far that it can be compared with facts."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

ClaimKind = Literal[
    "money", "percent", "quantity", "count", "number", "date", "value", "name", "availability", "delivery", "warranty",
    "comparative", "superlative", "certification", "health", "free", "guarantee", "property",
]  # fmt: skip
Bound = Literal["exact", "about", "nearly", "over", "at_least", "at_most", "under", "from", "up_to"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim at `span` (start, end) of the text.

    Numbers are `low` to `high` (equal where it is no range) in `unit`: a unit of measure, an ISO 4217 currency, '%' or
    the noun that is counted. `bound` is what words around it make of the number. `day` is a date's first day and
    `last_day` its last. `words` are what was said, folded; `denied` says that a negation covers it. `cues` are words
    beside it that hint at the attribute.
    """

    kind: ClaimKind
    span: tuple[int, int]
    words: str
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    bound: Bound = "exact"
    day: date | None = None
    last_day: date | None = None
    denied: bool = False
    cues: tuple[str, ...] = field(default=())
