"""The creative store: lines that can be decided on, with their approval."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from tailorbird.types.creative import Creative


class CreativeStore(Protocol):
    """Creatives by id. Every change of approval is kept with who, when and why."""

    def save(self, creatives: Sequence[Creative], notes: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Insert or update by creative_id; `notes[creative_id]` (draft, verdict, model) is kept beside it."""
        ...

    def find(self, campaign: str | None = None, approval: str | None = None) -> list[Creative]:
        """Creatives, filtered, in id order."""
        ...

    def get(self, creative_id: str) -> tuple[Creative, Mapping[str, Any]] | None:
        """One creative and its notes."""
        ...

    def review(self, creative_id: str, approval: str, by: str, reason: str, at: str) -> Creative:
        """Record a review; 'approved' binds the approval to the current content hash. KeyError: unknown id."""
        ...

    def reviews(self, creative_id: str) -> list[Mapping[str, Any]]:
        """The review history of one creative, oldest first: approval, by, reason, at, content_hash."""
        ...
