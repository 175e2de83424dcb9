"""Traces, written once."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading, upsert
from tailorbird.adapters.sql.tables import traces
from tailorbird.types.trace import Trace


class SqlTraceStore:
    """`TraceStore` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save(self, items: Sequence[Trace]) -> None:
        """Insert traces; existing ones stay."""
        with self._engine.begin() as connection:
            insert_new(connection, traces, [_row(trace) for trace in items])

    def replace(self, items: Sequence[Trace]) -> None:
        """Write traces anew."""
        with self._engine.begin() as connection:
            upsert(connection, traces, [_row(trace) for trace in items])

    def get(self, message_id: str) -> Trace | None:
        """One trace."""
        with reading(self._engine) as connection:
            query = sa.select(traces).where(traces.c.message_id == message_id)
            row = connection.execute(query).mappings().one_or_none()
        return Trace(**row) if row is not None else None


def _row(trace: Trace) -> dict[str, Any]:
    stages = {name: dict(stage) for name, stage in trace.stages.items()}
    return {"message_id": trace.message_id, "decision_id": trace.decision_id, "stages": stages}
