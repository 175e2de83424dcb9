"""DuckdbWarehouse."""

import os
import re
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.testing.warehouse_conformance import CHECKS


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_passes_the_suite(check: Callable[[Callable[[], Warehouse], Path], None], tmp_path: Path) -> None:
    check(lambda: DuckdbWarehouse(threads=1), tmp_path)


def test_a_memory_limit_ends_a_query_and_not_the_process() -> None:
    warehouse = DuckdbWarehouse(memory_limit="50MB", threads=1)
    with pytest.raises(WarehouseError):
        warehouse.run("CREATE TABLE big AS SELECT range AS a, repeat('x', 500) || range AS b FROM range(2000000)")
    assert warehouse.rows("SELECT 1") == [(1,)]


def test_files_of_two_formats_are_no_one_view(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="one common suffix"):
        DuckdbWarehouse().attach("x", [tmp_path / "a.csv", tmp_path / "a.parquet"])


def test_nothing_is_written_in_a_format_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"cannot write a\.xlsx"):
        DuckdbWarehouse().write("SELECT 1", tmp_path / "a.xlsx")


def test_what_the_disk_refuses_is_told_in_the_system_s_words(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    warehouse, limits = DuckdbWarehouse(threads=1), resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        with pytest.raises(WarehouseError) as refused:
            warehouse.write("SELECT hash(range) AS a FROM range(100000)", tmp_path / "a.parquet")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert re.fullmatch(r'Could not write file ".*a\.parquet.*": File too large', str(refused.value))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_full_disk_is_told_with_its_mend(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"No space left on device; free some space, then do it again$"):
        DuckdbWarehouse(threads=1).run("COPY (SELECT 1) TO '/dev/full' (FORMAT csv, USE_TMP_FILE false)")


def test_sums_of_whole_columns_and_numpy_values_load() -> None:
    numpy = pytest.importorskip("numpy")
    warehouse = DuckdbWarehouse()
    warehouse.load("t", {"a": list(numpy.arange(3)), "b": list(numpy.array([0.5, 1.5, 2.5]))})
    assert warehouse.rows("SELECT sum(a), sum(b) FROM t") == [(3, 4.5)]


@pytest.mark.slow
def test_ctrl_c_during_a_query_is_ctrl_c() -> None:
    warehouse = DuckdbWarehouse(threads=1)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        warehouse.rows("SELECT count(*) FROM range(100000000) a, range(1000) b WHERE hash(a.range + b.range) % 7 = 1")


def test_nothing_is_drawn_into_a_command_s_answer() -> None:
    """DuckDB would draw a progress bar on standard output during a query of more than two seconds."""
    assert DuckdbWarehouse().rows("SELECT current_setting('enable_progress_bar')") == [(False,)]
