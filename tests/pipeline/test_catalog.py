"""The catalog on disk."""

from decimal import Decimal
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.catalog import CatalogError, current_catalog, load_catalog, publish_catalog

ROW = (
    "SELECT {id!r} AS item_id, 'Mug' AS name, 'mugs' AS family, CAST({price} AS DOUBLE) AS price, 'GBP' AS currency, "
    "CAST(NULL AS BIGINT) AS stock, CAST(NULL AS VARCHAR) AS url, 'mug.png' AS image, "
    """'{{"": {{"material": "oak"}}, "de-DE": {{"material": "Eiche"}}}}' AS texts"""
)


def test_a_published_catalog_is_read_back_with_exact_prices(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    version, count = publish_catalog(
        warehouse, f"{ROW.format(id='a', price=4.35)} UNION ALL {ROW.format(id='b', price='NULL')}", tmp_path
    )
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
    first, _ = publish_catalog(warehouse, ROW.format(id="a", price=1), tmp_path)
    other, _ = publish_catalog(warehouse, ROW.format(id="a", price=2), tmp_path)
    again, _ = publish_catalog(warehouse, ROW.format(id="a", price=1), tmp_path)
    assert first == again != other
    assert current_catalog(tmp_path) == tmp_path / "catalog" / f"{first}.parquet"


def test_no_catalog_says_how_to_get_one(tmp_path: Path) -> None:
    assert current_catalog(tmp_path) is None
    with pytest.raises(CatalogError, match="add a catalog section"):
        load_catalog(DuckdbWarehouse(), tmp_path)


def test_an_empty_catalog_does_not_replace_the_current_one(tmp_path: Path) -> None:
    warehouse = DuckdbWarehouse()
    publish_catalog(warehouse, ROW.format(id="a", price=1), tmp_path)
    with pytest.raises(CatalogError, match="no row became an item"):
        publish_catalog(warehouse, ROW.format(id="a", price=1) + " WHERE FALSE", tmp_path)
    assert list(load_catalog(warehouse, tmp_path)) == ["a"]


def test_a_pointer_that_leads_nowhere_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "current").write_text("0123\n")
    with pytest.raises(CatalogError, match="import the catalog again"):
        load_catalog(DuckdbWarehouse(), tmp_path)


@pytest.mark.parametrize("pointer", [b"\xff\xfe\x00", b"a\x00b", b"", b"a" * 5000])
def test_a_damaged_pointer_is_one_clear_error(tmp_path: Path, pointer: bytes) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "current").write_bytes(pointer)
    with pytest.raises(CatalogError, match="import the catalog again"):
        load_catalog(DuckdbWarehouse(), tmp_path)
