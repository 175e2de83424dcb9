"""The catalog target."""

import json
from typing import Any

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.catalog_sql import ITEM_KEY, compile_catalog
from tailorbird.stages.events.columns import Columns
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
    assert rows[0][:8] == ("1", "Mug", "", 2.5, "GBP", 7, None, None)
    assert json.loads(rows[0][8]) == {"": {"material": "oak", "family": "mugs"}, "de-DE": {}}


def test_the_last_row_of_an_item_wins_and_the_others_are_copies() -> None:
    rows, keys = compute(
        CatalogTarget("sku", "name"), [("1", "Old", *[None] * 4), ("2", "Tin", *[None] * 4), ("1", "New", *[None] * 4)]
    )
    assert [row[:2] for row in rows] == [("1", "New"), ("2", "Tin")]
    assert keys == [(1, False), (2, True), (3, True)]


def test_a_catalog_without_prices_is_a_catalog() -> None:
    rows, _ = compute(CatalogTarget("sku", "name", price="price"), [("1", "Mug", *[None] * 4)])
    assert rows[0][3] is None


def test_equal_rows_have_equal_keys() -> None:
    row = "'a' AS item_id, 'n' AS name, 'f' AS family, 1.5 AS price, 'GBP' AS currency, NULL AS stock, NULL AS url, NULL AS image"
    keys = DuckdbWarehouse().rows(
        f"SELECT {ITEM_KEY} FROM (SELECT {row}, '{{}}' AS texts UNION ALL SELECT {row}, '{{}}' UNION ALL SELECT {row}, 'x')"
    )
    assert keys[0] == keys[1] != keys[2]
