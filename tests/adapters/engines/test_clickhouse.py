"""ClickhouseWarehouse, on the engine in process."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.engines.clickhouse import ClickhouseWarehouse
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.testing.warehouse_conformance import CHECKS

pytestmark = pytest.mark.engines


@pytest.fixture
def make() -> Iterator[Callable[[], ClickhouseWarehouse]]:
    opened: list[ClickhouseWarehouse] = []

    def open_one() -> ClickhouseWarehouse:
        opened.append(ClickhouseWarehouse("chdb://memory", DuckdbWarehouse(threads=1)))
        return opened[-1]

    yield open_one
    for warehouse in opened:
        warehouse.close()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_passes_the_suite(
    check: Callable[[Callable[[], Warehouse], Path], None], make: Callable[[], ClickhouseWarehouse], tmp_path: Path
) -> None:
    check(make, tmp_path)


def test_tables_are_of_one_session(make: Callable[[], ClickhouseWarehouse]) -> None:
    first, second = make(), make()
    first.load("left_behind", {"a": [1]})
    first.run("CREATE OR REPLACE TEMP TABLE made AS SELECT a + 1 AS a FROM left_behind")
    assert first.rows("SELECT a FROM made") == [(2,)]
    with pytest.raises(WarehouseError, match="left_behind"):
        second.rows("SELECT * FROM left_behind")


def test_nobody_there_is_one_line_without_the_password() -> None:
    with pytest.raises(WarehouseError, match="cannot reach ClickHouse") as raised:
        ClickhouseWarehouse("http://me:hunter2@127.0.0.1:1/none", DuckdbWarehouse(threads=1))
    assert "hunter2" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_without_the_engine_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)
    with pytest.raises(WarehouseError, match=r"tailorbird\[clickhouse\]"):
        ClickhouseWarehouse("chdb://memory", DuckdbWarehouse(threads=1))
