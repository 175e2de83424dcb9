"""The review queue: which lines wait for a person, why, and what people decide."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from tailorbird.types.creative import Creative
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.review import (
    QueuedLine,
    QueueFilter,
    QueuePage,
    ReviewAct,
    ReviewChange,
    ReviewEntry,
    UnqueuedLine,
)


class ReviewConflictError(TailorbirdError):
    """The line is another than the reviewer read: its text changed, or somebody else came first."""


class ReviewQueue(Protocol):
    """Entries by creative_id, beside the creatives. What one act changes, changes all together or not at all."""

    def put(self, entries: Sequence[ReviewEntry]) -> None:
        """Insert entries, or replace those of the same lines; each replacement raises the revision."""
        ...

    def find(self, wanted: QueueFilter, limit: int, after: str = "") -> QueuePage:
        """Lines that wait, or are to be looked at, in the order in which they are due. `after` is a page's.

        An entry counts while it is of the line's present text, and the line waits (or, to be looked at, is in use).
        ValueError: `after` is none.
        """
        ...

    def get(self, creative_id: str) -> QueuedLine | None:
        """A line with its entry, whatever its state; None without an entry."""
        ...

    def record(
        self, act: ReviewAct, change: ReviewChange | None = None, new: tuple[Creative, Mapping[str, Any]] | None = None
    ) -> None:
        """Keep an act with what it changes, and the line (with its notes) that an edit makes.

        ReviewConflictError: the line's text is not that of `act.content_hash`, or the entry has another revision than
        the change's; then nothing is kept. KeyError: there is no such line.
        """
        ...

    def unqueued(self, limit: int) -> list[UnqueuedLine]:
        """Lines that wait for a person and have no entry for their present text, in id order: pending, outdated, or
        changed since they were approved."""
        ...
