"""The fast path: other prices, stock or fields of some items, and new items, without importing the catalog again."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tailorbird.pipeline.catalog import CatalogError, current_catalog, write_version
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.catalog.patch import ID_FIELDS, PatchError, patch_item, read_id
from tailorbird.stages.catalog.snapshot_sql import patched_query
from tailorbird.stages.events.catalog_sql import ITEM_KEY
from tailorbird.types.catalog_schema import CatalogSchema
from tailorbird.types.item import CATALOG_COLUMNS

Rows = Iterable[tuple[int, Mapping[str, Any] | str]]
"""(line, the patch), or (line, why it is none)."""


class CatalogMovedError(CatalogError):
    """The catalog is no longer at the version that a change was made for; `current` is the one it is at."""

    def __init__(self, current: str) -> None:
        super().__init__(f"the catalog is at version {current} now, not at the one that this change was made for")
        self.current = current


@dataclass(frozen=True, slots=True)
class RejectedUpdate:
    """One row of an update that was not used: its line, its field, why, and the row."""

    line: int
    field: str
    reason: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """Rows in = added + updated + unchanged + rejected; `version` is what is current afterwards.

    `odd` is what the catalog's schema finds wrong with rows that count all the same: (line, 'attribute: what').
    """

    rows_in: int
    updated: int
    unchanged: int
    version: str
    before: str
    rejected: tuple[RejectedUpdate, ...] = field(default=())
    added: int = 0
    odd: tuple[tuple[int, str], ...] = field(default=())


def patch_catalog(
    warehouse: Warehouse,
    state_dir: Path,
    rows: Rows,
    at: datetime,
    source: str,
    schema: CatalogSchema | None = None,
    currency: str = "",
    expected: tuple[str, ...] | None = None,
    prices_only: bool = False,
) -> UpdateReport:
    """Publish one version with every row's patch applied, in order, and the rows that cannot be used left out.

    A row of an unknown item is a new item, in `currency` if it names none. `expected` are the versions for which the
    patch was made: CatalogMovedError if another is current, unless it says all of this already, as it does when the
    first answer was lost. One caller at a time: who calls this holds the catalog's lock. Repeating it changes nothing.

    `prices_only`: each row has an item's id, and `price`, `stock` or both; its other columns do not count. The last row
    of an item wins. An empty stock means that it is not tracked, an empty price that it has none. Rows of unknown
    items, and values that are no price or stock, are rejected.
    """
    current = current_catalog(state_dir)
    if current is None:
        raise CatalogError("no catalog was imported yet, so there is nothing to update; publish one first")
    listed = [(line, row, _patch_of(row, prices_only)) for line, row in rows]
    before = _rows_of(warehouse, current, [patch for *_, patch in listed])
    now: dict[str, dict[str, Any]] = {}
    rejected: list[RejectedUpdate] = []
    odd: list[tuple[int, str]] = []
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    for line, row, patch in listed:
        try:
            if isinstance(patch, PatchError):
                raise patch
            name, item_id = read_id(patch)
            old = now.get(item_id, before.get(item_id))
            if old is None and prices_only:
                raise PatchError(name, "is no item of the catalog")
            patched, found = patch_item(old, patch, currency, schema or CatalogSchema())
        except PatchError as problem:
            whole = {} if isinstance(row, str) else row
            rejected.append(RejectedUpdate(line, problem.field, problem.reason, whole))
            continue
        odd += [(line, said) for said in found]
        counts["added" if old is None else "unchanged" if patched == old else "updated"] += 1
        now[item_id] = patched
    changed = [row for item_id, row in now.items() if row != before.get(item_id)]
    if changed and expected is not None and current.stem not in expected:
        raise CatalogMovedError(current.stem)
    version = current.stem
    if changed:
        columns = {name: [row[name] for row in changed] for name in CATALOG_COLUMNS}
        warehouse.load("catalog_patched", columns)
        query = patched_query("catalog_current", "catalog_patched", ITEM_KEY)
        version, _ = write_version(warehouse, query, state_dir, at, source)
    return UpdateReport(
        rows_in=len(listed), version=version, before=current.stem, rejected=tuple(rejected), odd=tuple(odd), **counts
    )


def _patch_of(row: Mapping[str, Any] | str, prices_only: bool) -> Mapping[str, Any] | PatchError:
    """The row as a patch: where only prices and stock may change, without its other columns."""
    if isinstance(row, str):
        return PatchError("", row)
    if not prices_only:
        return row
    if not row.keys() & {"price", "stock"}:
        return PatchError("price", "is missing, and stock is too")
    return {column: row[column] for column in (*ID_FIELDS, "price", "stock") if column in row}


def _rows_of(
    warehouse: Warehouse, current: Path, patches: Iterable[Mapping[str, Any] | PatchError]
) -> dict[str, dict[str, Any]]:
    """The rows of the items that the patches name, as they are; attaches `catalog_current`."""
    warehouse.attach("catalog_current", [current])
    named = set()
    for patch in patches:
        with suppress(PatchError):  # told when its turn comes
            named |= set() if isinstance(patch, PatchError) else {read_id(patch)[1]}
    if not named:
        return {}
    warehouse.load("catalog_named", {"item_id": sorted(named)})
    wanted = f"SELECT {', '.join(CATALOG_COLUMNS)} FROM catalog_current SEMI JOIN catalog_named USING (item_id)"
    return {str(row[0]): dict(zip(CATALOG_COLUMNS, row, strict=True)) for row in warehouse.rows(wanted)}
