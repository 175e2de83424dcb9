"""Runs and their finished steps."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading, upsert
from tailorbird.adapters.sql.tables import run_steps, runs


class SqlRunLedger:
    """`RunLedger` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def begin(self, run_id: str, campaign: str, step: str, as_of: str) -> Mapping[str, Any]:
        """Start or resume a run; its record."""
        with self._engine.begin() as connection:
            position = connection.execute(sa.select(sa.func.count()).select_from(runs)).scalar_one()
            row = {"run_id": run_id, "campaign": campaign, "step": step, "as_of": as_of}
            insert_new(connection, runs, [{**row, "status": "running", "position": position}])
            found = connection.execute(sa.select(runs).where(runs.c.run_id == run_id)).mappings().one()
            return self._record(connection, found)

    def restart(self, run_id: str, as_of: str) -> None:
        """Give a run that has decided nothing yet another moment, and forget its steps."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(run_steps).where(run_steps.c.run_id == run_id))
            connection.execute(sa.update(runs).where(runs.c.run_id == run_id).values(as_of=as_of, status="running"))

    def finish_step(self, run_id: str, name: str, detail: Mapping[str, Any]) -> None:
        """Record that a step is done, with its counts."""
        with self._engine.begin() as connection:
            upsert(connection, run_steps, [{"run_id": run_id, "name": name, "detail": dict(detail)}])

    def finish(self, run_id: str) -> None:
        """Record that the whole run is done."""
        with self._engine.begin() as connection:
            connection.execute(sa.update(runs).where(runs.c.run_id == run_id).values(status="done"))

    def runs(self, campaign: str | None = None) -> list[Mapping[str, Any]]:
        """Records of all runs, oldest first."""
        query = sa.select(runs).order_by(runs.c.position)
        if campaign is not None:
            query = query.where(runs.c.campaign == campaign)
        with reading(self._engine) as connection:
            return [self._record(connection, row) for row in connection.execute(query).mappings().all()]

    def _record(self, connection: sa.Connection, row: sa.RowMapping) -> Mapping[str, Any]:
        steps = connection.execute(
            sa.select(run_steps.c.name, run_steps.c.detail).where(run_steps.c.run_id == row["run_id"])
        )
        return {**row, "steps": {step.name: step.detail for step in steps}}
