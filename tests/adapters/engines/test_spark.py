"""SparkWarehouse, on this machine's cores."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.engines.spark import SparkWarehouse
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.testing.warehouse_conformance import CHECKS

pytestmark = pytest.mark.engines


@pytest.fixture
def make() -> Iterator[Callable[[], SparkWarehouse]]:
    opened: list[SparkWarehouse] = []

    def open_one() -> SparkWarehouse:
        opened.append(SparkWarehouse("local[2]", DuckdbWarehouse(threads=1)))
        return opened[-1]

    yield open_one
    for warehouse in opened:
        warehouse.close()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_passes_the_suite(
    check: Callable[[Callable[[], Warehouse], Path], None], make: Callable[[], SparkWarehouse], tmp_path: Path
) -> None:
    check(make, tmp_path)


def test_what_a_query_made_can_be_read(make: Callable[[], SparkWarehouse]) -> None:
    warehouse = make()
    warehouse.load("things", {"a": [1]})
    warehouse.run("CREATE OR REPLACE TEMP TABLE made AS SELECT a + 1 AS a FROM things")
    assert warehouse.rows("SELECT a FROM made") == [(2,)]


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(WarehouseError, match=r"tailorbird\[spark\]"):
        SparkWarehouse("local[2]", DuckdbWarehouse(threads=1))
