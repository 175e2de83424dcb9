"""SQL of catalog snapshots: their columns, their content hash, and a copy with other rows of some items."""

from tailorbird.types.item import CATALOG_COLUMNS

SNAPSHOT_COLUMNS = (*CATALOG_COLUMNS, "row_key")
"""A snapshot's columns: `row_key` tells whether an imported row is known."""

_WHOLE = ("price_minor", "sale_minor", "stock")


def snapshot_query(query: str) -> str:
    """The snapshot of imported rows."""
    return f"SELECT {', '.join(CATALOG_COLUMNS)}, row_key FROM ({query})"


def digest_query(query: str) -> str:
    """SQL of (hash of all rows in item order, how many): the same content has the same hash on every machine."""
    row = f"sha256(CAST(json_array({', '.join(SNAPSHOT_COLUMNS)}) AS VARCHAR))"
    return f"SELECT sha256(coalesce(string_agg({row}, '' ORDER BY item_id), '')), count(*) FROM ({query})"


def patched_query(catalog: str, patched: str, key: str) -> str:
    """The snapshot `catalog` with the rows of `patched` (CATALOG_COLUMNS, as text where they may be missing) in place
    of its own, or beside them. `key` is SQL of the key of a row: an import of a row that says the same knows it.
    """
    casts = [f"CAST({name} AS {'BIGINT' if name in _WHOLE else 'VARCHAR'}) AS {name}" for name in CATALOG_COLUMNS]
    columns = ", ".join(SNAPSHOT_COLUMNS)
    return (
        f"SELECT {columns} FROM {catalog} WHERE item_id NOT IN (SELECT item_id FROM {patched}) UNION ALL "
        f"SELECT {', '.join(CATALOG_COLUMNS)}, {key} AS row_key FROM (SELECT {', '.join(casts)} FROM {patched})"
    )
