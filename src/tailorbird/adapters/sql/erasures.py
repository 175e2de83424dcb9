"""The ledger of erasures: what is still to do after a crash, and that it was done."""

import secrets
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql.database import reading
from tailorbird.adapters.sql.tables import erasures
from tailorbird.types.person import Person


class SqlErasures:
    """Erasures by id. The person is known to the ledger until every step is done, and to nobody then."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def begin(self, person: Person, reason: str, at: datetime) -> str:
        """Record that a person is to be erased; the erasure's id. The same person twice at once is one erasure."""
        for erasure_id, other, _ in self.pending():
            if other is not None and other.person_id == person.person_id:
                return erasure_id
        erasure_id = secrets.token_hex(16)
        named = {field.name: _plain(getattr(person, field.name)) for field in fields(Person)}
        row = {"erasure_id": erasure_id, "at": at.isoformat(), "reason": reason, "state": "erasing"}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(erasures), [{**row, "person": named, "steps": {}}])
        return erasure_id

    def pending(self) -> list[tuple[str, Person | None, Mapping[str, Any]]]:
        """(id, person, steps done) of erasures that are not done; the person is None where only pages are left."""
        query = sa.select(erasures).where(erasures.c.state != "done").order_by(erasures.c.at)
        with reading(self._engine) as connection:
            return [(row.erasure_id, _person(row.person), dict(row.steps)) for row in connection.execute(query).all()]

    def finish_step(self, erasure_id: str, name: str, detail: Any) -> None:
        """Record that a step is done."""
        here = erasures.c.erasure_id == erasure_id
        with self._engine.begin() as connection:
            steps = connection.execute(sa.select(erasures.c.steps).where(here)).scalar_one()
            connection.execute(sa.update(erasures).where(here).values(steps={**steps, name: detail}))

    def forget_person(self, erasure_id: str) -> None:
        """Everything is erased but the pages of this database: the ledger lets go of the person."""
        here = erasures.c.erasure_id == erasure_id
        with self._engine.begin() as connection:
            connection.execute(sa.update(erasures).where(here).values(state="compacting", person={}))

    def finish(self, erasure_id: str) -> None:
        """The erasure is done."""
        here = erasures.c.erasure_id == erasure_id
        with self._engine.begin() as connection:
            connection.execute(sa.update(erasures).where(here).values(state="done"))


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _person(named: Mapping[str, Any]) -> Person | None:
    if not named:
        return None
    known: dict[str, Any] = {name: frozenset(v) if isinstance(v, list) else v for name, v in named.items()}
    return Person(**known)
