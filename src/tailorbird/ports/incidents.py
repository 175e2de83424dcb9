"""The incidents: records of what went wrong."""

from typing import Protocol

from tailorbird.types.incident import Incident


class Incidents(Protocol):
    """Incidents by id, kept for ever."""

    def save(self, incident: Incident) -> None:
        """Insert or replace one incident."""
        ...

    def get(self, incident_id: str) -> Incident | None:
        """One incident."""
        ...

    def find(self, campaign: str | None = None, still_open: bool = False) -> list[Incident]:
        """Incidents, newest first."""
        ...
