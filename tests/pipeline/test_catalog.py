"""The catalog on disk."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.catalog import CatalogError, current_catalog, load_catalog, publish_catalog

ROW = (
    "SELECT {id!r} AS item_id, 'Mug' AS name, 'mugs' AS family, CAST({price} AS BIGINT) AS price_minor, "
    "'GBP' AS currency, '{{\"EUR\":499}}' AS prices, CAST({sale} AS BIGINT) AS sale_minor, '2026-06-01T00:00:00Z' AS sale_from, "
    "'2026-06-08T00:00:00Z' AS sale_until, {available} AS available_from, CAST(NULL AS BIGINT) AS stock, "
    "CAST(NULL AS VARCHAR) AS url, 'mug.png' AS image, "
    """'{{"": {{"material": "oak"}}, "de-DE": {{"material": "Eiche"}}}}' AS texts, 'k' AS row_key"""
)


def row(id: str, price: object = 100, sale: object = "NULL", available: str = "NULL") -> str:
    return ROW.format(id=id, price=price, sale=sale, available=available)


def test_a_published_catalog_is_read_back_with_exact_prices(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    version, count = publish_catalog(warehouse, f"{row('a', 435)} UNION ALL {row('b', 'NULL')}", tmp_path)
    items = load_catalog(warehouse, tmp_path)
    assert (count, list(items)) == (2, ["a", "b"])
    assert items["a"].price == Decimal("4.35")
    assert items["b"].price is None
    assert items["a"].in_stock
    assert items["a"].version == version
    assert items["a"].text("material", "de-DE") == "Eiche"
    assert warehouse.rows("SELECT count(*) FROM items") == [(2,)]


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    first, _ = publish_catalog(warehouse, row("a", 1), tmp_path)
    other, _ = publish_catalog(warehouse, row("a", 2), tmp_path)
    again, _ = publish_catalog(warehouse, row("a", 1), tmp_path)
    assert first == again != other
    assert current_catalog(tmp_path) == tmp_path / "catalog" / f"{first}.parquet"


def test_no_catalog_says_how_to_get_one(tmp_path: Path) -> None:
    assert current_catalog(tmp_path) is None
    with pytest.raises(CatalogError, match="add a catalog section"):
        load_catalog(DuckdbWarehouse(), tmp_path)


def test_an_empty_catalog_does_not_replace_the_current_one(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    publish_catalog(warehouse, row("a", 1), tmp_path)
    with pytest.raises(CatalogError, match="no row became an item"):
        publish_catalog(warehouse, row("a", 1) + " WHERE FALSE", tmp_path)
    assert list(load_catalog(warehouse, tmp_path)) == ["a"]


def test_a_pointer_that_leads_nowhere_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "current").write_text("0123\n")
    with pytest.raises(CatalogError, match="import the catalog again"):
        load_catalog(DuckdbWarehouse(), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("pointer", [b"\xff\xfe\x00", b"a\x00b", b"", b"a" * 5000])
def test_a_damaged_pointer_is_one_clear_error(tmp_path: Path, pointer: bytes) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "current").write_bytes(pointer)
    with pytest.raises(CatalogError, match="import the catalog again"):
        load_catalog(DuckdbWarehouse(), tmp_path)


def test_a_sale_price_holds_in_its_time_and_no_longer(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    publish_catalog(warehouse, row("a", 435, sale=399), tmp_path)
    for moment, price in (
        (datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC), "4.35"),
        (datetime(2026, 6, 1, tzinfo=UTC), "3.99"),
        (datetime(2026, 6, 8, tzinfo=UTC), "4.35"),
    ):
        item = load_catalog(warehouse, tmp_path, moment)["a"]
        assert item.price == Decimal(price)
        on_sale = (Decimal("4.35"), datetime(2026, 6, 8, tzinfo=UTC)) if price == "3.99" else (None, None)
        assert (item.regular_price, item.sale_until) == on_sale
    assert load_catalog(warehouse, tmp_path)["a"].sale_until is None


def test_what_is_not_available_yet_is_out_of_stock(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    publish_catalog(warehouse, row("a", available="'2026-06-03T00:00:00Z'"), tmp_path)
    assert not load_catalog(warehouse, tmp_path, datetime(2026, 6, 1, tzinfo=UTC))["a"].in_stock
    assert load_catalog(warehouse, tmp_path, datetime(2026, 6, 3, tzinfo=UTC))["a"].in_stock


def test_prices_in_several_currencies_are_exact(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    publish_catalog(warehouse, row("a"), tmp_path)
    assert load_catalog(warehouse, tmp_path)["a"].prices == {"EUR": Decimal("4.99")}


def test_the_history_tells_each_change_of_the_current_version_once(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    versions = [publish_catalog(warehouse, row("a", price), tmp_path, moment, "m.yaml")[0] for price in (1, 1, 2, 1)]
    lines = (tmp_path / "catalog" / "history.jsonl").read_text().splitlines()
    assert [json.loads(line)["version"] for line in lines] == [versions[0], versions[2], versions[3]]
    assert json.loads(lines[0])["at"] == moment.isoformat()


def test_a_snapshot_of_an_older_release_asks_for_an_import(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    warehouse.write("SELECT 'a' AS item_id, 1.5 AS price", tmp_path / "catalog" / "old.parquet")
    (tmp_path / "catalog" / "current").write_text("old")
    with pytest.raises(CatalogError, match="older version"):
        load_catalog(warehouse, tmp_path)


@pytest.mark.slow
def test_a_catalog_larger_than_a_page_is_read_whole(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    many = row("a").replace("'a' AS item_id", "'it''em-' || i AS item_id")
    publish_catalog(warehouse, f"{many} FROM range(45000) t(i)", tmp_path)
    assert len(load_catalog(warehouse, tmp_path)) == 45_000
