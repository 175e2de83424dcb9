"""The patch: fields of an item that are other now, or a whole new item, applied to the row of a catalog."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tailorbird.stages.catalog.fold import as_text
from tailorbird.stages.catalog.money import MoneyError, parse_money
from tailorbird.stages.catalog.schema import apply_schema
from tailorbird.types.catalog_schema import CatalogSchema
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import CATALOG_COLUMNS, ITEM_ID_CHARS_MAX

ID_FIELDS = ("item_id", "id", "sku")
PATCH_FIELDS = (
    "name", "family", "price", "currency", "sale_price", "sale_from", "sale_until", "available_from", "prices", "stock",
    "url", "image", "attributes", "texts",
)  # fmt: skip
"""What a patch may say of an item, beside one of ID_FIELDS. Null or an empty text takes a value away."""

_STOCK_MAX = 9_000_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_CODE = re.compile(r"[A-Z]{3}")

Row = Mapping[str, Any]
"""A row of CATALOG_COLUMNS: prices in minor units, `prices` and `texts` as JSON texts, times as ISO 8601 in UTC."""


class PatchError(TailorbirdError):
    """A patch that cannot be used: its field, and why, as the end of a sentence about the field."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def read_id(patch: Mapping[str, Any]) -> tuple[str, str]:
    """(the field of ID_FIELDS that names the item, the item's id). PatchError: none does."""
    field = next((name for name in ID_FIELDS if patch.get(name) not in (None, "")), None)
    if field is None:
        raise PatchError("item_id", "is empty")
    item_id = _text(patch, field)
    if not item_id:
        raise PatchError(field, "is empty")
    if len(item_id) > ITEM_ID_CHARS_MAX:
        raise PatchError(field, f"has more than {ITEM_ID_CHARS_MAX} characters")
    return field, item_id


def patch_item(
    old: Row | None, patch: Mapping[str, Any], currency: str, schema: CatalogSchema
) -> tuple[dict[str, Any], list[str]]:
    """(the item's row afterwards, what its schema finds odd). `old` None is a new item, in `currency` if it names none.

    A new price ends a sale, unless the patch states one too: otherwise a correction would not show until the sale is
    over. Quantities come in the schema's units. PatchError: a field is unknown or not usable, or the schema refuses it.
    """
    _, item_id = read_id(patch)
    if unknown := sorted(patch.keys() - {*ID_FIELDS, *PATCH_FIELDS}):
        raise PatchError(str(unknown[0])[:100], f"is no field of an item; there are {', '.join(PATCH_FIELDS)}")
    row = dict.fromkeys(CATALOG_COLUMNS) if old is None else dict(old)
    row |= {"item_id": item_id, "prices": row["prices"] or "{}", "texts": row["texts"] or "{}"}
    for field in ("name", "family", "url", "image"):
        if field in patch:
            row[field] = _text(patch, field) or None
    if not row["name"]:
        raise PatchError("name", "is empty" if "name" in patch or old else "is missing, and the item is new")
    row["family"] = row["family"] or ""
    _set_prices(row, patch, currency)
    for field in ("sale_from", "sale_until", "available_from"):
        if field in patch:
            row[field] = _moment(patch, field)
    if "stock" in patch:
        row["stock"] = _stock(_text(patch, "stock"))
    return row, _set_texts(row, patch, schema, is_new=old is None)


def _set_prices(row: dict[str, Any], patch: Mapping[str, Any], default: str) -> None:
    known = str(row["currency"] or "")
    code = (_text(patch, "currency") or known).upper()
    if code and not _CODE.fullmatch(code):
        raise PatchError("currency", "is no currency code such as GBP")
    if code != known and row["price_minor"] is not None and "price" not in patch:
        raise PatchError("currency", f"is {code}, the catalog's is {known}: a price in it is needed too")
    price = _text(patch, "price")
    if price and not code:
        code = default or _minor(price, "price", "")[1]
    if "price" in patch:
        row["price_minor"] = _minor(price, "price", code)[0] if price else None
        row["sale_minor"] = row["sale_from"] = row["sale_until"] = None
    row["currency"] = code
    if "sale_price" in patch:
        sale = _text(patch, "sale_price")
        row["sale_minor"] = _minor(sale, "sale_price", code)[0] if sale else None
    if "prices" in patch:
        row["prices"] = _dump(row["prices"], _further_prices(row["prices"], _object(patch, "prices")))


def _further_prices(known: str, given: Mapping[str, Any]) -> dict[str, int]:
    prices: dict[str, int] = json.loads(known)
    for code in given:
        if not _CODE.fullmatch(code):
            raise PatchError(f"prices.{code[:20]}", "is no currency code such as EUR")
        amount = _text(given, code, "prices.")
        if amount:
            prices[code] = _minor(amount, f"prices.{code}", code)[0]
        else:
            prices.pop(code, None)
    return dict(sorted(prices.items()))


def _minor(text: str, field: str, code: str) -> tuple[int, str]:
    """(minor units, currency) of a price in `code`, or in the currency that it names if `code` is empty."""
    try:
        money = parse_money(text, code)
    except MoneyError as error:
        raise PatchError(field, str(error)) from None
    if code and money.currency != code:
        raise PatchError(field, f"is in {money.currency}, the catalog's is in {code}")
    if money.minor < 0:
        raise PatchError(field, "is below 0")
    return money.minor, money.currency


def _moment(patch: Mapping[str, Any], field: str) -> str | None:
    text = _text(patch, field)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PatchError(field, "is no time such as 2026-06-01T08:00:00Z") from None
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _stock(text: str) -> int | None:
    if not text:
        return None
    whole = text.removesuffix(".0")
    if not (whole.removeprefix("-").isascii() and whole.removeprefix("-").isdigit()):
        raise PatchError("stock", "is not a whole number")
    if len(whole) > 12 or abs(int(whole)) > _STOCK_MAX:
        raise PatchError("stock", "is too large")
    return int(whole)


def _set_texts(row: dict[str, Any], patch: Mapping[str, Any], schema: CatalogSchema, is_new: bool) -> list[str]:
    """Merge attributes and texts into the row; what its schema finds odd of what the patch says."""
    given: dict[str, Mapping[str, Any]] = {}
    for locale, values in _object(patch, "texts").items() if "texts" in patch else ():
        if locale and not _LOCALE.fullmatch(locale):
            raise PatchError(f"texts.{locale[:20]}", "is no locale such as de-DE")
        if not isinstance(values, Mapping):
            raise PatchError(f"texts.{locale}", "is no object")
        given[locale] = values
    if "attributes" in patch:
        given[""] = {**_object(patch, "attributes"), **given.get("", {})}
    before = {
        locale: {name: str(value) for name, value in values.items() if value is not None}
        for locale, values in json.loads(row["texts"]).items()
    }
    texts = {locale: dict(values) for locale, values in before.items()}
    named = set()
    for locale, values in given.items():
        for name in values:
            if not name or _CONTROL.search(name):
                raise PatchError("attributes", "have a name that is empty, or holds a control character")
            named.add(name)
            value = _clean(as_text(values[name]) or "", f"attributes.{name}")
            if value:
                texts.setdefault(locale, {})[name] = value
            else:
                texts.get(locale, {}).pop(name, None)
    result, problems = apply_schema(texts, schema)
    odd = [(name, why) for name, why in problems if is_new or name in named]
    if odd and schema.violations == "quarantine":
        raise PatchError(f"attributes.{odd[0][0]}", odd[0][1])
    kept = {name for locale, name in ((loc, n) for loc, v in before.items() for n in v)} - named
    # Attributes that the patch leaves alone stay as they are written: only an import brings all into their units.
    result = {
        locale: {name: before.get(locale, {}).get(name, value) if name in kept else value for name, value in v.items()}
        for locale, v in result.items()
    }
    if result != before:
        row["texts"] = _dump(row["texts"], result)
    return [f"attributes.{name}: {why}" for name, why in odd]


def _dump(known: str, value: Any) -> str:
    """The value as JSON; the text as it is if it says so already, so that the same content stays the same version."""
    return known if json.loads(known) == value else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _object(patch: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = patch[field]
    if not isinstance(value, Mapping):
        raise PatchError(field, "is no object")
    return value


def _text(patch: Mapping[str, Any], field: str, where: str = "") -> str:
    """A field as text, '' where it is missing or null. Numbers count as they are written."""
    value = patch.get(field)
    if isinstance(value, Mapping | list | bool):
        raise PatchError(f"{where}{field}", "is neither a text nor a number")
    return _clean("" if value is None else str(value), f"{where}{field}").strip()


def _clean(text: str, field: str) -> str:
    if _CONTROL.search(text):
        raise PatchError(field, "holds a control character")
    return text
