"""Halts that are written into the audit log before they hold, or end."""

from datetime import datetime

from tailorbird.ports.audit_log import AuditLog
from tailorbird.ports.halts import Halts
from tailorbird.types.audit import AuditEntry
from tailorbird.types.halt import Halt


class AuditedHalts:
    """`Halts` whose changes are audited, with whose process made them."""

    def __init__(self, inner: Halts, audit: AuditLog, actor: str = "") -> None:
        self._inner, self._audit, self._actor = inner, audit, actor

    def halt(self, halt: Halt) -> bool:
        """Audit, then halt."""
        detail = {"actor": self._actor, "campaign": halt.campaign, "reason": halt.reason, "kind": halt.kind}
        ref = f"{halt.campaign}|{halt.incident_id}"
        self._audit.append([AuditEntry("campaign halted", ref, datetime.fromisoformat(halt.at), detail)])
        return self._inner.halt(halt)

    def active(self, campaign: str) -> Halt | None:
        """The halt that holds now."""
        return self._inner.active(campaign)

    def release(self, campaign: str, at: str, by: str) -> bool:
        """Audit, then end the halt."""
        detail = {"actor": self._actor, "campaign": campaign, "by": by}
        self._audit.append([AuditEntry("campaign released", f"{campaign}|{at}", datetime.fromisoformat(at), detail)])
        return self._inner.release(campaign, at, by)

    def history(self, campaign: str | None = None) -> list[Halt]:
        """Every halt, oldest first."""
        return self._inner.history(campaign)
