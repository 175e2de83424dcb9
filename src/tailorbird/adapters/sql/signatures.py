"""Signatures of pilots."""

from dataclasses import asdict, fields

import sqlalchemy as sa

from tailorbird.adapters.sql.database import reading, upsert
from tailorbird.adapters.sql.experiment_tables import signatures
from tailorbird.types.pilot import Signature

_S = signatures.c


class SqlSignatures:
    """`Signatures` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def sign(self, signature: Signature) -> None:
        """Keep a signature."""
        with self._engine.begin() as connection:
            upsert(connection, signatures, [asdict(signature)])

    def find(self, pilot: str) -> list[Signature]:
        """Every signature of a pilot, oldest first."""
        query = sa.select(*(_S[each.name] for each in fields(Signature))).where(_S.pilot == pilot)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(_S.at, _S.checkpoint, _S.by)).mappings()
            return [Signature(**row) for row in rows]
