"""Lines of an attack: kept for one message, and forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tailorbird.types.creative import Approval, Creative


class LinesInMemory:
    """`CreativeStore` for one attack: nothing that an attacker wrote reaches the project's own store."""

    def __init__(self) -> None:
        self._lines: dict[str, Creative] = {}
        self._notes: dict[str, Mapping[str, Any]] = {}

    def save(self, creatives: Sequence[Creative], notes: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Insert or update by creative_id."""
        self._lines.update((one.creative_id, one) for one in creatives)
        self._notes.update(notes or {})

    def find(self, campaign: str | None = None, approval: str | None = None) -> list[Creative]:
        """Creatives, filtered, in id order."""
        found = sorted(self._lines.values(), key=lambda one: one.creative_id)
        return [one for one in found if campaign in (None, one.campaign) and approval in (None, one.approval)]

    def get(self, creative_id: str) -> tuple[Creative, Mapping[str, Any]] | None:
        """One creative and its notes."""
        found = self._lines.get(creative_id)
        return (found, self._notes.get(creative_id, {})) if found else None

    def review(self, creative_id: str, approval: str, by: str, reason: str, at: str) -> Creative:
        """Record a review; 'approved' binds the approval to the content hash. KeyError: unknown id."""
        line, state = self._lines[creative_id], _APPROVALS[approval]
        bound = line.content_hash if state == "approved" else ""
        self._lines[creative_id] = replace(line, approval=state, approved_hash=bound, approved_by=by)
        return self._lines[creative_id]

    def reviews(self, creative_id: str) -> list[Mapping[str, Any]]:
        """None are kept."""
        return []


_APPROVALS: Mapping[str, Approval] = {
    name: name for name in ("pending", "approved", "rejected", "outdated", "rolled_back")
}
