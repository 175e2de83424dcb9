"""Quick changes of price and stock."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.catalog import CatalogError, load_catalog, publish_catalog
from tailorbird.pipeline.update_catalog import CatalogMovedError, UpdateReport, patch_catalog
from tailorbird.stages.events.catalog_sql import ITEM_KEY

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROWS = (
    "SELECT id AS item_id, 'Mug' AS name, 'mugs' AS family, CAST(450 AS BIGINT) AS price_minor, 'GBP' AS currency, "
    "'{}' AS prices, CAST(NULL AS BIGINT) AS sale_minor, NULL AS sale_from, NULL AS sale_until, NULL AS available_from, "
    "CAST(7 AS BIGINT) AS stock, NULL AS url, NULL AS image, '{}' AS texts, 'k' AS row_key "
    "FROM (VALUES ('a'), ('b')) t(id)"
)


def update(state_dir: Path, *rows: dict[str, Any]) -> UpdateReport:
    return patch_catalog(DuckdbWarehouse(threads=1), state_dir, enumerate(rows, 2), NOW, "test", prices_only=True)


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    publish_catalog(DuckdbWarehouse(threads=1), ROWS, tmp_path)
    return tmp_path


@pytest.mark.slow
def test_a_new_price_and_a_new_stock_hold_at_once(state_dir: Path) -> None:
    report = update(state_dir, {"id": "a", "price": "3.99"}, {"sku": "b", "stock": 0})
    items = load_catalog(DuckdbWarehouse(), state_dir)
    assert (items["a"].price, items["a"].stock) == (Decimal("3.99"), 7)
    assert (items["b"].price, items["b"].stock) == (Decimal("4.50"), 0)
    assert (report.rows_in, report.updated, report.unchanged, report.version) == (2, 2, 0, items["a"].version)


def test_what_says_nothing_new_makes_no_version(state_dir: Path) -> None:
    report = update(state_dir, {"id": "a", "price": "4.50", "stock": "7"})
    assert (report.updated, report.unchanged, report.version) == (0, 1, report.before)


@pytest.mark.slow
def test_the_last_row_of_an_item_wins_field_by_field(state_dir: Path) -> None:
    update(state_dir, {"id": "a", "price": "1"}, {"id": "a", "stock": 2}, {"id": "a", "price": "4.50"})
    item = load_catalog(DuckdbWarehouse(), state_dir)["a"]
    assert (item.price, item.stock) == (Decimal("4.50"), 2)


@pytest.mark.slow
def test_an_empty_stock_is_not_tracked_and_an_empty_price_is_none(state_dir: Path) -> None:
    update(state_dir, {"id": "a", "price": "", "stock": ""})
    item = load_catalog(DuckdbWarehouse(), state_dir)["a"]
    assert (item.price, item.stock, item.in_stock) == (None, None, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"id": "z", "price": "1"}, "id", "is no item of the catalog"),
        ({"price": "1"}, "item_id", "is empty"),
        ({"id": "a"}, "price", "is missing, and stock is too"),
        ({"id": "a", "price": "1.005"}, "price", "has more decimals than GBP has"),
        ({"id": "a", "price": "1 EUR"}, "price", "is in EUR, the catalog's is in GBP"),
        ({"id": "a", "price": "-1"}, "price", "is below 0"),
        ({"id": "a", "stock": "many"}, "stock", "is not a whole number"),
        ({"id": "a", "stock": "1.5"}, "stock", "is not a whole number"),
        ({"id": "a", "stock": "99999999999"}, "stock", "is too large"),
    ],
)
def test_a_wrong_row_is_rejected_and_the_others_hold(
    state_dir: Path, row: dict[str, Any], field: str, reason: str
) -> None:
    report = update(state_dir, row, {"id": "b", "stock": 1})
    assert [(one.line, one.field, one.reason) for one in report.rejected] == [(2, field, reason)]
    assert report.rows_in == report.updated + report.unchanged + len(report.rejected) == 2
    assert load_catalog(DuckdbWarehouse(), state_dir)["b"].stock == 1


def test_without_a_catalog_there_is_nothing_to_update(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="nothing to update"):
        update(tmp_path, {"id": "a", "price": "1"})


def test_a_patch_adds_what_is_not_there_and_an_import_of_the_same_row_knows_it(state_dir: Path) -> None:
    rows: list[tuple[int, Any]] = [
        (0, {"id": "c", "name": "Jug", "price": "5"}), (1, {"id": "c", "stock": 3}), (2, {"id": "d"}),
    ]  # fmt: skip
    warehouse = DuckdbWarehouse(threads=1)
    report = patch_catalog(warehouse, state_dir, rows, NOW, "test", currency="GBP")
    assert (report.added, report.updated, report.unchanged, len(report.rejected)) == (1, 1, 0, 1)
    item = load_catalog(warehouse, state_dir)["c"]
    assert (item.name, item.price, item.stock) == ("Jug", Decimal("5.00"), 3)
    key, wanted = warehouse.rows(f"SELECT row_key, {ITEM_KEY} FROM items WHERE item_id = 'c'")[0]
    assert key == wanted


@pytest.mark.slow
def test_a_patch_and_its_opposite_lead_back_to_the_same_version(state_dir: Path) -> None:
    first = update(state_dir, {"id": "a", "stock": 1}, {"id": "b", "stock": 1})
    there = update(state_dir, {"id": "a", "stock": 2})
    back = update(state_dir, {"id": "a", "stock": 1})
    assert back.version == first.version != there.version


@pytest.mark.slow
def test_a_patch_for_another_version_is_refused_unless_it_holds_already(state_dir: Path) -> None:
    def patch(stock: int, *expected: str) -> UpdateReport:
        rows: list[tuple[int, Any]] = [(0, {"id": "a", "stock": stock})]
        return patch_catalog(DuckdbWarehouse(threads=1), state_dir, rows, NOW, "test", expected=expected)

    first = patch(7).version
    second = patch(8, "other", first).version
    with pytest.raises(CatalogMovedError) as moved:
        patch(9, first)
    assert moved.value.current == second
    assert patch(8, first).version == second
