"""Rows of a knowledge table: read, checked for source and expiry, and joined to the items they are about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from tailorbird.stages.catalog.fold import as_text
from tailorbird.stages.catalog.money import parse_money
from tailorbird.stages.catalog.plain_text import clean
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item
from tailorbird.types.knowledge import KnowledgeRow, KnowledgeTable

_WORDS = re.compile(r"\w+")
_TEXT_CHARS_MAX = 500


class KnowledgeError(TailorbirdError):
    """A row that cannot be used: 'column: what is wrong'."""


def read_row(row: Mapping[str, Any], table: KnowledgeTable, locales: Sequence[str]) -> KnowledgeRow:
    """One row as facts. KnowledgeError: no key, no source, no expiry, or a value that is not of its type."""
    key = _value(row, table.key)
    if not key:
        raise KnowledgeError(f"{table.key}: is empty")
    source = _value(row, table.row_source)
    if not source:
        raise KnowledgeError(f"{table.row_source}: is empty, so nobody could say where the fact comes from")
    texts: dict[str, dict[str, str]] = {}
    for name, column in table.columns.items():
        plain = _value(row, column.column or name)
        for locale in locales:
            own = _value(row, column.locales[locale]) if locale in column.locales else ""
            if value := own or plain:
                texts.setdefault(locale, {})[name] = _shown(value, column.type, locale, name)
    return KnowledgeRow(key, source, _expiry(row, table), texts)


def _expiry(row: Mapping[str, Any], table: KnowledgeTable) -> datetime:
    said = _value(row, table.expires)
    if said:
        return _moment(said, table.expires)
    if table.ttl_days is not None and (dated := _value(row, table.dated)):
        return _moment(dated, table.dated) + timedelta(days=table.ttl_days)
    raise KnowledgeError(f"{table.expires}: is empty, so the fact would hold for ever")


def _moment(text: str, column: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise KnowledgeError(f"{column}: is not a date such as 2027-01-31") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _shown(value: str, kind: str, locale: str, name: str) -> str:
    """A value as copy in this locale states it."""
    babel = locale.replace("-", "_")
    if len(value) > _TEXT_CHARS_MAX:
        raise KnowledgeError(f"{name}: is longer than {_TEXT_CHARS_MAX} characters")
    if kind == "money":
        try:
            money = parse_money(value)
        except TailorbirdError as error:
            raise KnowledgeError(f"{name}: {error}") from None
        if not money.currency:
            raise KnowledgeError(f"{name}: has no currency; write 19.99 GBP")
        return format_currency(money.amount, money.currency, locale=babel).replace("\xa0", " ")
    if kind == "date":
        return format_date(datetime.combine(_moment(value, name), time()), "long", locale=babel)
    if kind == "count":
        if not re.fullmatch(r"[0-9]{1,15}", value):
            raise KnowledgeError(f"{name}: is not a whole number")
        return format_decimal(int(value), locale=babel).replace("\xa0", " ")
    return value


def _value(row: Mapping[str, Any], column: str) -> str:
    return clean(as_text(row.get(column)) or "")


def join_items(
    items: Mapping[str, Item], tables: Mapping[str, tuple[KnowledgeTable, Sequence[KnowledgeRow]]], now: datetime
) -> dict[str, Item]:
    """The items with the facts that hold at `now`, as attributes '<table>_<column>'. Of rows with one key the one that
    expires last counts."""
    joined = dict(items)
    for name, (table, rows) in tables.items():
        for item_id, row in rows_by_item(joined, table, rows, now):
            joined[item_id] = replace(joined[item_id], texts=_merge(joined[item_id].texts, name, row))
    return joined


def rows_by_item(
    items: Mapping[str, Item], table: KnowledgeTable, rows: Sequence[KnowledgeRow], now: datetime
) -> list[tuple[str, KnowledgeRow]]:
    """(item, the row about it that holds at `now`) of a table, without the items that none is about."""
    valid: dict[str, KnowledgeRow] = {}
    for row in sorted(rows, key=lambda row: row.expires_at):
        if row.expires_at > now:
            valid[row.key] = row
    find = _finder(table, valid)
    return [(item_id, row) for item_id, item in items.items() if (row := find(item)) is not None]


def rows_about_nothing(
    items: Iterable[Item], table: KnowledgeTable, rows: Sequence[KnowledgeRow]
) -> list[KnowledgeRow]:
    """The rows whose key no item has: a misspelt id or family, or a query whose words no item holds all of."""
    if table.by != "query":
        known = {item.item_id if table.by == "item" else item.family for item in items}
        return [row for row in rows if row.key not in known]
    holders: dict[str, set[str]] = {}
    for item in items:
        for word in set(_WORDS.findall(f"{item.name} {item.family}".casefold())):
            holders.setdefault(word, set()).add(item.item_id)
    nothing = []
    for row in rows:
        words = [holders.get(word, set()) for word in set(_WORDS.findall(row.key.casefold()))]
        if not words or not set.intersection(*words):
            nothing.append(row)
    return nothing


def _finder(table: KnowledgeTable, rows: Mapping[str, KnowledgeRow]) -> Any:
    if table.by == "item":
        return lambda item: rows.get(item.item_id)
    if table.by == "family":
        return lambda item: rows.get(item.family)
    queries: dict[str, list[tuple[frozenset[str], KnowledgeRow]]] = {}
    for key, row in rows.items():
        words = frozenset(_WORDS.findall(key.casefold()))
        if words:
            queries.setdefault(min(words), []).append((words, row))

    def by_query(item: Item) -> KnowledgeRow | None:
        words = set(_WORDS.findall(f"{item.name} {item.family}".casefold()))
        fits = [pair for word in words for pair in queries.get(word, ()) if pair[0] <= words]
        return max(fits, key=lambda pair: (len(pair[0]), pair[1].key))[1] if fits else None

    return by_query


def _merge(texts: Mapping[str, Mapping[str, str]], table: str, row: KnowledgeRow) -> dict[str, Mapping[str, str]]:
    merged = dict(texts)
    for locale, values in row.texts.items():
        merged[locale] = {**texts.get(locale, {}), **{f"{table}_{name}": value for name, value in values.items()}}
    return merged
