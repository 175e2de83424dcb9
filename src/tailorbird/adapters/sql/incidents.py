"""Incidents, whole, with the columns by which they are found."""

import sqlalchemy as sa
from pydantic import TypeAdapter

from tailorbird.adapters.sql.database import reading, upsert
from tailorbird.adapters.sql.experiment_tables import incidents
from tailorbird.types.incident import Incident

_WHOLE = TypeAdapter(Incident)


class SqlIncidents:
    """`Incidents` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save(self, incident: Incident) -> None:
        """Insert or replace one incident."""
        row = {
            "incident_id": incident.incident_id,
            "campaign": incident.campaign,
            "severity": incident.severity,
            "opened_at": incident.detected_at,
            "closed_at": incident.closed_at,
            "detail": _WHOLE.dump_python(incident, mode="json"),
        }
        with self._engine.begin() as connection:
            upsert(connection, incidents, [row])

    def get(self, incident_id: str) -> Incident | None:
        """One incident."""
        found = self._read(incidents.c.incident_id == incident_id)
        return found[0] if found else None

    def find(self, campaign: str | None = None, still_open: bool = False) -> list[Incident]:
        """Incidents, newest first."""
        which = sa.true() if campaign is None else incidents.c.campaign == campaign
        return self._read(sa.and_(which, incidents.c.closed_at == "") if still_open else which)

    def _read(self, which: sa.ColumnElement[bool]) -> list[Incident]:
        newest_first = sa.desc(incidents.c.opened_at), incidents.c.incident_id
        query = sa.select(incidents.c.detail).where(which).order_by(*newest_first)
        with reading(self._engine) as connection:
            return [_WHOLE.validate_python(detail) for detail in connection.execute(query).scalars()]
