"""The catalog target."""

import json
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.catalog_sql import compile_catalog
from tailorbird.stages.events.columns import Columns
from tailorbird.types.item import CATALOG_COLUMNS
from tailorbird.types.mapping import CatalogTarget, Value

TYPES = dict.fromkeys(["sku", "name", "price", "stock", "material", "material_de"], "VARCHAR")


def compute(target: CatalogTarget, rows: list[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    warehouse = DuckdbWarehouse(threads=1)
    columns = {name: [row[i] for row in rows] for i, name in enumerate(TYPES)}
    warehouse.load("import_rows", {**columns, "_row": list(range(1, len(rows) + 1))})
    compiled, query = compile_catalog(target, 0, Columns(TYPES, "f.csv", "m.yaml"))
    for statement in (*compiled.judge, *compiled.build):
        warehouse.run(statement)
    return warehouse.rows(query), warehouse.rows(f"SELECT _row, _fresh FROM {compiled.keys} ORDER BY _row")


def test_texts_are_kept_per_locale_and_gaps_left_out() -> None:
    target = CatalogTarget(
        "sku",
        "name",
        price="price",
        stock="stock",
        currency="GBP",
        texts={"": {"material": "material", "family": Value(constant="mugs")}, "de-DE": {"material": "material_de"}},
    )
    rows, _ = compute(target, [("1", "Mug", "2.50", "7", "oak", None)])
    row = dict(zip(CATALOG_COLUMNS, rows[0], strict=False))
    assert (row["item_id"], row["name"], row["family"], row["price_minor"]) == ("1", "Mug", "", 250)
    assert (row["currency"], row["stock"], row["url"], row["sale_minor"]) == ("GBP", 7, None, None)
    assert json.loads(row["texts"]) == {"": {"material": "oak", "family": "mugs"}, "de-DE": {}}


def test_the_last_row_of_an_item_wins_and_the_others_are_copies() -> None:
    rows, keys = compute(
        CatalogTarget("sku", "name"), [("1", "Old", *[None] * 4), ("2", "Tin", *[None] * 4), ("1", "New", *[None] * 4)]
    )
    assert [row[:2] for row in rows] == [("1", "New"), ("2", "Tin")]
    assert keys == [(1, False), (2, True), (3, True)]


def test_an_item_has_an_id_that_others_can_bear_or_is_no_row_of_the_catalog() -> None:
    ids = ["i" * 200, "i" * 201, "a\0b", "a\nb", "ok"]
    rows, keys = compute(CatalogTarget("sku", "name"), [(item_id, "Mug", *[None] * 4) for item_id in ids])
    assert [row[0] for row in rows] == ["i" * 200, "ok"]
    assert keys == [(1, True), (5, True)]


def test_a_catalog_without_prices_is_a_catalog() -> None:
    rows, _ = compute(CatalogTarget("sku", "name", price="price"), [("1", "Mug", *[None] * 4)])
    assert rows[0][3] is None


@pytest.mark.slow
def test_equal_rows_have_equal_keys() -> None:
    rows, _ = compute(
        CatalogTarget("sku", "name", texts={"": {"material": "material"}}),
        [("1", "Mug", None, None, "oak", None), ("2", "Mug", None, None, "oak", None)],
    )
    again, _ = compute(
        CatalogTarget("sku", "name", texts={"": {"material": "material"}}), [("1", "Mug", None, None, "oak", None)]
    )
    other, _ = compute(
        CatalogTarget("sku", "name", texts={"": {"material": "material"}}), [("1", "Mug", None, None, "ash", None)]
    )
    assert rows[0][-1] == again[0][-1] != other[0][-1]
    assert rows[0][-1] != rows[1][-1]


def test_a_pattern_takes_each_column_that_begins_so() -> None:
    rows, _ = compute(CatalogTarget("sku", "name", attributes=("mat*",)), [("1", "Mug", None, None, "oak", "Eiche")])
    texts = json.loads(dict(zip(CATALOG_COLUMNS, rows[0], strict=False))["texts"])
    assert texts == {"": {"erial": "oak", "erial_de": "Eiche"}}
