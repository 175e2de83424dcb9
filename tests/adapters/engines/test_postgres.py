"""PostgresWarehouse."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.engines.postgres import PostgresWarehouse
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.testing.warehouse_conformance import CHECKS

URL = os.environ.get("TAILORBIRD_POSTGRES", "postgresql://127.0.0.1:5432/test").replace("+psycopg", "")


@pytest.fixture
def make() -> Iterator[Callable[[], PostgresWarehouse]]:
    opened: list[PostgresWarehouse] = []

    def open_one() -> PostgresWarehouse:
        opened.append(PostgresWarehouse(URL, DuckdbWarehouse(threads=1)))
        return opened[-1]

    try:
        open_one()
    except WarehouseError as error:
        if "postgres" in os.environ.get("TAILORBIRD_REQUIRE", "").split(","):
            raise
        pytest.skip(str(error))
    yield open_one
    for warehouse in opened:
        warehouse.close()


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_passes_the_suite(
    check: Callable[[Callable[[], Warehouse], Path], None], make: Callable[[], PostgresWarehouse], tmp_path: Path
) -> None:
    check(make, tmp_path)


@pytest.mark.slow
def test_nothing_stays_in_the_database(make: Callable[[], PostgresWarehouse]) -> None:
    first = make()
    first.load("tb_left_behind", {"a": [1]})
    first.run("CREATE OR REPLACE TEMP TABLE tb_made AS SELECT a + 1 AS a FROM tb_left_behind")
    assert first.rows("SELECT a FROM tb_made") == [(2,)]
    with pytest.raises(WarehouseError, match="tb_left_behind"):
        make().rows("SELECT * FROM tb_left_behind")


def test_a_text_that_holds_nul_is_kept_without_it(make: Callable[[], PostgresWarehouse]) -> None:
    warehouse = make()
    warehouse.load("things", {"text": ["a\0b", '{"a":"x\\u0000y"}', '{"a":"x\\\\u0000y"}']})
    assert warehouse.rows("SELECT text FROM things ORDER BY text") == [
        ("a\ufffdb",),
        ('{"a":"x\\\\u0000y"}',),
        ('{"a":"x\\ufffdy"}',),
    ]


def test_nobody_there_is_one_line_without_the_password() -> None:
    with pytest.raises(WarehouseError, match="cannot reach PostgreSQL") as raised:
        PostgresWarehouse("postgresql://me:hunter2@127.0.0.1:1/none", DuckdbWarehouse(threads=1))
    assert "hunter2" not in str(raised.value)
    assert "\n" not in str(raised.value)
