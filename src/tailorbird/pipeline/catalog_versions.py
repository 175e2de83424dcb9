"""The versions of the catalog: which there are, what differs between two, and going back to one."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tailorbird.pipeline.catalog import CatalogError, current_catalog, point_at
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.catalog.diff import changed_rows_query, diff_items, flatten
from tailorbird.types.catalog_diff import CatalogDiff, FlatItem
from tailorbird.types.item import CATALOG_COLUMNS


@dataclass(frozen=True, slots=True)
class CatalogVersion:
    """One version that is on disk. `at` is when it last became current, '' if nobody noted it."""

    version: str
    at: str
    items: int
    source: str
    current: bool


def list_versions(state_dir: Path) -> list[CatalogVersion]:
    """Every version on disk, the latest that was current last."""
    current = current_catalog(state_dir)
    noted = {entry["version"]: entry for entry in history(state_dir)}
    files = {file.stem: file for file in sorted((state_dir / "catalog").glob("*.parquet"))}
    order = list(dict.fromkeys(entry["version"] for entry in reversed(history(state_dir))))
    names = [*sorted(files.keys() - noted.keys()), *(name for name in reversed(order) if name in files)]
    empty: dict[str, Any] = {"at": "", "items": 0, "source": ""}
    return [
        CatalogVersion(
            name,
            str(noted.get(name, empty)["at"]),
            int(noted.get(name, empty)["items"]),
            str(noted.get(name, empty)["source"]),
            current is not None and current.stem == name,
        )
        for name in names
    ]


def history(state_dir: Path) -> list[dict[str, Any]]:
    """Each time another version became current, oldest first; lines that a crash tore are left out."""
    file = state_dir / "catalog" / "history.jsonl"
    entries = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and isinstance(entry.get("version"), str):
            entries.append({"at": "", "items": 0, "source": "", **entry})
    return entries


def find_version(state_dir: Path, named: str) -> Path:
    """The file of a version, by its id or the beginning of it, or 'current', or 'previous'. CatalogError: none."""
    if named == "current":
        file = current_catalog(state_dir)
        if file is None:
            raise CatalogError("no catalog was imported yet")
        return file
    if named == "previous":
        here = find_version(state_dir, "current").stem
        earlier = [entry["version"] for entry in history(state_dir)]
        # What was current before the present one became so, however often the two took turns.
        last = max((i for i, version in enumerate(earlier) if version == here), default=len(earlier))
        named = next((version for version in reversed(earlier[:last]) if version != here), "")
        if not named:
            raise CatalogError("there is no version before the current one; 'tailorbird catalog list' shows them")
    found = [file for file in sorted((state_dir / "catalog").glob("*.parquet")) if file.stem.startswith(named)]
    exact = [file for file in found if file.stem == named]
    if exact or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise CatalogError(f"there is no catalog version {named!r}; 'tailorbird catalog list' shows them")
    raise CatalogError(f"{len(found)} versions begin with {named!r}; write more of the id")


def diff_versions(warehouse: Warehouse, before: Path, after: Path) -> CatalogDiff:
    """What differs between two versions; only the rows that differ are read into memory."""
    warehouse.attach("catalog_before", [before])
    warehouse.attach("catalog_after", [after])
    old: dict[str, FlatItem] = {}
    new: dict[str, FlatItem] = {}
    width = len(CATALOG_COLUMNS)
    for row in warehouse.rows(changed_rows_query("catalog_before", "catalog_after")):
        for side, part in ((old, row[:width]), (new, row[width:])):
            if part[0] is not None:
                side[str(part[0])] = flatten(part)
    return diff_items(old, new, (before.stem, after.stem))


def read_item(warehouse: Warehouse, file: Path, item_id: str) -> FlatItem | None:
    """One item of a version as fields and values; None if it is not there."""
    warehouse.attach("catalog_shown", [file])
    quoted = item_id.replace("'", "''")
    rows = warehouse.rows(f"SELECT {', '.join(CATALOG_COLUMNS)} FROM catalog_shown WHERE item_id = '{quoted}'")
    return flatten(rows[0]) if rows else None


def switch_version(warehouse: Warehouse, state_dir: Path, named: str, at: datetime, why: str) -> tuple[Path, Path]:
    """Make another version the current one; (the one before, the one now). It holds at the next decision."""
    before, target = find_version(state_dir, "current"), find_version(state_dir, named)
    warehouse.attach("catalog_target", [target])
    (count,) = warehouse.rows("SELECT count(*) FROM catalog_target")[0]
    point_at(state_dir, target.stem, at, why, int(count))
    return before, target
