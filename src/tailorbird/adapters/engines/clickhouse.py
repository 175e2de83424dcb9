"""The warehouse in ClickHouse: temporary tables of one session, on a server or in process (chDB)."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from tailorbird.adapters.engines.translated import Fetched, TranslatedWarehouse
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.sql.clickhouse import SETTINGS
from tailorbird.stages.sql.columns import Kind, UnevenColumnsError, as_kind, kinds_of, plain

_TYPES: dict[Kind, str] = {
    "BOOLEAN": "Nullable(Bool)",
    "BIGINT": "Nullable(Int64)",
    "DOUBLE": "Nullable(Float64)",
    "TIMESTAMP": "Nullable(DateTime64(6, 'UTC'))",
    "VARCHAR": "Nullable(String)",
}


class ClickhouseWarehouse(TranslatedWarehouse):
    """Implements ports/warehouse.py for a URL: https://user:password@host:8443/database, or chdb://memory in process.

    `files` is the warehouse that reads and writes local files. CREATE makes temporary tables, of views too. Moments
    before 1900 are none of ClickHouse's.
    """

    _engine = "clickhouse"

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

    def close(self) -> None:
        """Close the session, and with it every table."""
        self._client.close()

    def _execute(self, statement: str) -> None:
        self._client.command(statement)

    def _make(self, name: str, query: str) -> None:
        # By way of another name, because the query may read the table that it replaces.
        for table, source in (("tb_making", query), (name, "SELECT * FROM tb_making")):
            self._client.command(f"DROP TEMPORARY TABLE IF EXISTS {_name(table)}")
            self._client.command(f"CREATE TEMPORARY TABLE {_name(table)} ENGINE = Memory AS {source}")
        self._client.command("DROP TEMPORARY TABLE tb_making")

    def _fetched(self, query: str) -> Fetched:
        answer = self._client.query(query)
        return list(answer.column_names), [tuple(plain(value) for value in row) for row in answer.result_rows]


def _name(identifier: str) -> str:
    return "`" + identifier.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _sent(value: Any, kind: Kind) -> Any:
    sent = as_kind(value, kind)
    # The driver takes a moment without zone for one of this machine's.
    return sent.replace(tzinfo=UTC) if kind == "TIMESTAMP" and sent is not None else sent
