"""How far each import from a database has come."""

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.tables import watermarks


class SqlWatermarks:
    """`Watermarks` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def get(self, source: str) -> str | None:
        """The watermark of a source; None if it was never read."""
        query = sa.select(watermarks.c.value).where(watermarks.c.source == source)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar_one_or_none()

    def put(self, source: str, value: str, at: str) -> None:
        """Set the watermark of a source."""
        row = {"source": source, "value": value, "at": at}
        with self._engine.begin() as connection:
            if not insert_new(connection, watermarks, [row]):
                connection.execute(
                    sa.update(watermarks).where(watermarks.c.source == source).values(value=value, at=at)
                )
