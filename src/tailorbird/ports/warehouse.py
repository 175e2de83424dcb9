"""The warehouse: SQL over columns, in DuckDB's dialect."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from tailorbird.ports.event_columns import EventColumns
from tailorbird.types.errors import TailorbirdError


class Warehouse(Protocol):
    """Runs the SQL that stages compile. Nothing is kept in it: its tables are views over files or loaded columns.

    `columns` are those of the event log that its views are over, where somebody keeps them.
    """

    columns: EventColumns | None

    def attach(self, name: str, files: Sequence[Path]) -> None:
        """Make view `name` over Parquet, CSV or JSON-lines files (by suffix). No files: an error naming the view."""
        ...

    def load(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Make table `name` from equally long columns; None is NULL. Types are inferred from the values."""
        ...

    def run(self, sql: str) -> None:
        """Run statements that return nothing (CREATE VIEW, CREATE TEMP TABLE)."""
        ...

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query; every row as a tuple."""
        ...

    def write(self, sql: str, path: Path) -> int:
        """Write a query's rows to Parquet, CSV or JSON lines by suffix, synced, then renamed into place; row count."""
        ...


class WarehouseError(TailorbirdError):
    """A query failed, or there is nothing to query. One sentence: what, and how to mend it."""
