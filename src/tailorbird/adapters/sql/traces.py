"""Traces, written once."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading, upsert
from tailorbird.adapters.sql.erased import Erased
from tailorbird.adapters.sql.tables import decisions, traces
from tailorbird.types.decision import TEST_DECISION
from tailorbird.types.trace import Trace


class SqlTraceStore:
    """`TraceStore` in the state database."""

    def __init__(self, engine: sa.Engine, erased: Erased | None = None) -> None:
        self._engine, self._erased = engine, erased

    def save(self, items: Sequence[Trace]) -> None:
        """Insert traces; existing ones stay."""
        with self._engine.begin() as connection:
            insert_new(connection, traces, self._decided(connection, items))

    def replace(self, items: Sequence[Trace]) -> None:
        """Write traces anew."""
        with self._engine.begin() as connection:
            upsert(connection, traces, self._decided(connection, items))

    def get(self, message_id: str) -> Trace | None:
        """One trace."""
        with reading(self._engine) as connection:
            query = sa.select(traces).where(traces.c.message_id == message_id)
            row = connection.execute(query).mappings().one_or_none()
        return Trace(**row) if row is not None else None

    def _decided(self, connection: sa.Connection, items: Sequence[Trace]) -> list[dict[str, Any]]:
        """The rows to write: once somebody was erased, a trace without its decision is that person's, or a test's."""
        rows = [_row(trace) for trace in items]
        if self._erased is None or not rows or not self._erased.anybody(connection):
            return rows
        ids = [row["decision_id"] for row in self._erased.writable(connection, rows, "decision_id")]
        known = set(
            connection.execute(sa.select(decisions.c.decision_id).where(decisions.c.decision_id.in_(ids))).scalars()
        )
        return [row for row in rows if row["decision_id"] in known or row["decision_id"].startswith(TEST_DECISION)]


def _row(trace: Trace) -> dict[str, Any]:
    stages = {name: dict(stage) for name, stage in trace.stages.items()}
    return {"message_id": trace.message_id, "decision_id": trace.decision_id, "stages": stages}
