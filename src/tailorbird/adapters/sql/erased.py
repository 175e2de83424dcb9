"""Whom we were told to forget: keyed hashes, so that a later row or a run under way does not bring them back."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.tables import erased

_LOCK = 7261845
_MARK = "key:"
"""Begins the row that tells which key the hashes were made with, without telling the key."""


class Erased:
    """The hashes of erased people's ids and mailboxes under the project's key; without the key they tell nothing.

    Whoever writes about people asks in the transaction that writes. SQLite's transactions come one after the other; on
    PostgreSQL a writer holds a lock that the erasure waits for. So a row is either written before the erasure, which
    then removes it, or not at all.
    """

    def __init__(self, engine: sa.Engine, key: bytes) -> None:
        self._engine, self._key = engine, key

    def is_ours(self) -> bool:
        """Whether the database's hashes are made with this key; the first one that asks makes it its own."""
        mine = _MARK + hmac.digest(self._key, b"the key of the erased", hashlib.sha256).hex()[: 64 - len(_MARK)]
        marked = sa.select(erased.c.digest).where(erased.c.digest.startswith(_MARK))
        with reading(self._engine) as connection:
            found = connection.execute(marked).scalar()
        if found is None:
            with self._engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                found = connection.execute(marked).scalar()
                if found is None:
                    found = mine
                    insert_new(connection, erased, [{"digest": mine}])
        return bool(found == mine)

    def add(self, names: Iterable[str]) -> None:
        """Remember that these are erased, once every write that did not know of it is done."""
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            insert_new(connection, erased, [{"digest": self._digest(name)} for name in sorted(set(names))])

    def among(self, names: Sequence[str]) -> frozenset[str]:
        """Which of these are erased."""
        with reading(self._engine) as connection:
            return self._among(connection, names)

    def writable(
        self, connection: sa.Connection, rows: Sequence[dict[str, Any]], column: str = "person_id"
    ) -> list[dict[str, Any]]:
        """The rows that are not about an erased person, for a write in this transaction."""
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock_shared({_LOCK})"))
        gone = self._among(connection, [row[column] for row in rows])
        return [row for row in rows if row[column] not in gone]

    def anybody(self, connection: sa.Connection) -> bool:
        """Whether anybody was ever erased."""
        somebody = sa.select(erased.c.digest).where(~erased.c.digest.startswith(_MARK)).limit(1)
        return connection.execute(somebody).first() is not None

    def _among(self, connection: sa.Connection, names: Sequence[str]) -> frozenset[str]:
        if not names or not self.anybody(connection):  # the usual case costs one look
            return frozenset()
        known = set(connection.execute(sa.select(erased.c.digest)).scalars())
        return frozenset(name for name in names if self._digest(name) in known)

    def _digest(self, name: str) -> str:
        return hmac.digest(self._key, name.encode(), hashlib.sha256).hex()


def writable(
    gone: Erased | None, connection: sa.Connection, rows: Sequence[Mapping[str, Any]], column: str = "person_id"
) -> list[dict[str, Any]]:
    """The rows that may be written: all of them where nobody keeps a list of the erased."""
    plain = [dict(row) for row in rows]
    return plain if gone is None else gone.writable(connection, plain, column)
