"""Columns kept of the event log for features: lanes of values, sorted by person and time, and what makes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

LaneKind = Literal["none", "number", "text"]


@dataclass(frozen=True, slots=True)
class LanePlan:
    """One lane: the rows of a source that pass `kept`, of these those that have a `value`: SQL over its columns.

    `adds` keeps running sums of a number, `tells_apart` which rows hold a text for the first time.
    """

    kept: str
    kind: LaneKind
    value: str = ""
    adds: bool = False
    tells_apart: bool = False


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """One source: a query over the CTE `base` (person_id, as_of, event, timestamp, message_id, type and JSON columns)
    for its rows, and the lanes that are cut from them. `event` None reads every event; `each` adds a column `position`.
    """

    query: str
    event: str | None
    each: bool
    lanes: tuple[LanePlan, ...]


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """All lanes that some features read; equal plans make equal columns."""

    sources: tuple[SourcePlan, ...]


@dataclass(frozen=True, slots=True)
class LaneColumns:
    """The rows of one lane in numpy arrays. Row order is (key, timestamp, message_id, position).

    The rows of key `keys[i]` (i4, ascending) are those from `starts[i]` to `starts[i + 1]` (i8). Per row: `times` in
    microseconds (i8), `values` as millionths (i8) or as a code of a text (i4). `sums[j]` (i8, modulo 2**64) are the
    first j values' sum; `firsts[j]` (i8) how many of the first j rows hold a text that no earlier row of their key
    holds, and `first_values` (i4) these rows' codes. What a lane's plan does not ask for is None. `until` is the
    greatest time, `peak` the greatest absolute value.
    """

    keys: Any
    starts: Any
    times: Any
    values: Any
    sums: Any
    firsts: Any
    first_values: Any
    until: int
    peak: int


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Parquet files of what the views need to know of all events, none of which the log holds twice.

    `words` are the events of `words_query`; `pairs` the rows of `pairs_query`, and `ids` those of `ids_query`, of each
    part: what several say of the same ids is to be added up.
    """

    words: Sequence[Path]
    pairs: Sequence[Path]
    ids: Sequence[Path]


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """The columns of some segments' events: its lanes in the plan's order, and the codes that it brings into use.

    Codes go on from part to part: `ids` are those of keys ('u' and a user_id, or 'a' and an anonymous_id), and
    `texts[lane]` those of a lane's texts. `excluded` are the message ids that did not count when it was made.
    """

    lanes: Sequence[LaneColumns]
    ids: Sequence[str]
    texts: Mapping[int, Sequence[str]]
    excluded: frozenset[str]
    events: int
