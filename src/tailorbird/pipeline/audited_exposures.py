"""Records of model calls that are audited too: the audit log comes first, then the record, then the call."""

from datetime import datetime
from typing import Any

from tailorbird.ports.audit_log import AuditLog
from tailorbird.ports.exposures import Exposures
from tailorbird.types.audit import AuditEntry
from tailorbird.types.exposure import Exposure


class AuditedExposures:
    """`Exposures` of which every beginning and end is an entry. They are about nobody, and open to read."""

    def __init__(self, inner: Exposures, audit: AuditLog) -> None:
        self._inner, self._audit = inner, audit

    def begin(self, exposure: Exposure) -> None:
        """Audit, then record."""
        self._audit.append([_entry(exposure, exposure.at)])
        self._inner.begin(exposure)

    def end(self, exposure: Exposure) -> None:
        """Audit how it ended, then record it."""
        self._audit.append([_entry(exposure, exposure.ended_at or exposure.at)])
        self._inner.end(exposure)

    def find(self, model: str | None = None, since: datetime | None = None) -> list[Exposure]:
        """The records."""
        return self._inner.find(model, since)


def _entry(exposure: Exposure, at: datetime) -> AuditEntry:
    detail: dict[str, Any] = {
        "exposure_id": exposure.exposure_id,
        "state": exposure.state,
        "model": exposure.model,
        "provider": exposure.provider,
        "region": exposure.region,
        "dpa": exposure.dpa,
        "brief_id": exposure.contents.brief_id,
        "categories": list(exposure.contents.categories),
        "masked": dict(exposure.masked),
        "prompt_sha256": exposure.prompt_sha256,
        "requests": exposure.requests,
    }
    return AuditEntry("exposure", f"{exposure.exposure_id}|{exposure.state}", at, detail)
