"""What differs between two versions of the catalog, and how the second is made of the first and the difference."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tailorbird.types.catalog_diff import CatalogDiff, FlatItem, ItemChange
from tailorbird.types.item import CATALOG_COLUMNS
from tailorbird.types.money import amount_of

_PLAIN = ("name", "family", "currency", "sale_from", "sale_until", "available_from", "stock", "url", "image")


def changed_rows_query(before: str, after: str) -> str:
    """SQL of the items that differ: the columns of both sides in turn, those of the missing side NULL."""
    columns = ", ".join(f"{side}.{name}" for side in ("b", "a") for name in CATALOG_COLUMNS)
    rest = [name for name in CATALOG_COLUMNS if name != "item_id"]
    same = " AND ".join(f"b.{name} IS NOT DISTINCT FROM a.{name}" for name in rest)
    return (
        f"SELECT {columns} FROM {before} b FULL OUTER JOIN {after} a ON a.item_id = b.item_id "
        f"WHERE a.item_id IS NULL OR b.item_id IS NULL OR NOT ({same}) ORDER BY coalesce(b.item_id, a.item_id)"
    )


def flatten(row: tuple[Any, ...]) -> FlatItem:
    """One row of CATALOG_COLUMNS as fields and values; what is missing has no field."""
    item = dict(zip(CATALOG_COLUMNS, row, strict=True))
    flat = {name: item[name] for name in _PLAIN if item[name] not in (None, "")}
    for field, minor in (("price", item["price_minor"]), ("sale_price", item["sale_minor"])):
        if minor is not None:
            flat[field] = str(amount_of(minor, item["currency"] or ""))
    for code, minor in json.loads(item["prices"] or "{}").items():
        flat[f"price.{code}"] = str(amount_of(minor, code))
    for locale, texts in json.loads(item["texts"] or "{}").items():
        for name, value in texts.items():
            if value is not None:
                flat[f"attributes.{name}{'@' if locale else ''}{locale}"] = value
    return flat


def diff_items(
    before: Mapping[str, FlatItem], after: Mapping[str, FlatItem], versions: tuple[str, str] = ("", "")
) -> CatalogDiff:
    """The difference between two catalogs, or between the parts of them that may differ."""
    changed = []
    for item_id in sorted(before.keys() & after.keys()):
        old, new = before[item_id], after[item_id]
        fields = {
            name: (old.get(name), new.get(name))
            for name in sorted(old.keys() | new.keys())
            if (name in old, old.get(name)) != (name in new, new.get(name))
        }
        if fields:
            changed.append(ItemChange(item_id, str(old.get("name", "")), str(old.get("family", "")), fields))
    return CatalogDiff(
        *versions,
        added={item_id: after[item_id] for item_id in sorted(after.keys() - before.keys())},
        removed={item_id: before[item_id] for item_id in sorted(before.keys() - after.keys())},
        changed=tuple(changed),
    )


def percent(before: str | None, after: str | None) -> Decimal | None:
    """By how many percent a price rose (or fell, below 0), to one decimal; None where one is missing or was 0."""
    if before is None or after is None or not Decimal(before):
        return None
    return ((Decimal(after) - Decimal(before)) / Decimal(before) * 100).quantize(Decimal("0.1"))


def count_changes(diff: CatalogDiff) -> dict[str, int]:
    """How many items were added, removed and changed, and how many prices, stocks and attributes."""
    fields = [(change.fields, name) for change in diff.changed for name in change.fields]
    stock = [change.fields["stock"] for change in diff.changed if "stock" in change.fields]
    return {
        "added": len(diff.added),
        "removed": len(diff.removed),
        "changed": len(diff.changed),
        "prices": sum(name == "price" or name.startswith(("price.", "sale_")) for _, name in fields),
        "out_of_stock": sum(_in_stock(old) and not _in_stock(new) for old, new in stock),
        "back_in_stock": sum(_in_stock(new) and not _in_stock(old) for old, new in stock),
        "attributes": sum(name.startswith("attributes.") for _, name in fields),
    }


def plain_diff(diff: CatalogDiff) -> dict[str, Any]:
    """A difference as JSON values: prices with amounts and percents."""
    return {
        "before": diff.before,
        "after": diff.after,
        "counts": count_changes(diff),
        "added": [{"item_id": item_id, **item} for item_id, item in diff.added.items()],
        "removed": [{"item_id": item_id, **item} for item_id, item in diff.removed.items()],
        "changed": [_plain_change(change) for change in diff.changed],
    }


def _plain_change(change: ItemChange) -> dict[str, Any]:
    fields: dict[str, dict[str, Any]] = {
        name: {"before": old, "after": new} for name, (old, new) in change.fields.items()
    }
    for name in fields.keys() & {"price", "sale_price"}:
        share = percent(*change.fields[name])
        fields[name]["percent"] = None if share is None else float(share)
    return {"item_id": change.item_id, "name": change.name, "fields": fields}


def _in_stock(stock: int | None) -> bool:
    return stock is None or stock > 0
