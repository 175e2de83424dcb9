"""The review queue whose acts are audited: the audit log first, then the act."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tailorbird.ports.audit_log import AuditLog
from tailorbird.ports.review_queue import ReviewConflictError, ReviewQueue
from tailorbird.types.audit import AuditEntry
from tailorbird.types.creative import Creative
from tailorbird.types.review import (
    QueuedLine,
    QueueFilter,
    QueuePage,
    ReviewAct,
    ReviewChange,
    ReviewEntry,
    UnqueuedLine,
)


class AuditedQueue:
    """`ReviewQueue` whose acts are audited, with `actor`, whose process records them. An act that came too late has a
    second entry that says so: the first one came of what it meant to do."""

    def __init__(self, inner: ReviewQueue, audit: AuditLog, actor: str) -> None:
        self._inner, self._audit, self._actor = inner, audit, actor

    def put(self, entries: Sequence[ReviewEntry]) -> None:
        """Insert or replace entries: what policy decides of a line is audited where it is approved."""
        self._inner.put(entries)

    def find(self, wanted: QueueFilter, limit: int, after: str = "") -> QueuePage:
        """Lines in the order in which they are due."""
        return self._inner.find(wanted, limit, after)

    def get(self, creative_id: str) -> QueuedLine | None:
        """A line with its entry."""
        return self._inner.get(creative_id)

    def record(
        self, act: ReviewAct, change: ReviewChange | None = None, new: tuple[Creative, Mapping[str, Any]] | None = None
    ) -> None:
        """Audit an act, then record it."""
        approval = change.approval if change is not None else None
        made = {"new_id": new[0].creative_id, "new_text": new[0].text} if new is not None else {}
        detail = {
            "actor": self._actor,
            "creative_id": act.creative_id,
            "act": act.act,
            "by": act.by,
            "role": act.role,
            "reason": act.text,
            "content_hash": act.content_hash,
            **({"approval": approval} if approval is not None else {}),
            **({"missing": list(change.entry.needs)} if change is not None and act.act == "approve" else {}),
            **made,
        }
        kind, at = "review" if approval is not None else "review act", datetime.fromisoformat(act.at)
        ref = f"{act.creative_id}|{act.act}|{act.by}|{act.at}"
        self._audit.append([AuditEntry(kind, ref, at, detail)])
        try:
            self._inner.record(act, change, new)
        except (ReviewConflictError, KeyError) as refused:
            told = {**detail, "refused": str(refused)}
            self._audit.append([AuditEntry("review refused", ref, at, told)])
            raise

    def unqueued(self, limit: int) -> list[UnqueuedLine]:
        """Lines that wait and have no entry."""
        return self._inner.unqueued(limit)
