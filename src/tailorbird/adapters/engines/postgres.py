"""The warehouse in PostgreSQL: temporary tables of one session, so that nothing of ours stays in the database."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tailorbird.adapters.engines.translated import Fetched, TranslatedWarehouse
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.sql.columns import Kind, UnevenColumnsError, as_kind, kinds_of, plain
from tailorbird.stages.sql.postgres import SESSION

_TYPES: dict[Kind, str] = {
    "BOOLEAN": "BOOLEAN",
    "BIGINT": "BIGINT",
    "DOUBLE": "DOUBLE PRECISION",
    "TIMESTAMP": "TIMESTAMP",
    "VARCHAR": 'TEXT COLLATE "C"',  # Texts in the order of their bytes, as everywhere else.
}
_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class PostgresWarehouse(TranslatedWarehouse):
    """Implements ports/warehouse.py for a libpq URL. `files` is the warehouse that reads and writes local files.

    CREATE makes temporary tables, of views too. PostgreSQL holds no NUL in a text: it becomes U+FFFD.
    """

    _engine = "postgres"

    def __init__(self, url: str, files: Warehouse) -> None:
        """WarehouseError: the driver is not installed, or nobody answers at `url` (told without its password)."""
        try:
            import psycopg
        except ImportError as error:
            raise WarehouseError("PostgreSQL needs its driver: pip install 'tailorbird[postgres]'") from error
        self._error = psycopg.Error
        self._files = files
        with self._errors_told("cannot reach PostgreSQL: "):
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
            for statement in SESSION:
                self._connection.execute(statement)

    def load(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Make temporary table `name` by COPY."""
        try:
            kinds = kinds_of(name, columns)
        except UnevenColumnsError as error:
            raise WarehouseError(str(error)) from error
        shown = ", ".join(f"{_name(column)} {_TYPES[kind]}" for column, kind in kinds.items())
        with self._errors_told():
            self._connection.execute(f"DROP TABLE IF EXISTS pg_temp.{_name(name)}")
            self._connection.execute(f"CREATE TEMP TABLE {_name(name)} ({shown})")
            listed = list(kinds.values())
            with self._connection.cursor().copy(f"COPY pg_temp.{_name(name)} FROM STDIN") as copy:
                for row in zip(*columns.values(), strict=True):
                    copy.write_row([_sent(value, kind) for value, kind in zip(row, listed, strict=True)])
            self._connection.execute(f"ANALYZE pg_temp.{_name(name)}")

    def close(self) -> None:
        """Close the session, and with it every table."""
        self._connection.close()

    def _execute(self, statement: str) -> None:
        self._connection.execute(statement)

    def _make(self, name: str, query: str) -> None:
        # By way of another name, because the query may read the table that it replaces.
        self._connection.execute("DROP TABLE IF EXISTS pg_temp.tb_making")
        self._connection.execute(f"CREATE TEMP TABLE tb_making AS {query}")
        self._connection.execute(f"DROP TABLE IF EXISTS pg_temp.{_name(name)}")
        self._connection.execute(f"ALTER TABLE pg_temp.tb_making RENAME TO {_name(name)}")
        self._connection.execute(f"ANALYZE pg_temp.{_name(name)}")

    def _fetched(self, query: str) -> Fetched:
        cursor = self._connection.execute(query)
        rows = [tuple(plain(value) for value in row) for row in cursor]
        return [column.name for column in cursor.description or ()], rows


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _sent(value: Any, kind: Kind) -> Any:
    value = as_kind(value, kind)
    if kind != "VARCHAR" or value is None:
        return value
    text = value.replace("\0", "\ufffd") if "\0" in value else value
    return _ESCAPED_NUL.sub(r"\1\\ufffd", text) if "\\u0000" in text else text
