"""SQL of catalog snapshots."""

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.catalog.snapshot_sql import SNAPSHOT_COLUMNS, digest_query, patched_query, snapshot_query
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


def test_patched_rows_take_the_place_of_the_catalog_s_or_stand_beside_them() -> None:
    warehouse = DuckdbWarehouse(threads=1)
    fields = dict.fromkeys(CATALOG_COLUMNS, "NULL") | {"name": "'Jug'", "price_minor": "'500'"}
    one, other = (
        ", ".join(f"{value} AS {name}" for name, value in {**fields, "item_id": f"'{item}'"}.items()) for item in "ac"
    )
    patched = f"(SELECT {one} UNION ALL SELECT {other})"
    key = "'key-' || item_id"
    rows = warehouse.rows(f"{patched_query(f'({QUERY})', patched, key)} ORDER BY item_id")
    a, b, c = (dict(zip(SNAPSHOT_COLUMNS, row, strict=True)) for row in rows)
    assert (a["item_id"], a["name"], a["price_minor"], a["stock"], a["row_key"]) == ("a", "Jug", 500, None, "key-a")
    assert (b["item_id"], b["row_key"]) == ("b", "k")
    assert (c["item_id"], c["price_minor"]) == ("c", 500)
