"""Rows of a PostgreSQL database, read by a query in a transaction that cannot write."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tailorbird.ports.row_source import RowChunk, RowSourceError

_PLACE = re.compile(r"(?<![:\w]):watermark\b")
_CHUNK_ROWS = 5_000


class PostgresRows:
    """Implements ports/row_source.py for a libpq URL: a cursor on the server, one snapshot, times in UTC."""

    def __init__(self, url: str) -> None:
        """RowSourceError: the driver is not installed, or nobody answers."""
        try:
            import psycopg
        except ImportError as error:
            raise RowSourceError("PostgreSQL needs its driver: pip install 'tailorbird[postgres]'") from error
        self._error = psycopg.Error
        with self._errors_told("cannot reach PostgreSQL: "):
            self._connection = psycopg.connect(url, connect_timeout=10, options="-c TimeZone=UTC")
        self._connection.read_only = True
        _keep_odd_times(self._connection)

    def read(self, sql: str, watermark: str | None = None) -> Iterator[RowChunk]:
        """Run a query; `:watermark` is a parameter of the type that it meets."""
        found = _PLACE.search(sql)
        parts = _PLACE.split(sql)
        # With parameters, a % of the query has to be doubled.
        query: Any = "%(watermark)s".join(part.replace("%", "%%") for part in parts) if found else sql
        parameters = {"watermark": watermark} if found else None
        with self._errors_told(), self._connection.cursor(name="tailorbird_rows") as cursor:
            cursor.itersize = _CHUNK_ROWS
            cursor.execute(query, parameters)
            rows = cursor.fetchmany(_CHUNK_ROWS)
            names = [column.name for column in cursor.description or ()]
            yield RowChunk(names, rows)
            while rows := cursor.fetchmany(_CHUNK_ROWS):
                yield RowChunk(names, rows)
        self._connection.rollback()

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    @contextmanager
    def _errors_told(self, before: str = "PostgreSQL refuses the query: ") -> Iterator[None]:
        try:
            yield
        except self._error as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise RowSourceError(f"{before}{first}") from error


def _keep_odd_times(connection: Any) -> None:
    """Let times that Python has not, such as infinity or the year 44 BC, come as text: one row is wrong, not all."""
    from psycopg import DataError
    from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

    def or_text(loader: Any) -> Any:
        def load(self: Any, data: Any) -> Any:
            try:
                return loader.load(self, data)
            except DataError:
                return bytes(data).decode()

        return type(loader.__name__, (loader,), {"load": load})

    for kind, loader in (("date", DateLoader), ("timestamp", TimestampLoader), ("timestamptz", TimestamptzLoader)):
        connection.adapters.register_loader(kind, or_text(loader))
