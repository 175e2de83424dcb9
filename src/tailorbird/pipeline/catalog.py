"""The catalog on disk: immutable versions in Parquet, and a pointer to the current one."""

import hashlib
import json
import os
import re
from decimal import Decimal
from pathlib import Path

from tailorbird.ports.warehouse import Warehouse
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item

_VERSION = re.compile("[0-9a-zA-Z_-]{1,64}")


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


def publish_catalog(warehouse: Warehouse, query: str, state_dir: Path) -> tuple[str, int]:
    """Write the query's rows as a catalog version and point at it; (version, items).

    The version is a hash of the rows: the same catalog has the same version. A catalog without items is refused, and
    the current one stays.
    """
    digest = hashlib.sha256()
    rows = warehouse.rows(query)
    if not rows:
        raise CatalogError("the import has a catalog section, but no row became an item; see the quarantine file")
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False).encode())
    version = digest.hexdigest()[:16]
    folder = state_dir / "catalog"
    file = folder / f"{version}.parquet"
    if not file.is_file():
        warehouse.write(query, file)
    temporary = folder / f".current.{os.getpid()}.tmp"
    temporary.write_text(version + "\n")
    with temporary.open("rb") as handle:
        os.fsync(handle.fileno())
    os.replace(temporary, folder / "current")
    return version, len(rows)


def load_catalog(warehouse: Warehouse, state_dir: Path) -> dict[str, Item]:
    """The current catalog by item_id, in id order; also attached as view `items`. Prices may be None.

    CatalogError: no catalog was imported.
    """
    file = current_catalog(state_dir)
    if file is None:
        raise CatalogError("no catalog was imported; add a catalog section to a mapping in imports/ and run import")
    warehouse.attach("items", [file])
    rows = warehouse.rows(
        "SELECT item_id, name, family, price, currency, stock, url, image, texts FROM items ORDER BY item_id"
    )
    return {row[0]: _item(row, file.stem) for row in rows}


def _item(row: tuple[object, ...], version: str) -> Item:
    item_id, name, family, price, currency, stock, url, image, texts = row
    return Item(
        item_id=str(item_id),
        version=version,
        name=str(name),
        family=str(family or ""),
        price=None if price is None else Decimal(str(price)).quantize(Decimal("0.01")),
        currency=str(currency or ""),
        stock=stock if isinstance(stock, int) else None,
        url=str(url) if url else None,
        image=str(image) if image else None,
        texts=json.loads(str(texts)) if texts else {},
    )
