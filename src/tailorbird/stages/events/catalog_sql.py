"""SQL for the catalog target of a mapping: rows of the catalog Parquet."""

import json

from tailorbird.stages.events.columns import Columns, literal
from tailorbird.stages.events.targets_sql import TargetSql, verdict_statement
from tailorbird.stages.events.values_sql import Check, Expressions, as_value, columns_of
from tailorbird.types.mapping import CatalogTarget, Value

CATALOG_COLUMNS = ("item_id", "name", "family", "price", "currency", "stock", "url", "image", "texts")
ITEM_KEY = f"'item-' || sha256(CAST(json_array({', '.join(CATALOG_COLUMNS)}) AS VARCHAR))"
"""SQL of the key of one catalog row: equal for rows that say the same."""


def compile_catalog(target: CatalogTarget, index: int, columns: Columns) -> tuple[TargetSql, str]:
    """(the target's tables, the query for the catalog's rows in item order). MappingError: see `compile_import`."""
    out = Expressions(columns)
    for field, given in (("item_id", target.item_id), ("name", target.name)):
        out.require(given, f"catalog.{field}")
    out.declared(target.checks, "catalog.checks")
    where = columns.tests(target.where, "catalog.where")
    text = {
        field: f"CAST({_optional(out, given, f'catalog.{field}', 'text')} AS VARCHAR)"
        for field, given in (
            ("item_id", target.item_id),
            ("name", target.name),
            ("family", target.family),
            ("url", target.url),
            ("image", target.image),
        )
    }
    price = _optional(out, target.price, "catalog.price", "number")
    if target.price is not None:
        out.checks.append(Check(_blame(target.price), "is below 0", f"({price}) < 0"))
    stock = _optional(out, target.stock, "catalog.stock", "integer")
    texts = _texts(out, target)
    verdicts, keys, items = (f"import_{part}_{index}" for part in ("verdicts", "keys", "items"))
    select = (
        f"r._row, {text['item_id']} AS item_id, {text['name']} AS name, coalesce({text['family']}, '') AS family, "
        f"CAST({price} AS DOUBLE) AS price, {literal(target.currency)} AS currency, CAST({stock} AS BIGINT) AS stock, "
        f"{text['url']} AS url, {text['image']} AS image, {texts} AS texts"
    )
    ranked = f"import_ranked_{index}"
    latest = "row_number() OVER (PARTITION BY item_id ORDER BY _row DESC) = 1"
    build = (
        f"CREATE OR REPLACE TEMP TABLE {ranked} AS SELECT _row, {latest} AS latest FROM (SELECT r._row, "
        f"{text['item_id']} AS item_id FROM import_rows r JOIN {verdicts} v ON v._row = r._row AND v._failed IS NULL)",
        f"DROP TABLE {verdicts}",
        f"CREATE OR REPLACE TEMP TABLE {items} AS SELECT {select} FROM import_rows r "
        f"JOIN {ranked} l ON l._row = r._row AND l.latest",
        f"CREATE OR REPLACE TEMP TABLE {keys} AS SELECT l._row, coalesce(k._message_id, '') AS _message_id, "
        f"l.latest AS _fresh FROM {ranked} l LEFT JOIN (SELECT _row, {ITEM_KEY} AS _message_id FROM {items}) k "
        "ON k._row = l._row",
    )
    query = f"SELECT {', '.join(CATALOG_COLUMNS)} FROM {items} ORDER BY item_id"
    judge = verdict_statement(verdicts, out, where)
    return TargetSql((judge,), build, verdicts, keys, "", tuple(out.checks)), query


def _optional(out: Expressions, given: str | Value | None, field: str, kind: str) -> str:
    return "NULL" if given is None else out.finish(out.value(given, field, kind), given)


def _blame(given: str | Value) -> str:
    return (*columns_of(as_value(given)), "")[0]


def _texts(out: Expressions, target: CatalogTarget) -> str:
    parts = [
        f"{literal(json.dumps(locale) + ':')} || {out.json_object(fields, f'catalog.texts.{locale}')}"
        for locale, fields in target.texts.items()
    ]
    joined = " || ',' || ".join(parts)
    return f"('{{' || {joined} || '}}')" if parts else "'{}'"
