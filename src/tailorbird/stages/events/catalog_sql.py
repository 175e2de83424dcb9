"""SQL for the catalog target of a mapping: rows of the catalog Parquet."""

import json
from collections.abc import Sequence

from tailorbird.stages.events.columns import Columns, literal
from tailorbird.stages.events.price_sql import price_columns
from tailorbird.stages.events.targets_sql import TargetSql, id_checks, verdict_statement
from tailorbird.stages.events.values_sql import Expressions
from tailorbird.types.item import CATALOG_COLUMNS, ITEM_ID_CHARS_MAX
from tailorbird.types.mapping import CatalogTarget, Value

ITEM_KEY = f"'item-' || sha256(CAST(json_array({', '.join(CATALOG_COLUMNS)}) AS VARCHAR))"
"""SQL of the key of one catalog row: equal for rows that say the same."""


def compile_catalog(target: CatalogTarget, index: int, columns: Columns) -> tuple[TargetSql, str]:
    """(the target's tables, the query for the catalog's rows in item order). MappingError: see `compile_import`."""
    out = Expressions(columns)
    for field, given in (("item_id", target.item_id), ("name", target.name)):
        out.require(given, f"catalog.{field}")
    key = f"CAST({out.value(target.item_id, 'catalog.item_id', 'text')} AS VARCHAR)"
    out.checks += id_checks(target.item_id, key, ITEM_ID_CHARS_MAX)
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
    prices = price_columns(out, target)
    stock = _optional(out, target.stock, "catalog.stock", "integer")
    texts = _texts(out, target)
    verdicts, keys, items = (f"import_{part}_{index}" for part in ("verdicts", "keys", "items"))
    select = (
        f"r._row, {text['item_id']} AS item_id, {text['name']} AS name, coalesce({text['family']}, '') AS family, "
        f"{prices}, CAST({stock} AS BIGINT) AS stock, "
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
    query = f"SELECT {', '.join(CATALOG_COLUMNS)}, {ITEM_KEY} AS row_key FROM {items} ORDER BY item_id"
    judge = verdict_statement(verdicts, out, where)
    return TargetSql((judge,), build, verdicts, keys, "", tuple(out.checks)), query


def _optional(out: Expressions, given: str | Value | None, field: str, kind: str) -> str:
    return "NULL" if given is None else out.finish(out.value(given, field, kind), given)


def _texts(out: Expressions, target: CatalogTarget) -> str:
    given = {locale: dict(fields) for locale, fields in target.texts.items()}
    members = [name.removesuffix(".*") for name in target.attributes if name.endswith(".*")]
    if target.attributes:
        given[""] = {**_attributes(target.attributes, out.columns), **given.get("", {})}
    parts = []
    for locale, fields in given.items():
        sql = out.json_object(fields, f"catalog.texts.{locale}")
        if not locale and members:
            # Of two members with one name the later one counts: what the mapping names stands last.
            inner = [*(_members(out.columns, column) for column in members), f"nullif({sql}[2:-2], '')"]
            sql = f"('{{' || concat_ws(',', {', '.join(inner)}) || '}}')"
        parts.append(f"{literal(json.dumps(locale) + ':')} || {sql}")
    joined = " || ',' || ".join(parts)
    return f"('{{' || {joined} || '}}')" if parts else "'{}'"


def _members(columns: Columns, column: str) -> str:
    """SQL of the members of a JSON column's object, without its braces; NULL where there are none."""
    raw, kind = columns.find(column, "catalog.attributes")
    text = f"CAST({raw} AS VARCHAR)" if kind == "JSON" else columns.text(column, "catalog.attributes")
    valid = f"CASE WHEN json_valid({text}) THEN json_type({text}) = 'OBJECT' ELSE FALSE END"
    return f"CASE WHEN {valid} THEN nullif(trim(trim({text})[2:-2]), '') END"


def _attributes(patterns: Sequence[str], columns: Columns) -> dict[str, str | Value]:
    """{attribute: its column, as text}: 'attr_*' takes each column that begins so, under the rest of its name."""
    found: dict[str, str | Value] = {}
    for pattern in patterns:
        start, star, _ = pattern.partition("*")
        if pattern.endswith(".*"):
            continue
        if not star:
            columns.find(pattern, "catalog.attributes")
        for column in columns.types if star else (pattern,):
            if column.startswith(start) and column != "_row":
                short = column[len(start) :] if star else column
                found[short if short and short not in found else column] = Value(column=column, type="text")
    return found
