"""Keys of the review API, by their hash."""

from dataclasses import asdict, fields

import sqlalchemy as sa

from tailorbird.adapters.sql.database import reading
from tailorbird.adapters.sql.tables import reviewer_keys
from tailorbird.types.review import ReviewerKey

_K = reviewer_keys.c


class SqlReviewerKeys:
    """`ReviewerKeys` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, key: ReviewerKey) -> None:
        """Keep a new key."""
        with self._engine.begin() as connection:
            connection.execute(sa.insert(reviewer_keys).values(**{**asdict(key), "roles": [*key.roles]}))

    def find(self, digest: str) -> ReviewerKey | None:
        """The key with this digest."""
        found = self._read(_K.digest == digest)
        return found[0] if found else None

    def every(self) -> list[ReviewerKey]:
        """Every key, oldest first."""
        return self._read(sa.true())

    def revoke(self, name: str, at: str) -> int:
        """End every key of one person that still holds."""
        holds = (_K.name == name) & (_K.revoked_at == "")
        with self._engine.begin() as connection:
            digests = connection.execute(sa.select(_K.digest).where(holds)).scalars().all()
            connection.execute(sa.update(reviewer_keys).where(_K.digest.in_(digests)).values(revoked_at=at))
        return len(digests)

    def _read(self, which: sa.ColumnElement[bool]) -> list[ReviewerKey]:
        query = sa.select(*(_K[field.name] for field in fields(ReviewerKey))).where(which)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(_K.made_at, _K.digest)).mappings().all()
        return [ReviewerKey(**{**row, "roles": tuple(row["roles"])}) for row in rows]
