"""The fast path: new prices and stock for items that are there, without importing the catalog again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tailorbird.pipeline.catalog import CatalogError, current_catalog, write_version
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.catalog.money import MoneyError, parse_money
from tailorbird.stages.catalog.snapshot_sql import updated_query

ID_COLUMNS = ("item_id", "id", "sku")
_STOCK_MAX = 9_000_000_000
_Change = tuple[int | None, int | None, bool, bool]  # price in minor units, stock, and which of them the row gave


@dataclass(frozen=True, slots=True)
class RejectedUpdate:
    """One row of an update that was not used: its line, its field, why, and the row."""

    line: int
    field: str
    reason: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """Rows in = updated + unchanged + rejected; `version` is what is current afterwards."""

    rows_in: int
    updated: int
    unchanged: int
    version: str
    before: str
    rejected: tuple[RejectedUpdate, ...] = field(default=())


def update_items(
    warehouse: Warehouse,
    state_dir: Path,
    rows: Iterable[tuple[int, Mapping[str, Any] | str]],
    at: datetime,
    source: str,
) -> UpdateReport:
    """Publish a version with other prices or stock. `rows` are (line, row), or (line, why it is none).

    Each row has an item's id, and `price`, `stock` or both.

    The last row of an item wins. An empty stock means that it is not tracked, an empty price that it has none. Rows of
    unknown items, and values that are no price or stock, are rejected; the others hold at the next decision.
    """
    current = current_catalog(state_dir)
    if current is None:
        raise CatalogError("no catalog was imported yet, so there is nothing to update")
    warehouse.attach("catalog_current", [current])
    known = {
        row[0]: row[1:]
        for row in warehouse.rows("SELECT item_id, currency, price_minor, stock, sale_minor FROM catalog_current")
    }
    changes: dict[str, _Change] = {}
    rejected = []
    total = unchanged = updated = 0
    for line, row in rows:
        total += 1
        try:
            item_id, change = _read(row, known)
        except _RowError as problem:
            rejected.append(RejectedUpdate(line, problem.field, problem.reason, {} if isinstance(row, str) else row))
            continue
        _, price, stock, sale = known[item_id]
        same = (not change[2] or (change[0] == price and sale is None)) and (not change[3] or change[1] == stock)
        if same and item_id not in changes:
            unchanged += 1
        else:
            changes[item_id] = _merge(changes.get(item_id), change)
            updated += 1
    if not changes:
        return UpdateReport(total, 0, unchanged, current.stem, current.stem, tuple(rejected))
    columns = list(zip(*changes.values(), strict=True))
    names = ("price_minor", "stock", "has_price", "has_stock")
    loaded = {"item_id": list(changes), **{name: list(values) for name, values in zip(names, columns, strict=True)}}
    warehouse.load("catalog_changes_loaded", loaded)
    typed = (
        "SELECT item_id, TRY_CAST(price_minor AS BIGINT) AS price_minor, TRY_CAST(stock AS BIGINT) AS stock, "
        "has_price, has_stock FROM catalog_changes_loaded"
    )
    version, _ = write_version(warehouse, updated_query("catalog_current", f"({typed})"), state_dir, at, source)
    return UpdateReport(total, updated, unchanged, version, current.stem, tuple(rejected))


class _RowError(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def _read(row: Mapping[str, Any] | str, known: Mapping[str, Any]) -> tuple[str, _Change]:
    if isinstance(row, str):
        raise _RowError("", row)
    key = next((name for name in ID_COLUMNS if row.get(name) not in (None, "")), None)
    if key is None:
        raise _RowError("item_id", "is empty")
    item_id = str(row[key]).strip()
    if item_id not in known:
        raise _RowError(key, "is no item of the catalog")
    if "price" not in row and "stock" not in row:
        raise _RowError("price", "is missing, and stock is too")
    price = stock = None
    if _text(row.get("price")):
        try:
            money = parse_money(_text(row["price"]), str(known[item_id][0]))
        except MoneyError as error:
            raise _RowError("price", str(error)) from None
        if money.currency != known[item_id][0]:
            raise _RowError("price", f"is in {money.currency}, the catalog's is in {known[item_id][0]}")
        if money.minor < 0:
            raise _RowError("price", "is below 0")
        price = money.minor
    if _text(row.get("stock")):
        stock = _stock(_text(row["stock"]))
    return item_id, (price, stock, "price" in row, "stock" in row)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _stock(text: str) -> int:
    whole = text.removesuffix(".0")
    if not (whole.removeprefix("-").isascii() and whole.removeprefix("-").isdigit()) or len(whole) > 12:
        raise _RowError("stock", "is not a whole number")
    if abs(int(whole)) > _STOCK_MAX:
        raise _RowError("stock", "is too large")
    return int(whole)


def _merge(old: _Change | None, new: _Change) -> _Change:
    if old is None:
        return new
    price = new[0] if new[2] else old[0]
    stock = new[1] if new[3] else old[1]
    return price, stock, old[2] or new[2], old[3] or new[3]
