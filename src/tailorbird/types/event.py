"""The event: one thing that happened, in Segment's shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

EventType = Literal["track", "identify", "page", "screen", "group", "alias"]


@dataclass(frozen=True, slots=True)
class Event:
    """One Segment-shaped event. Times are aware and in UTC; `message_id` is the dedupe key."""

    type: EventType
    message_id: str
    timestamp: datetime
    received_at: datetime
    user_id: str | None = None
    anonymous_id: str | None = None
    event: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    traits: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventLines:
    """Events as the log keeps them: a JSON object per line with the fields of `Event`, and each line's message id."""

    message_ids: tuple[str, ...]
    lines: bytes


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append did: events that were new, and events whose message_id the log held already.

    `conflicts` are those of the duplicates that differ from the event that came first under their id, as lines.
    """

    new: int
    duplicates: int
    conflicts: tuple[bytes, ...] = ()


EVENT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("message_id", "VARCHAR"),
    ("type", "VARCHAR"),
    ("event", "VARCHAR"),
    ("user_id", "VARCHAR"),
    ("anonymous_id", "VARCHAR"),
    ("timestamp", "TIMESTAMP"),
    ("received_at", "TIMESTAMP"),
    ("properties", "VARCHAR"),
    ("traits", "VARCHAR"),
    ("context", "VARCHAR"),
)
"""Columns of a Parquet segment, in order: times are UTC without zone, the last three hold JSON objects as text."""

IMPORT_ROW = "import_row"
"""The key in the context of an imported identify event that holds its row in the file: between two that say different
things of one moment, the later row is the last word."""

TOLD_TIME = "told_time"
"""The key in the context of an event whose clock ran ahead of ours: the time that it gave; ours is its receipt."""
