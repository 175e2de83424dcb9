"""Rows of a ClickHouse database, read by a query that cannot write."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tailorbird.ports.row_source import RowChunk, RowSourceError

_PLACE = re.compile(r"(?<![:\w]):watermark\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class ClickhouseRows:
    """Implements ports/row_source.py for https://user:password@host:8443/database, or chdb://memory in process."""

    def __init__(self, url: str) -> None:
        """RowSourceError: the driver is not installed, or nobody answers."""
        try:
            import clickhouse_connect
            from clickhouse_connect.driver.exceptions import ClickHouseError
        except ImportError as error:
            raise RowSourceError("ClickHouse needs its driver: pip install 'tailorbird[clickhouse]'") from error
        self._error = ClickHouseError
        network: dict[str, Any] = {} if url.startswith("chdb:") else {"connect_timeout": 10}
        with self._errors_told("cannot reach ClickHouse: "):
            self._client = clickhouse_connect.get_client(
                dsn=url, settings={"session_timezone": "UTC"}, tz_mode="aware", **network
            )

    def read(self, sql: str, watermark: str | None = None) -> Iterator[RowChunk]:
        """Run a query; `:watermark` is a time, a date, a whole number or a text, by its looks."""
        parameters: dict[str, Any] | None = None
        if _PLACE.search(sql):
            sql = _PLACE.sub("{watermark:" + _kind(watermark or "") + "}", sql)
            parameters = {"watermark": _bare(watermark or "")}
        with self._errors_told(), self._client.query_row_block_stream(sql, parameters=parameters) as stream:
            names = list(stream.source.column_names)
            empty = True
            for block in stream:
                empty = False
                yield RowChunk(names, block)
        if empty:  # Without a row the names may be missing too.
            with self._errors_told():
                described = self._client.query(f"DESCRIBE TABLE ({sql.rstrip().rstrip(';')})", parameters=parameters)
            yield RowChunk([row[0] for row in described.result_rows], [])

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    @contextmanager
    def _errors_told(self, before: str = "ClickHouse refuses the query: ") -> Iterator[None]:
        try:
            yield
        except self._error as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise RowSourceError(f"{before}{first}") from error


def _kind(text: str) -> str:
    if _TIME.match(text):
        return "DateTime64(6, 'UTC')"
    if _DATE.fullmatch(text):
        return "Date32"
    return "Int64" if re.fullmatch(r"-?\d{1,18}", text) else "String"


def _bare(text: str) -> str:
    """A time without its zone, which is UTC: ClickHouse reads no offset here."""
    return text.removesuffix("+00:00").replace("T", " ") if _TIME.match(text) else text
