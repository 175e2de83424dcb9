"""ClickhouseRows, on the engine in process."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from tailorbird.adapters.row_sources.clickhouse import ClickhouseRows
from tailorbird.ports.row_source import RowSource, RowSourceError
from tailorbird.testing.row_source_conformance import CHECKS, THINGS

pytestmark = pytest.mark.engines


@pytest.fixture
def source() -> Iterator[ClickhouseRows]:
    import clickhouse_connect

    admin = clickhouse_connect.get_client(dsn="chdb://memory")
    admin.command("DROP TABLE IF EXISTS things")
    admin.command("CREATE TABLE things (id Int64, at DateTime64(6, 'UTC'), name Nullable(String)) ENGINE = Memory")
    admin.insert("things", [list(row) for row in THINGS], column_names=["id", "at", "name"])
    opened = ClickhouseRows("chdb://memory")
    yield opened
    opened.close()
    admin.close()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_passes_the_suite(check: Callable[[RowSource, str], None], source: ClickhouseRows) -> None:
    check(source, "things")


def test_types_of_clickhouse_come_as_what_they_are(source: ClickhouseRows) -> None:
    sql = "SELECT toDecimal64('12.50', 2) AS n, [1, 2] AS l, map('a', 1) AS m, true AS b, toUInt64(18446744073709551615) AS u"
    (chunk,) = source.read(sql)
    assert tuple(chunk.rows[0]) == (Decimal("12.50"), [1, 2], {"a": 1}, True, 18446744073709551615)


def test_nobody_there_is_one_line_without_the_password() -> None:
    with pytest.raises(RowSourceError, match="cannot reach ClickHouse") as raised:
        ClickhouseRows("http://me:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(raised.value) and "\n" not in str(raised.value)
