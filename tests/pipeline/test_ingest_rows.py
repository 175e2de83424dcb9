"""Imports from a real PostgreSQL table, with a watermark."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.row_sources.postgres import PostgresRows
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.ingest import ImportFailedError
from tailorbird.pipeline.ingest_rows import Ingested, ingest_rows
from tailorbird.ports.row_source import RowSourceError
from tailorbird.testing.state import MemoryWatermarks
from tailorbird.types.catalog_schema import AttributeSchema, CatalogSchema
from tailorbird.types.mapping import (
    CatalogTarget,
    ColumnCheck,
    DatabaseSource,
    EventTarget,
    ImportMapping,
    TraitsTarget,
    Value,
)

pytestmark = pytest.mark.slow

URL = os.environ.get("TAILORBIRD_POSTGRES", "postgresql://127.0.0.1:5432/test").replace("+psycopg", "")
TABLE = f"tb_orders_{os.getpid()}"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def mapping(**source: Any) -> ImportMapping:
    return ImportMapping(
        source=DatabaseSource(
            sql=f"SELECT * FROM {TABLE} WHERE updated_at >= :watermark ORDER BY updated_at",
            postgres="${SHOP_DB}",
            watermark="updated_at",
            since="2020-01-01",
            **source,
        ),
        events=(
            EventTarget(
                event="Order Completed",
                timestamp="updated_at",
                user_id="customer",
                message_id=Value(text="order-{id}"),
                properties={"total": Value(column="total", type="number"), "extra": Value(column="extra", type="json")},
                checks={"total": ColumnCheck(type="number", min=0)},
            ),
        ),
        traits=TraitsTarget(user_id="customer", timestamp="updated_at", traits={"email": "email"}),
    )


class Shop:
    """A table of orders, and a project that imports it."""

    def __init__(self, admin: Any, folder: Path) -> None:
        self.admin, self.folder = admin, folder
        self.watermarks = MemoryWatermarks()
        self.quarantine = FolderQuarantine(folder / "quarantine")
        self.warehouse = DuckdbWarehouse(threads=1)

    def add(self, *rows: tuple[Any, ...]) -> None:
        with self.admin.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {TABLE} VALUES (%s, %s, %s, %s, %s, %s)", rows)

    def read(self, watermarks: Any = None, **more: Any) -> Ingested:
        log, rows = SegmentLog(self.folder / "events"), PostgresRows(URL)
        try:
            source = more.pop("source", {})
            store = self.watermarks if watermarks is None else watermarks
            where = (self.warehouse, log, self.quarantine, self.folder, NOW)
            return ingest_rows(mapping(**source), "orders", rows, store, *where, **more)
        finally:
            log.close()
            rows.close()

    def events(self) -> list[tuple[Any, ...]]:
        log = SegmentLog(self.folder / "events")
        self.warehouse.attach("logged", log.seal())
        log.close()
        return self.warehouse.rows("SELECT message_id, properties FROM logged WHERE type = 'track' ORDER BY message_id")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    import psycopg

    try:
        PostgresRows(URL).close()
    except RowSourceError as error:
        if "postgres" in os.environ.get("TAILORBIRD_REQUIRE", "").split(","):
            raise
        pytest.skip(str(error))
    with psycopg.connect(URL, autocommit=True) as admin:
        admin.execute(f"DROP TABLE IF EXISTS {TABLE}")
        admin.execute(
            f"CREATE TABLE {TABLE} (id BIGINT, customer TEXT, email TEXT, total NUMERIC, extra JSONB, "
            "updated_at TIMESTAMPTZ)"
        )
        yield Shop(admin, tmp_path)
        admin.execute(f"DROP TABLE {TABLE}")


def order(number: int, at: str, total: str = "12.50") -> tuple[Any, ...]:
    return number, f"c{number % 2}", f"c{number % 2}@example.com", total, json.dumps({"gift": True}), at


def test_rows_are_imported_once_and_the_watermark_follows(shop: Shop) -> None:
    shop.add(order(1, "2026-03-01 10:00+00"), order(2, "2026-03-01 11:00+02"))
    first = shop.read()
    assert (first.report.rows_in, first.report.accepted, first.report.quarantined) == (2, 2, 0)
    assert first.watermark == shop.watermarks.get("orders") == "2026-03-01 10:00:00+00:00"
    assert shop.events()[0] == ("order-1", '{"total":12.5,"extra":{"gift":true}}')
    # A row with the very same time that was committed later is not lost, and nothing doubles.
    shop.add(order(3, "2026-03-01 10:00+00"))
    second = shop.read()
    assert second.report.accepted >= 1 and second.report.rows_in == 2
    assert [message_id for message_id, _ in shop.events()] == ["order-1", "order-2", "order-3"]
    again = shop.read()
    assert again.report.events == 0 and [m for m, _ in shop.events()] == ["order-1", "order-2", "order-3"]


def test_a_crash_before_the_watermark_moves_is_harmless(shop: Shop) -> None:
    class Crash(MemoryWatermarks):
        def put(self, source: str, value: str, at: str) -> None:
            raise KeyboardInterrupt

    shop.add(*(order(i, f"2026-03-01 10:{i:02}+00") for i in range(5)))
    with pytest.raises(KeyboardInterrupt):
        shop.read(Crash())
    assert len(shop.events()) == 5
    repeated = shop.read()
    assert (repeated.report.rows_in, repeated.report.duplicate, repeated.report.events) == (5, 5, 0)
    assert len(shop.events()) == 5 and repeated.watermark == "2026-03-01 10:04:00+00:00"


def test_quarantined_rows_hold_the_watermark_until_they_are_mended(shop: Shop) -> None:
    shop.add(order(1, "2026-03-01 10:00+00"), order(2, "2026-03-01 11:00+00", total="-1"))
    held = shop.read()
    assert held.held and held.report.quarantined == 1 and shop.watermarks.get("orders") is None
    shop.admin.execute(f"UPDATE {TABLE} SET total = 1 WHERE id = 2")
    mended = shop.read()
    assert not mended.held and mended.report.quarantined == 0
    assert [message_id for message_id, _ in shop.events()] == ["order-1", "order-2"]


def test_one_may_go_on_without_quarantined_rows(shop: Shop) -> None:
    shop.add(order(1, "2026-03-01 10:00+00", total="-1"))
    gone_on = shop.read(skip_quarantined=True)
    assert gone_on.report.quarantined == 1 and shop.watermarks.get("orders") == "2026-03-01 10:00:00+00:00"
    shop.add(order(2, "2026-03-01 11:00+00"), order(3, "2026-03-01 12:00+00", total="-3"))
    shop.read(skip_quarantined=True)
    assert sorted(float(json.loads(row.body)["total"]) for row in shop.quarantine.rows()) == [-3, -1]


def test_rows_that_were_committed_late_are_found_by_an_overlap_or_from_a_given_place(shop: Shop) -> None:
    shop.add(order(1, "2026-03-01 10:00+00"))
    shop.read()
    shop.add(order(2, "2026-03-01 09:55+00"), order(3, "2026-02-01 00:00+00"))
    assert shop.read().report.events == 0
    assert shop.read(source={"overlap_minutes": 10}).report.events >= 1
    assert [message_id for message_id, _ in shop.events()] == ["order-1", "order-2"]
    shop.read(since="2026-01-01")
    assert [message_id for message_id, _ in shop.events()] == ["order-1", "order-2", "order-3"]


def test_no_rows_change_nothing_and_no_file_is_left(shop: Shop) -> None:
    assert shop.read().report.rows_in == 0
    assert shop.watermarks.get("orders") is None
    assert not list((shop.folder / "incoming").iterdir())


def test_bytes_are_refused_by_name_and_nothing_is_imported(shop: Shop) -> None:
    shop.admin.execute(f"ALTER TABLE {TABLE} ADD COLUMN photo BYTEA")
    shop.admin.execute(f"INSERT INTO {TABLE} (id, customer, updated_at, photo) VALUES (1, 'a', now(), '\\x00')")
    with pytest.raises(ImportFailedError, match="'photo' is bytes"):
        shop.read()
    assert shop.watermarks.get("orders") is None


def test_a_catalog_is_held_to_its_schema_and_refuses_a_watermark(shop: Shop) -> None:
    sql = "SELECT 1 AS id, 'Mug' AS name, '900 g' AS weight UNION ALL SELECT 2, 'Jug', 'heavy'"
    items = CatalogTarget(item_id="id", name="name", currency="GBP", attributes=("weight",))
    whole = DatabaseSource(sql=sql, postgres="${SHOP_DB}")
    where = (shop.warehouse, SegmentLog(shop.folder / "events"), shop.quarantine, shop.folder, NOW)
    schema = CatalogSchema({"weight": AttributeSchema("number", "kg")}, "quarantine")
    rows = PostgresRows(URL)
    try:
        done = ingest_rows(
            ImportMapping(whole, catalog=items), "items", rows, shop.watermarks, *where, schema=schema
        ).report
        assert (done.rows_in, done.quarantined, done.items) == (2, 1, 1)
        assert "is no quantity in kg" in next(iter(done.by_reason))
        with pytest.raises(ImportFailedError, match="read whole"):
            ingest_rows(ImportMapping(mapping().source, catalog=items), "items", rows, shop.watermarks, *where)
    finally:
        rows.close()
