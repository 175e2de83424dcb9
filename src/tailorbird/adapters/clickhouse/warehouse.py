"""The warehouse in ClickHouse: temporary tables of one session, on a server or in process (chDB)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.sql.clickhouse import SETTINGS
from tailorbird.stages.sql.columns import Kind, UnevenColumnsError, as_kind, kinds_of, plain
from tailorbird.stages.sql.shapes import UnportableSqlError
from tailorbird.stages.sql.transpile import new_table, transpile

_TYPES: dict[Kind, str] = {
    "BOOLEAN": "Nullable(Bool)",
    "BIGINT": "Nullable(Int64)",
    "DOUBLE": "Nullable(Float64)",
    "TIMESTAMP": "Nullable(DateTime64(6, 'UTC'))",
    "VARCHAR": "Nullable(String)",
}


class ClickhouseWarehouse:
    """Implements ports/warehouse.py for a URL: https://user:password@host:8443/database, or chdb://memory in process.

    `files` is the warehouse that reads and writes local files. CREATE makes temporary tables, of views too. Moments
    before 1900 are none of ClickHouse's.
    """

    def __init__(self, url: str, files: Warehouse) -> None:
        """WarehouseError: the driver is not installed, or nobody answers at `url`."""
        try:
            import clickhouse_connect
            from clickhouse_connect.driver.exceptions import ClickHouseError
        except ImportError as error:
            raise WarehouseError("ClickHouse needs its driver: pip install 'tailorbird[clickhouse]'") from error
        self._error = ClickHouseError
        self._files = files
        try:
            with self._errors_told("cannot reach ClickHouse: "):
                network: dict[str, Any] = {} if url.startswith("chdb:") else {"connect_timeout": 5}
                self._client = clickhouse_connect.get_client(dsn=url, settings=SETTINGS, **network)
        except ImportError as error:
            raise WarehouseError("ClickHouse in process needs its engine: pip install chdb") from error

    def attach(self, name: str, files: Sequence[Path]) -> None:
        """Copy the rows of files into table `name`."""
        self._files.attach(name, files)
        described = self._files.rows(f'DESCRIBE SELECT * FROM "{name}"')
        names = [row[0] for row in described]
        rows = self._files.rows(f'SELECT * FROM "{name}"')
        by_column = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        self.load(name, dict(zip(names, by_column, strict=True)))

    def load(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Make temporary table `name` by one insert."""
        try:
            kinds = kinds_of(name, columns)
        except UnevenColumnsError as error:
            raise WarehouseError(str(error)) from error
        types = {column: _TYPES[kind] for column, kind in kinds.items()}
        shown = ", ".join(f"{_name(column)} {kind}" for column, kind in types.items())
        with self._errors_told():
            self._client.command(f"DROP TEMPORARY TABLE IF EXISTS {_name(name)}")
            self._client.command(f"CREATE TEMPORARY TABLE {_name(name)} ({shown}) ENGINE = Memory")
            sent = [[_sent(value, kinds[column]) for value in values] for column, values in columns.items()]
            if sent[0]:
                self._client.insert(
                    _name(name),
                    sent,
                    column_names=list(types),
                    column_type_names=list(types.values()),
                    column_oriented=True,
                )

    def run(self, sql: str) -> None:
        """Run a statement of DuckDB's dialect."""
        with self._errors_told():
            made = new_table(sql, "clickhouse")
            if made is None:
                self._client.command(transpile(sql, "clickhouse"))
                return
            # By way of another name, because the query may read the table that it replaces.
            for name, query in (("tb_making", made.query), (made.name, "SELECT * FROM tb_making")):
                self._client.command(f"DROP TEMPORARY TABLE IF EXISTS {_name(name)}")
                self._client.command(f"CREATE TEMPORARY TABLE {_name(name)} ENGINE = Memory AS {query}")
            self._client.command("DROP TEMPORARY TABLE tb_making")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query of DuckDB's dialect."""
        with self._errors_told():
            return self._fetched(transpile(sql, "clickhouse"))[1]

    def write(self, sql: str, path: Path) -> int:
        """Write a query's rows to a local file."""
        with self._errors_told():
            names, rows = self._fetched(transpile(sql, "clickhouse"))
        by_column = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        self._files.load("tailorbird_writing", dict(zip(names, by_column, strict=True)))
        return self._files.write("SELECT * FROM tailorbird_writing", path)

    def close(self) -> None:
        """Close the session, and with it every table."""
        self._client.close()

    def _fetched(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        answer = self._client.query(sql)
        return list(answer.column_names), [tuple(plain(value) for value in row) for row in answer.result_rows]

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
    return "`" + identifier.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _sent(value: Any, kind: Kind) -> Any:
    sent = as_kind(value, kind)
    # The driver takes a moment without zone for one of this machine's.
    return sent.replace(tzinfo=UTC) if kind == "TIMESTAMP" and sent is not None else sent
