"""SQL of catalog snapshots."""

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.catalog.snapshot_sql import SNAPSHOT_COLUMNS, digest_query, snapshot_query, updated_query
from tailorbird.types.item import CATALOG_COLUMNS

ROWS = "SELECT " + ", ".join(
    f"{value} AS {name}"
    for name, value in zip(
        CATALOG_COLUMNS,
        ("id", "'Mug'", "'mugs'", "450", "'GBP'", "'{}'", "399", "NULL", "NULL", "NULL", "7", "NULL", "NULL", "'{}'"),
        strict=True,
    )
)
QUERY = snapshot_query(f"{ROWS}, 'k' AS row_key FROM (VALUES ('a'), ('b')) t(id)")


def test_the_digest_follows_the_content_and_not_the_order() -> None:
    warehouse = DuckdbWarehouse(threads=1)
    same = warehouse.rows(digest_query(f"{QUERY} ORDER BY item_id DESC"))
    assert warehouse.rows(digest_query(QUERY)) == same
    assert same[0][1] == 2
    assert warehouse.rows(digest_query(QUERY.replace("'Mug'", "'Jug'"))) != same
    assert warehouse.rows(digest_query(f"{QUERY} WHERE FALSE"))[0][1] == 0


def test_an_update_changes_what_it_names_and_ends_the_sale_with_the_price() -> None:
    warehouse = DuckdbWarehouse(threads=1)
    changes = (
        "(SELECT 'a' AS item_id, 500 AS price_minor, NULL AS stock, TRUE AS has_price, FALSE AS has_stock "
        "UNION ALL SELECT 'b', NULL, 0, FALSE, TRUE)"
    )
    rows = warehouse.rows(f"{updated_query(f'({QUERY})', changes)} ORDER BY item_id")
    a, b = (dict(zip(SNAPSHOT_COLUMNS, row, strict=True)) for row in rows)
    assert (a["price_minor"], a["sale_minor"], a["stock"]) == (500, None, 7)
    assert (b["price_minor"], b["sale_minor"], b["stock"]) == (450, 399, 0)
    assert a["row_key"] != "k"
