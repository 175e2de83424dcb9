"""Warehouses on other engines: for computing features where the data lives, and for comparing."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailorbird.ports.warehouse import Warehouse

ENGINES = ("duckdb", "postgres", "clickhouse", "spark")
DEFAULT_URLS = {
    "postgres": "postgresql://127.0.0.1:5432/postgres",
    "clickhouse": "chdb://memory",
    "spark": "local[2]",
}
"""Where an engine is if nobody says: PostgreSQL on this machine; ClickHouse and Spark in this process."""


def engine_url(engine: str, given: str | None = None) -> str:
    """Where an engine is: as given, else by TAILORBIRD_POSTGRES, _CLICKHOUSE or _SPARK, else on this machine."""
    url = given or os.environ.get(f"TAILORBIRD_{engine.upper()}") or DEFAULT_URLS[engine]
    return url.replace("postgresql+psycopg://", "postgresql://")


def open_engine_warehouse(engine: str, url: str | None = None) -> "Warehouse":
    """A warehouse on an engine. WarehouseError: its driver is missing, or nobody answers."""
    from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse

    files = DuckdbWarehouse()
    if engine == "postgres":
        from tailorbird.adapters.engines.postgres import PostgresWarehouse

        return PostgresWarehouse(engine_url(engine, url), files)
    if engine == "clickhouse":
        from tailorbird.adapters.engines.clickhouse import ClickhouseWarehouse

        return ClickhouseWarehouse(engine_url(engine, url), files)
    if engine == "spark":
        from tailorbird.adapters.engines.spark import SparkWarehouse

        return SparkWarehouse(engine_url(engine, url), files)
    return files
