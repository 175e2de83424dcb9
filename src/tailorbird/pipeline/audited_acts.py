"""Acts of people at the command line that the audit log tells: who did what, to what end, to which object.

What is about a person is under that person's own key. Where two people are meant, each has an entry that does not name
the other, so that erasing one leaves no name of theirs behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tailorbird.ports.audit_log import AuditLog
from tailorbird.types.audit import AuditEntry

ActKind = Literal[
    "person exported", "audience sampled", "identity merged", "identity split", "catalog published",
    "catalog switched", "catalog updated", "reviewer key made", "reviewer keys revoked",
    "training pairs exported",
]  # fmt: skip


@dataclass(frozen=True)
class ActRecorder:
    """Writes acts of one `actor`, at the moment `now`, into the audit log."""

    audit: AuditLog
    actor: str
    now: datetime

    def record(
        self, kind: ActKind, purpose: str, thing: str, people: Sequence[str] = (), by: str = "", **more: Any
    ) -> None:
        """Write one entry, or one for each of `people`. `thing` is what it was done to, `by` who decided, if that is
        said. Only entries about people may hold what is personal."""
        detail: Mapping[str, Any] = {
            "actor": self.actor,
            **({"by": by} if by else {}),
            "purpose": purpose,
            "object": thing,
            **more,
        }
        ref = f"{self.now.isoformat()}|{thing}"
        self.audit.append([AuditEntry(kind, ref, self.now, detail, person) for person in people or (None,)])
