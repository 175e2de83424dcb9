"""The schema at work: inferred from the catalog, and applied to the rows of an import before they count."""

import json
from collections import Counter
from collections.abc import Mapping

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.catalog.schema import Inferred, apply_schema, infer_attribute
from tailorbird.stages.events.catalog_sql import ITEM_KEY
from tailorbird.types.catalog_schema import CatalogSchema
from tailorbird.types.item import Item
from tailorbird.types.mapping import ImportMapping


def infer_schema(items: Mapping[str, Item]) -> dict[str, Inferred]:
    """What each locale-free attribute of a catalog looks like."""
    values: dict[str, list[str]] = {}
    for item in items.values():
        for name, value in item.texts.get("", {}).items():
            values.setdefault(name, []).append(value)
    return {name: infer_attribute(found, len(items)) for name, found in sorted(values.items())}


def apply_to_rows(warehouse: Warehouse, mapping: ImportMapping, schema: CatalogSchema) -> dict[str, int]:
    """Bring an import's catalog rows into the schema's units; {'attribute: what is wrong': rows} that were only told.

    Rows that violate the schema become wrong rows if it says so, and if the catalog is alone in its mapping: a row that
    is an event too counts by that.
    """
    index = len(mapping.events) + (mapping.traits is not None)
    alone = index == 0
    items, keys = f"import_items_{index}", f"import_keys_{index}"
    told: Counter[str] = Counter()
    changed: dict[int, str] = {}
    wrong: dict[int, tuple[str, str]] = {}
    for row, texts in warehouse.rows(f"SELECT _row, texts FROM {items}") if schema.attributes else ():
        given = json.loads(texts)
        result, problems = apply_schema({k: {n: str(v) for n, v in t.items()} for k, t in given.items()}, schema)
        if result != given:
            changed[row] = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
        for name, why in problems:
            if alone and schema.violations == "quarantine":
                wrong.setdefault(row, (name, why))
            else:
                told[f"{name}: {why}"] += 1
    if changed:
        warehouse.load("import_normal", {"_row": list(changed), "texts": list(changed.values())})
        warehouse.run(f"UPDATE {items} SET texts = n.texts FROM import_normal n WHERE n._row = {items}._row")
        fresh = f"SELECT _row, {ITEM_KEY} AS key FROM {items} WHERE _row IN (SELECT _row FROM import_normal)"
        warehouse.run(f"UPDATE {keys} SET _message_id = f.key FROM ({fresh}) f WHERE f._row = {keys}._row")
    if wrong:
        fields, reasons = zip(*wrong.values(), strict=True)
        warehouse.load("import_unfit", {"_row": list(wrong), "field": list(fields), "reason": list(reasons)})
        warehouse.run("INSERT INTO import_wrong SELECT _row, field, reason, CAST(NULL AS BIGINT) FROM import_unfit")
        for table in (items, keys):
            warehouse.run(f"DELETE FROM {table} WHERE _row IN (SELECT _row FROM import_unfit)")
    return dict(told)
