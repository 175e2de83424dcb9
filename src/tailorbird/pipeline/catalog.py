"""The catalog on disk: immutable versions in Parquet, and a pointer to the current one."""

import json
import os
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.catalog.fold import as_text
from tailorbird.stages.catalog.snapshot_sql import digest_query, snapshot_query
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import CATALOG_COLUMNS, Item
from tailorbird.types.money import amount_of

_VERSION = re.compile("[0-9a-zA-Z_-]{1,64}")
_PAGE = 20_000


class CatalogError(TailorbirdError):
    """There is no catalog to read, or its pointer leads nowhere. One sentence with the mend."""


def current_catalog(state_dir: Path) -> Path | None:
    """The current catalog's file; None if none was imported. CatalogError: the pointer is damaged or names no file."""
    pointer = state_dir / "catalog" / "current"
    if not pointer.is_file():
        return None
    try:
        version = pointer.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        version = ""
    if not _VERSION.fullmatch(version):
        raise CatalogError(f"{pointer} is damaged: it does not name a version; import the catalog again")
    file = state_dir / "catalog" / f"{version}.parquet"
    if not file.is_file():
        raise CatalogError(
            f"{pointer} names version {version!r}, but {file.name} is not there; import the catalog again"
        )
    return file


def publish_catalog(
    warehouse: Warehouse, query: str, state_dir: Path, at: datetime | None = None, source: str = ""
) -> tuple[str, int]:
    """Write the query's rows (CATALOG_COLUMNS and row_key) as a catalog version and point at it; (version, items).

    The version is a hash of the rows: the same catalog has the same version. A catalog without items is refused, and
    the current one stays. `at` and `source` go to the history, which tells what was current when.
    """
    return write_version(warehouse, snapshot_query(query), state_dir, at, source)


def write_version(
    warehouse: Warehouse, query: str, state_dir: Path, at: datetime | None = None, source: str = ""
) -> tuple[str, int]:
    """The same for rows of the snapshot itself, such as a corrected copy of the current one."""
    digest, count = warehouse.rows(digest_query(query))[0]
    if not count:
        raise CatalogError("the import has a catalog section, but no row became an item; see the quarantine")
    version = str(digest)[:16]
    file = state_dir / "catalog" / f"{version}.parquet"
    if not file.is_file():
        warehouse.write(f"{query} ORDER BY item_id", file)
    point_at(state_dir, version, at, source, int(count))
    return version, int(count)


def point_at(state_dir: Path, version: str, at: datetime | None, source: str, items: int) -> None:
    """Make a version the current one, in one step, and note it in the history."""
    folder = state_dir / "catalog"
    pointer = folder / "current"
    before = pointer.read_bytes() if pointer.is_file() else b""
    temporary = folder / f".current.{os.getpid()}.tmp"
    temporary.write_text(version + "\n")
    with temporary.open("rb") as handle:
        os.fsync(handle.fileno())
    os.replace(temporary, pointer)
    if before.strip() == version.encode():
        return
    entry = {"version": version, "at": at.isoformat() if at else "", "items": items, "source": source}
    with (folder / "history.jsonl").open("a", encoding="utf-8") as history:
        history.write(json.dumps(entry, ensure_ascii=False) + "\n")
        history.flush()
        os.fsync(history.fileno())


def load_catalog(warehouse: Warehouse, state_dir: Path, now: datetime | None = None) -> dict[str, Item]:
    """The current catalog by item_id, in id order; also attached as view `items`. Prices may be None.

    With `now` (aware), sale prices hold in their time, and what is not available yet is out of stock. CatalogError: no
    catalog was imported.
    """
    file = current_catalog(state_dir)
    if file is None:
        raise CatalogError("no catalog was imported; add a catalog section to a mapping in imports/ and run import")
    warehouse.attach("items", [file])
    columns = {name for name, *_ in warehouse.rows("DESCRIBE items")}
    if not set(CATALOG_COLUMNS) <= columns:
        raise CatalogError(f"{file} was written by an older version of Tailorbird; import the catalog again")
    moment = now.strftime("%Y-%m-%dT%H:%M:%SZ") if now else ""
    items: dict[str, Item] = {}
    shared: dict[str, str] = {}

    def share(text: str) -> str:
        # Values repeat over a catalog: one object each halves the memory of a large one.
        return shared.setdefault(text, text)

    last = ""
    while True:
        page = warehouse.rows(
            f"SELECT {', '.join(CATALOG_COLUMNS)} FROM items WHERE item_id > '{last.replace(chr(39), chr(39) * 2)}' "
            f"ORDER BY item_id LIMIT {_PAGE}"
        )
        for row in page:
            item = _item(dict(zip(CATALOG_COLUMNS, row, strict=True)), file.stem, moment, share)
            items[item.item_id] = item
        if len(page) < _PAGE:
            return items
        last = str(page[-1][0])


def _item(row: dict[str, Any], version: str, moment: str, share: Callable[[str], str]) -> Item:
    currency = share(str(row["currency"] or ""))
    minor = regular = row["price_minor"]
    on_sale = row["sale_minor"] is not None and bool(moment) and _holds(row["sale_from"], row["sale_until"], moment)
    if on_sale:
        minor = row["sale_minor"]
    waits = moment and row["available_from"] and moment < row["available_from"]
    texts = json.loads(row["texts"]) if row["texts"] else {}
    prices: dict[str, Decimal] = {}
    if row["prices"] and row["prices"] != "{}":
        prices = {code: amount_of(value, code) for code, value in json.loads(row["prices"]).items()}
    return Item(
        item_id=str(row["item_id"]),
        version=version,
        name=str(row["name"]),
        family=share(str(row["family"] or "")),
        price=None if minor is None else amount_of(minor, currency),
        currency=currency,
        stock=0 if waits else row["stock"],
        url=row["url"] or None,
        image=row["image"] or None,
        texts={
            share(locale): {
                share(name): share(text) for name, value in values.items() if (text := as_text(value)) is not None
            }
            for locale, values in texts.items()
        },
        prices=prices,
        regular_price=amount_of(regular, currency) if on_sale and regular is not None else None,
        sale_until=datetime.fromisoformat(row["sale_until"]) if on_sale and row["sale_until"] else None,
    )


def _holds(begins: str | None, ends: str | None, moment: str) -> bool:
    return (not begins or begins <= moment) and (not ends or moment < ends)
