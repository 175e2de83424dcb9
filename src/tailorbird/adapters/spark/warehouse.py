"""The warehouse in Spark: temporary views over Parquet that is written for it, in a session on local cores."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.sql.columns import plain
from tailorbird.stages.sql.shapes import UnportableSqlError
from tailorbird.stages.sql.spark import SESSION, TIME_ZONES
from tailorbird.stages.sql.transpile import new_table, transpile

_CONFIG = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


class SparkWarehouse:
    """Implements ports/warehouse.py for a master such as local[2]. `files` reads and writes local files.

    Tables are Parquet files in a folder of their own, which workers on other machines would have to see as well.
    CREATE makes temporary views that are kept in memory once they are read.
    """

    def __init__(self, master: str, files: Warehouse) -> None:
        """WarehouseError: Spark or its Java is missing."""
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise WarehouseError("Spark needs its package: pip install 'tailorbird[spark]'") from error
        if shutil.which("java") is None:
            raise WarehouseError("Spark needs Java 17; install it, or put its bin folder into PATH")
        self._error = PySparkException
        self._files = files
        self._folder = Path(tempfile.mkdtemp(prefix="tailorbird-spark-"))
        self._places = 0
        builder = SparkSession.builder.master(master).appName("tailorbird")
        for key, value in _CONFIG.items():
            builder = builder.config(key, value)
        with self._errors_told("cannot start Spark: "):
            self._session = builder.getOrCreate()
            self._session.sparkContext.setLogLevel("OFF")
            for statement in SESSION:
                self._session.sql(statement)
        java: Any = self._session.sparkContext._jvm
        zones = java.java.time.ZoneId.getAvailableZoneIds()
        self.load(TIME_ZONES, {"name": sorted(str(zone) for zone in zones)})

    def attach(self, name: str, files: Sequence[Path]) -> None:
        """Make view `name` over the rows of files."""
        self._files.attach("tailorbird_reading", files)
        self._take(name, "tailorbird_reading")

    def load(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Make view `name` over columns."""
        self._files.load("tailorbird_loading_for_spark", columns)
        self._take(name, "tailorbird_loading_for_spark")

    def _take(self, name: str, table: str) -> None:
        self._places += 1
        path = self._folder / f"{self._places}.parquet"
        self._files.write(f"SELECT * FROM {table}", path)
        with self._errors_told():
            self._session.read.parquet(str(path)).createOrReplaceTempView(name)

    def run(self, sql: str) -> None:
        """Run a statement of DuckDB's dialect."""
        with self._errors_told():
            made = new_table(sql, "spark")
            if made is None:
                self._session.sql(transpile(sql, "spark"))
            else:
                self._session.sql(made.query).cache().createOrReplaceTempView(made.name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query of DuckDB's dialect."""
        with self._errors_told():
            return self._fetched(transpile(sql, "spark"))[1]

    def write(self, sql: str, path: Path) -> int:
        """Write a query's rows to a local file."""
        with self._errors_told():
            names, rows = self._fetched(transpile(sql, "spark"))
        by_column = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        self._files.load("tailorbird_writing", dict(zip(names, by_column, strict=True)))
        return self._files.write("SELECT * FROM tailorbird_writing", path)

    def close(self) -> None:
        """Remove the files. The session stays, because a process has one; it ends with the process."""
        self._session.catalog.clearCache()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _fetched(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        frame = self._session.sql(sql)
        return list(frame.columns), [tuple(plain(value) for value in row) for row in frame.collect()]

    @contextmanager
    def _errors_told(self, before: str = "") -> Iterator[None]:
        try:
            yield
        except self._error as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise WarehouseError(f"{before}{first}") from error
        except UnportableSqlError as error:
            raise WarehouseError(str(error)) from error
