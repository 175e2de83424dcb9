"""Decisions, written once."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.erased import Erased, writable
from tailorbird.adapters.sql.tables import decision_batches, decisions
from tailorbird.types.decision import Decision, Placement

CHUNK = 2000
"""Decisions per transaction: other writers (somebody who unsubscribes) come in between."""

_WHOLE = decisions.c.batch.in_(sa.select(decision_batches.c.batch))
_COLUMNS = sa.select(*(column for column in decisions.columns if column.name != "batch")).where(_WHOLE)


class SqlDecisionStore:
    """`DecisionStore` in the state database.

    A batch is written in chunks, and counts once its mark is there. What a killed process left without a mark counts
    as nothing, and is removed when its campaign step is saved anew. Erased people get no decisions.
    """

    def __init__(self, engine: sa.Engine, erased: Erased | None = None) -> None:
        self._engine, self._erased = engine, erased

    def save(self, items: Sequence[Decision]) -> None:
        """Insert decisions, all of them or none; existing ids stay as they are."""
        batch = uuid4().hex
        with self._engine.begin() as connection:
            for campaign, step in {(decision.campaign, decision.step) for decision in items}:
                mine = sa.and_(decisions.c.campaign == campaign, decisions.c.step == step)
                connection.execute(sa.delete(decisions).where(mine, ~_WHOLE))
        for start in range(0, len(items), CHUNK):
            rows = [{**_row(decision), "batch": batch} for decision in items[start : start + CHUNK]]
            with self._engine.begin() as connection:
                insert_new(connection, decisions, writable(self._erased, connection, rows))
        with self._engine.begin() as connection:
            insert_new(connection, decision_batches, [{"batch": batch}])

    def find(self, campaign: str, step: str | None = None) -> list[Decision]:
        """The decisions of a campaign (and step), in id order."""
        query = _COLUMNS.where(decisions.c.campaign == campaign).order_by(decisions.c.decision_id)
        if step is not None:
            query = query.where(decisions.c.step == step)
        with reading(self._engine) as connection:
            return [_decision(row) for row in connection.execute(query).mappings()]

    def get(self, decision_id: str) -> Decision | None:
        """One decision."""
        with reading(self._engine) as connection:
            query = _COLUMNS.where(decisions.c.decision_id == decision_id)
            row = connection.execute(query).mappings().one_or_none()
        return _decision(row) if row is not None else None

    def recent(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        """(person_id, decided_at) of treated decisions with a message since a moment, over all campaigns."""
        query = sa.select(decisions.c.person_id, decisions.c.decided_at).where(
            decisions.c.decided_at >= since.isoformat(),
            decisions.c.arm == "treatment",
            decisions.c.held != "tier",
            _WHOLE,
        )
        with reading(self._engine) as connection:
            for person_id, decided_at in connection.execute(query):
                yield person_id, datetime.fromisoformat(decided_at)


def _row(decision: Decision) -> dict[str, Any]:
    slate = [
        [p.placement, p.block, p.item_id, p.creative_id, p.propensity, p.eligible, *([p.among] if p.among else [])]
        for p in decision.slate
    ]
    return {
        "decision_id": decision.decision_id,
        "campaign": decision.campaign,
        "step": decision.step,
        "person_id": decision.person_id,
        "arm": decision.arm,
        "decided_at": decision.decided_at.isoformat(),
        "slate": slate,
        "subject": decision.subject,
        "locale": decision.locale,
        "policy_version": decision.policy_version,
        "reason": decision.reason,
        "features_hash": decision.features_hash,
        "consent_hash": decision.consent_hash,
        "variant": decision.variant,
        "held": decision.held,
        "stratum": decision.stratum[:500],
    }


def _decision(row: sa.RowMapping) -> Decision:
    slate = tuple(Placement(*placement) for placement in row["slate"])
    return Decision(**{**row, "slate": slate, "decided_at": datetime.fromisoformat(row["decided_at"])})
