"""An event log for our own events: what a run tells of a person who is erased meanwhile is not written."""

from collections.abc import Sequence
from pathlib import Path

from tailorbird.ports.event_log import EventLog
from tailorbird.ports.suppressions import ERASED, Suppressions
from tailorbird.types.event import Appended, Event, EventLines


class ForgettingLog:
    """`EventLog` without the events of erased people. A person who comes back by themselves is the server's matter."""

    def __init__(self, inner: EventLog, suppressions: Suppressions) -> None:
        self._inner, self._suppressions = inner, suppressions

    def append(self, events: Sequence[Event]) -> int:
        """Write and sync the events of those who are not erased; how many were new."""
        gone = self._suppressions.among([event.user_id for event in events if event.user_id], ERASED)
        return self._inner.append([event for event in events if event.user_id not in gone])

    def append_lines(self, blocks: Sequence[EventLines]) -> Appended:
        """Lines from outside: what people send themselves is not held back."""
        return self._inner.append_lines(blocks)

    def adopt(self, segment: Path) -> None:
        """Take over a finished Parquet segment."""
        self._inner.adopt(segment)

    def seal(self) -> Sequence[Path]:
        """Every Parquet segment, oldest first."""
        return self._inner.seal()

    def close(self) -> None:
        """Sync and release the segment."""
        self._inner.close()
