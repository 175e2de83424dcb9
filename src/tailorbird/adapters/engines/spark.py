"""The warehouse in Spark: temporary views over Parquet that is written for it, in a session on local cores."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tailorbird.adapters.engines.translated import Fetched, TranslatedWarehouse
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.sql.columns import plain
from tailorbird.stages.sql.spark import SESSION, TIME_ZONES

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


class SparkWarehouse(TranslatedWarehouse):
    """Implements ports/warehouse.py for a master such as local[2]. `files` reads and writes local files.

    Tables are Parquet files in a folder of their own, which workers on other machines would have to see as well.
    CREATE makes temporary views that are kept in memory once they are read.
    """

    _engine = "spark"

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

    def close(self) -> None:
        """Remove the files. The session stays, because a process has one; it ends with the process."""
        self._session.catalog.clearCache()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _execute(self, statement: str) -> None:
        self._session.sql(statement)

    def _make(self, name: str, query: str) -> None:
        self._session.sql(query).cache().createOrReplaceTempView(name)

    def _fetched(self, query: str) -> Fetched:
        frame = self._session.sql(query)
        return list(frame.columns), [tuple(plain(value) for value in row) for row in frame.collect()]
