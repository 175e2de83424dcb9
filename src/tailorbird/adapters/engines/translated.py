"""What the engines share that speak another dialect: SQL is translated, and local files are another warehouse's."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from tailorbird.ports.event_columns import EventColumns
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.sql.shapes import UnportableSqlError
from tailorbird.stages.sql.transpile import Engine, new_table, transpile

Fetched = tuple[list[str], list[tuple[Any, ...]]]
"""The names of a query's columns, and its rows as Python has them."""


class TranslatedWarehouse(ABC):
    """A warehouse of an engine whose own errors are `_error`; `_files` reads and writes local files.

    An engine says how it makes a table of a query, runs a statement and fetches rows, all in its own dialect.
    """

    columns: EventColumns | None = None
    _engine: ClassVar[Engine]
    _error: type[Exception]
    _files: Warehouse

    def attach(self, name: str, files: Sequence[Path]) -> None:
        """Copy the rows of files into table `name`."""
        self._files.attach(name, files)
        described = self._files.rows(f'DESCRIBE SELECT * FROM "{name}"')
        self.load(name, _columns([row[0] for row in described], self._files.rows(f'SELECT * FROM "{name}"')))

    @abstractmethod
    def load(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Make table `name` from equally long columns."""

    def run(self, sql: str) -> None:
        """Run a statement of DuckDB's dialect."""
        with self._errors_told():
            made = new_table(sql, self._engine)
            if made is None:
                self._execute(transpile(sql, self._engine))
            else:
                self._make(made.name, made.query)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query of DuckDB's dialect."""
        with self._errors_told():
            return self._fetched(transpile(sql, self._engine))[1]

    def write(self, sql: str, path: Path) -> int:
        """Write a query's rows to a local file."""
        with self._errors_told():
            names, rows = self._fetched(transpile(sql, self._engine))
        self._files.load("tailorbird_writing", _columns(names, rows))
        return self._files.write("SELECT * FROM tailorbird_writing", path)

    @abstractmethod
    def _execute(self, statement: str) -> None: ...

    @abstractmethod
    def _make(self, name: str, query: str) -> None: ...

    @abstractmethod
    def _fetched(self, query: str) -> Fetched: ...

    @contextmanager
    def _errors_told(self, before: str = "") -> Iterator[None]:
        try:
            yield
        except self._error as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise WarehouseError(f"{before}{first}") from error
        except UnportableSqlError as error:
            raise WarehouseError(str(error)) from error


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Sequence[Any]]:
    by_column: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return dict(zip(names, by_column, strict=True))
