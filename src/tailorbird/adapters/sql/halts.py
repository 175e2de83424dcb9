"""Halts of campaigns."""

import hashlib
from dataclasses import asdict, fields

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.experiment_tables import halts
from tailorbird.types.halt import Halt

_H = halts.c


class SqlHalts:
    """`Halts` in the state database.

    A halt's key is made of how many there were before, so that two processes that halt at once make one row.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def halt(self, halt: Halt) -> bool:
        """Halt a campaign, if it is not halted already."""
        with self._engine.begin() as connection:
            # One statement, so one snapshot: whoever was overtaken makes the same key, and inserts nothing.
            holding = sa.func.coalesce(sa.func.sum(sa.case((_H.released_at == "", 1), else_=0)), 0)
            counts = sa.select(sa.func.count(), holding).where(_H.campaign == halt.campaign)
            earlier, held = connection.execute(counts).one()
            if held:
                return False
            key = hashlib.sha256(f"{halt.campaign}\0{earlier}".encode()).hexdigest()[:24]
            return insert_new(connection, halts, [{**asdict(halt), "halt_id": f"h_{key}"}]) == 1

    def active(self, campaign: str) -> Halt | None:
        """The halt that holds now."""
        found = self._read(sa.and_(_H.campaign == campaign, _H.released_at == ""))
        return found[0] if found else None

    def release(self, campaign: str, at: str, by: str) -> bool:
        """End the halt that holds."""
        here = sa.and_(_H.campaign == campaign, _H.released_at == "")
        with self._engine.begin() as connection:
            return connection.execute(sa.update(halts).where(here).values(released_at=at, released_by=by)).rowcount > 0

    def history(self, campaign: str | None = None) -> list[Halt]:
        """Every halt, oldest first."""
        return self._read(sa.true() if campaign is None else _H.campaign == campaign)

    def _read(self, which: sa.ColumnElement[bool]) -> list[Halt]:
        query = sa.select(*(_H[field.name] for field in fields(Halt))).where(which).order_by(_H.at, _H.halt_id)
        with reading(self._engine) as connection:
            return [Halt(**row) for row in connection.execute(query).mappings()]
