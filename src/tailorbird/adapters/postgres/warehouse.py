"""The warehouse in PostgreSQL: temporary tables of one session, so that nothing of ours stays in the database."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.sql.columns import Kind, UnevenColumnsError, as_kind, kinds_of, plain
from tailorbird.stages.sql.postgres import SESSION
from tailorbird.stages.sql.shapes import UnportableSqlError
from tailorbird.stages.sql.transpile import new_table, transpile

_TYPES: dict[Kind, str] = {
    "BOOLEAN": "BOOLEAN",
    "BIGINT": "BIGINT",
    "DOUBLE": "DOUBLE PRECISION",
    "TIMESTAMP": "TIMESTAMP",
    "VARCHAR": 'TEXT COLLATE "C"',  # Texts in the order of their bytes, as everywhere else.
}
_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class PostgresWarehouse:
    """Implements ports/warehouse.py for a libpq URL. `files` is the warehouse that reads and writes local files.

    CREATE makes temporary tables, of views too. PostgreSQL holds no NUL in a text: it becomes U+FFFD.
    """

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

    def attach(self, name: str, files: Sequence[Path]) -> None:
        """Copy the rows of files into table `name`."""
        self._files.attach(name, files)
        described = self._files.rows(f'DESCRIBE SELECT * FROM "{name}"')
        names = [row[0] for row in described]
        rows = self._files.rows(f'SELECT * FROM "{name}"')
        by_column = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        self.load(name, dict(zip(names, by_column, strict=True)))

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

    def run(self, sql: str) -> None:
        """Run a statement of DuckDB's dialect."""
        with self._errors_told():
            made = new_table(sql, "postgres")
            if made is None:
                self._connection.execute(transpile(sql, "postgres"))
                return
            # By way of another name, because the query may read the table that it replaces.
            self._connection.execute("DROP TABLE IF EXISTS pg_temp.tb_making")
            self._connection.execute(f"CREATE TEMP TABLE tb_making AS {made.query}")
            self._connection.execute(f"DROP TABLE IF EXISTS pg_temp.{_name(made.name)}")
            self._connection.execute(f"ALTER TABLE pg_temp.tb_making RENAME TO {_name(made.name)}")
            self._connection.execute(f"ANALYZE pg_temp.{_name(made.name)}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query of DuckDB's dialect."""
        with self._errors_told():
            return self._fetched(transpile(sql, "postgres"))[1]

    def write(self, sql: str, path: Path) -> int:
        """Write a query's rows to a local file."""
        with self._errors_told():
            names, rows = self._fetched(transpile(sql, "postgres"))
        by_column = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        self._files.load("tailorbird_writing", dict(zip(names, by_column, strict=True)))
        return self._files.write("SELECT * FROM tailorbird_writing", path)

    def close(self) -> None:
        """Close the session, and with it every table."""
        self._connection.close()

    def _fetched(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        cursor = self._connection.execute(sql)
        rows = [tuple(plain(value) for value in row) for row in cursor]
        return [column.name for column in cursor.description or ()], rows

    @contextmanager
    def _errors_told(self, before: str = "") -> Iterator[None]:
        try:
            yield
        except self._error as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise WarehouseError(f"{before}{first}") from error
        except UnportableSqlError as error:
            raise WarehouseError(str(error)) from error


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _sent(value: Any, kind: Kind) -> Any:
    value = as_kind(value, kind)
    if kind != "VARCHAR" or value is None:
        return value
    text = value.replace("\0", "\ufffd") if "\0" in value else value
    return _ESCAPED_NUL.sub(r"\1\\ufffd", text) if "\\u0000" in text else text
