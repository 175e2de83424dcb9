"""Traces, written once."""

from collections.abc import Sequence

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new
from tailorbird.adapters.sql.tables import traces
from tailorbird.types.trace import Trace


class SqlTraceStore:
    """`TraceStore` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save(self, items: Sequence[Trace]) -> None:
        """Insert traces; existing ones stay."""
        rows = [
            {
                "message_id": trace.message_id,
                "decision_id": trace.decision_id,
                "stages": {name: dict(stage) for name, stage in trace.stages.items()},
            }
            for trace in items
        ]
        with self._engine.begin() as connection:
            insert_new(connection, traces, rows)

    def get(self, message_id: str) -> Trace | None:
        """One trace."""
        with self._engine.connect() as connection:
            query = sa.select(traces).where(traces.c.message_id == message_id)
            row = connection.execute(query).mappings().one_or_none()
        return Trace(**row) if row is not None else None
