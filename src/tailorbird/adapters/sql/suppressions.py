"""The suppression list."""

from collections.abc import Sequence

import sqlalchemy as sa

from tailorbird.adapters.sql.database import DatabaseError, insert_new, reading
from tailorbird.adapters.sql.erased import Erased
from tailorbird.adapters.sql.tables import suppressions

_CHUNK = 500


class SqlSuppressions:
    """`Suppressions` and `SuppressionReasons` in the state database."""

    def __init__(self, engine: sa.Engine, erased: Erased | None = None) -> None:
        self._engine, self._erased = engine, erased

    def add(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Suppress a person; False if that was so already."""
        row = {"person_id": person_id, "channel": channel, "reason": reason, "at": at}
        with self._engine.begin() as connection:
            return insert_new(connection, suppressions, [row]) == 1

    def remove(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Lift a suppression; False if there was none."""
        here = sa.and_(suppressions.c.person_id == person_id, suppressions.c.channel == channel)
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(suppressions).where(here)).rowcount == 1

    def all(self, channel: str) -> frozenset[str]:
        """Every suppressed person of a channel."""
        query = sa.select(suppressions.c.person_id).where(suppressions.c.channel == channel)
        with reading(self._engine) as connection:
            return frozenset(connection.execute(query).scalars())

    def among(self, person_ids: Sequence[str], channel: str) -> frozenset[str]:
        """Which of these are suppressed now."""
        found: set[str] = set()
        with reading(self._engine) as connection:
            for start in range(0, len(person_ids), _CHUNK):
                query = sa.select(suppressions.c.person_id).where(
                    suppressions.c.channel == channel,
                    suppressions.c.person_id.in_(person_ids[start : start + _CHUNK]),
                )
                found.update(connection.execute(query).scalars())
        return frozenset(found) | (frozenset() if self._erased is None else self._erased.among(person_ids))

    def reasons(self, names: Sequence[str], channel: str) -> dict[str, str]:
        """Why each of these is suppressed; who is not, is not there."""
        found: dict[str, str] = {}
        with reading(self._engine) as connection:
            for start in range(0, len(names), _CHUNK):
                query = sa.select(suppressions.c.person_id, suppressions.c.reason).where(
                    suppressions.c.channel == channel, suppressions.c.person_id.in_(names[start : start + _CHUNK])
                )
                found.update((name, reason) for name, reason in connection.execute(query))
        return found

    def erase(self, names: Sequence[str]) -> None:
        """Suppress these ids and mailboxes by keyed hash, for ever and on every channel."""
        if self._erased is None:
            raise DatabaseError("this suppression list has no key to remember the erased by")
        self._erased.add(names)
