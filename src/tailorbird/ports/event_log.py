"""The event log: append-only, durable."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.event import Appended, Event, EventLines


class EventLog(Protocol):
    """Append-only segments. What `append` has returned from survives a crash of process and machine."""

    def append(self, events: Sequence[Event]) -> int:
        """Write and sync events; returns how many were new (a message_id seen before is a duplicate, dropped)."""
        ...

    def append_lines(self, blocks: Sequence[EventLines]) -> Appended:
        """The same for events from outside that were checked and are lines already; says what came of them."""
        ...

    def adopt(self, segment: Path) -> None:
        """Take over a finished Parquet segment (schema of `EVENT_COLUMNS`) written beside the log: atomic rename."""
        ...

    def seal(self) -> Sequence[Path]:
        """Turn finished append segments into Parquet and return every Parquet segment, oldest first.

        Lines that other processes have appended and synced before the call are included in the answer.
        """
        ...

    def close(self) -> None:
        """Sync and release the segment."""
        ...


class EventLogError(TailorbirdError):
    """The log cannot be written or read: a full disk, a missing right, a damaged segment. Says what to do."""
