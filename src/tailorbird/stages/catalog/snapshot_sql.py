"""SQL of catalog snapshots: their columns, their content hash, and a copy with other prices and stock."""

from tailorbird.types.item import CATALOG_COLUMNS

SNAPSHOT_COLUMNS = (*CATALOG_COLUMNS, "row_key")
"""A snapshot's columns: `row_key` tells whether an imported row is known."""


def snapshot_query(query: str) -> str:
    """The snapshot of imported rows."""
    return f"SELECT {', '.join(CATALOG_COLUMNS)}, row_key FROM ({query})"


def digest_query(query: str) -> str:
    """SQL of (hash of all rows in item order, how many): the same content has the same hash on every machine."""
    row = f"sha256(CAST(json_array({', '.join(SNAPSHOT_COLUMNS)}) AS VARCHAR))"
    return f"SELECT sha256(coalesce(string_agg({row}, '' ORDER BY item_id), '')), count(*) FROM ({query})"


def updated_query(catalog: str, changes: str) -> str:
    """The snapshot `catalog` with the prices and stock of `changes(item_id, price_minor, stock, has_price, has_stock)`.

    A new price ends a sale: otherwise a correction would not show until the sale is over.
    """
    columns = ", ".join(f"c.{name}" for name in SNAPSHOT_COLUMNS)
    columns = (
        columns.replace(
            "c.price_minor", "CASE WHEN u.has_price THEN u.price_minor ELSE c.price_minor END AS price_minor"
        )
        .replace("c.sale_minor", "CASE WHEN u.has_price THEN NULL ELSE c.sale_minor END AS sale_minor")
        .replace("c.stock", "CASE WHEN u.has_stock THEN u.stock ELSE c.stock END AS stock")
        .replace("c.row_key", "CASE WHEN u.item_id IS NULL THEN c.row_key ELSE 'update-' || c.item_id END AS row_key")
    )
    return f"SELECT {columns} FROM {catalog} c LEFT JOIN {changes} u ON u.item_id = c.item_id"
