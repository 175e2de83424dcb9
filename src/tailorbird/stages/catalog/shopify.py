"""Shopify's product CSV: several rows per product, one per variant or image, read as one item each."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tailorbird.stages.catalog.money import MoneyError, parse_money
from tailorbird.stages.catalog.plain_text import clean, html_to_text
from tailorbird.types.feed import FeedFault, FeedRow
from tailorbird.types.money import Money

Row = Mapping[str, str]
_METAFIELD = re.compile(r"(.+?) \(product\.metafields\.[^)]+\)")
_PLAIN = {
    "Vendor": "brand",
    "Tags": "tags",
    "SEO Title": "seo_title",
    "SEO Description": "seo_description",
    "Google Shopping / Gender": "gender",
    "Google Shopping / Age Group": "age_group",
    "Google Shopping / Condition": "condition",
    "Google Shopping / MPN": "mpn",
    "Status": "status",
}


class _ProductError(Exception):
    def __init__(self, line: int, field: str, reason: str) -> None:
        super().__init__(reason)
        self.line, self.field, self.reason = line, field, reason


@dataclass(frozen=True)
class _Variant:
    line: int
    row: Row
    price: Money | None
    before: Money | None
    stock: int | None

    @property
    def for_sale(self) -> bool:
        return self.stock is None or self.stock > 0


def read_shopify(rows: Iterable[tuple[int, Row | str]], currency: str, apart: bool) -> Iterator[FeedRow | FeedFault]:
    """Items of (line, row) pairs; a text in place of a row says why it is none. `apart` makes an item of each variant.

    A product is one item: its price is stated only if all variants that are for sale cost the same, else its texts
    have `price_from` and `price_to`. With a wrong row, the whole product waits.
    """
    seen: set[str] = set()
    for line, product in _together(rows):
        if isinstance(product, str):
            yield FeedFault(line, "", product, {})
            continue
        first = product[0][1]
        handle = first.get("Handle", "").strip()
        try:
            if not handle:
                raise _ProductError(line, "Handle", "is empty")
            if handle in seen:
                raise _ProductError(
                    line, "Handle", "has rows in two places of the file; put the rows of a product together"
                )
            seen.add(handle)
            yield from _product(handle, product, currency, apart)
        except _ProductError as fault:
            raw = next((row for at, row in product if at == fault.line), first)
            yield FeedFault(fault.line, fault.field, fault.reason, {k: v for k, v in raw.items() if v})


def _together(rows: Iterable[tuple[int, Row | str]]) -> Iterator[tuple[int, Sequence[tuple[int, Row]] | str]]:
    product: list[tuple[int, Row]] = []
    for line, row in rows:
        if isinstance(row, str):
            yield line, row
            continue
        if product and row.get("Handle", "").strip() != product[0][1].get("Handle", "").strip():
            yield product[0][0], product
            product = []
        product.append((line, row))
    if product:
        yield product[0][0], product


def _product(handle: str, rows: Sequence[tuple[int, Row]], currency: str, apart: bool) -> Iterator[FeedRow]:
    line, first = rows[0]
    title = clean(first.get("Title", ""))
    if not title:
        raise _ProductError(line, "Title", "is empty on the product's first row")
    variants = [_variant(at, row, currency) for at, row in rows if row.get("Variant Price") or row.get("Option1 Value")]
    images = [row["Image Src"].strip() for _, row in sorted(rows, key=_position) if row.get("Image Src", "").strip()]
    shown = _is_shown(first)
    columns = {
        "item_id": handle,
        "name": title,
        "family": _family(first),
        "currency": currency,
        "image": images[0] if images else "",
    }
    shared = {name: clean(first.get(column, "")) for column, name in _PLAIN.items()}
    shared["description"] = html_to_text(first.get("Body (HTML)", ""))
    shared["images"] = " ".join(images[1:])
    for column, value in first.items():
        if found := _METAFIELD.fullmatch(column):
            shared[_name(found[1])] = clean(value)
    if apart and variants:
        for variant in variants:
            yield _apart(handle, title, columns, shared, variant, first, shown)
        return
    attributes = {**shared, **_options(first, variants), **_prices(variants)}
    yield FeedRow(
        line,
        {**columns, "price": _one_price(variants), "stock": _stock(variants, shown)},
        {name: value for name, value in attributes.items() if value},
    )


def _apart(handle: str, title: str, columns: Row, shared: Row, variant: _Variant, first: Row, shown: bool) -> FeedRow:
    options = _options(first, [variant])
    values = ", ".join(options.values())
    sku = variant.row.get("Variant SKU", "").strip().lstrip("'")
    slug = re.sub(r"[^a-z0-9]+", "-", values.lower()).strip("-")
    attributes = {**shared, **options, **_prices([variant]), "group": handle, "short_name": title}
    own = {
        "item_id": sku or (f"{handle}-{slug}" if slug else handle),
        "name": f"{title}, {values}" if values else title,
        "price": _one_price([variant]),
        "stock": _stock([variant], shown),
        "image": variant.row.get("Variant Image", "").strip() or columns["image"],
    }
    return FeedRow(variant.line, {**columns, **own}, {name: value for name, value in attributes.items() if value})


def _variant(line: int, row: Row, currency: str) -> _Variant:
    tracked = row.get("Variant Inventory Tracker", "").strip()
    oversold = row.get("Variant Inventory Policy", "").strip().lower() == "continue"
    quantity = row.get("Variant Inventory Qty", "").strip()
    stock = None
    if tracked and not oversold:
        if not re.fullmatch(r"-?[0-9]{1,12}", quantity or "0"):
            raise _ProductError(line, "Variant Inventory Qty", "is not a whole number")
        stock = max(0, int(quantity or "0"))
    price = _money(line, row, "Variant Price", currency)
    return _Variant(line, row, price, _money(line, row, "Variant Compare At Price", currency), stock)


def _money(line: int, row: Row, column: str, currency: str) -> Money | None:
    text = row.get(column, "").strip()
    if not text:
        return None
    try:
        money = parse_money(text, currency)
    except MoneyError as error:
        raise _ProductError(line, column, str(error)) from None
    if money.minor < 0:
        raise _ProductError(line, column, "is below 0")
    return money


def _position(row: tuple[int, Row]) -> tuple[int, int]:
    text = row[1].get("Image Position", "").strip()
    return (int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 99_999), row[0]


def _is_shown(first: Row) -> bool:
    published = first.get("Published", "").strip().lower() not in ("false", "no")
    return published and first.get("Status", "").strip().lower() in ("", "active")


def _family(first: Row) -> str:
    named = clean(first.get("Type", ""))
    category = first.get("Product Category") or first.get("Google Shopping / Google Product Category") or ""
    last = clean(category.split(">")[-1])
    return named or ("" if last.isdigit() else last)


def _options(first: Row, variants: Sequence[_Variant]) -> dict[str, str]:
    """{'size': 'Small, Medium'}: each option's values in the file's order. 'Default Title' is no option."""
    options: dict[str, str] = {}
    for number in (1, 2, 3):
        name = clean(first.get(f"Option{number} Name", ""))
        values = dict.fromkeys(clean(v.row.get(f"Option{number} Value", "")) for v in variants)
        shown = ", ".join(value for value in values if value and value != "Default Title")
        if name and shown:
            options[_name(name)] = shown
    return options


def _prices(variants: Sequence[_Variant]) -> dict[str, str]:
    found = sorted((v.price for v in variants if v.price is not None and v.for_sale), key=lambda m: m.minor)
    texts = {}
    if found and found[0] != found[-1]:
        texts = {"price_from": str(found[0]), "price_to": str(found[-1])}
    before = {
        v.before for v in variants if v.before is not None and v.price is not None and v.before.minor > v.price.minor
    }
    if len(before) == 1 and len(found) == len(variants):
        texts["compare_at_price"] = str(before.pop())
    grams = {v.row.get("Variant Grams", "").strip() for v in variants}
    if len(grams) == 1 and re.fullmatch(r"[1-9][0-9]*(\.[0-9]+)?", next(iter(grams))):
        texts["weight"] = f"{grams.pop()} g"
    codes = {v.row.get("Variant Barcode", "").strip().lstrip("'") for v in variants}
    if len(codes) == 1 and (code := codes.pop()):
        texts["gtin"] = code
    return texts


def _one_price(variants: Sequence[_Variant]) -> str:
    """The price if all variants for sale (all, if none is) cost the same; else none: it would mislead."""
    asked = [v for v in variants if v.for_sale] or list(variants)
    prices = {v.price for v in asked}
    price = prices.pop() if len(prices) == 1 else None
    return "" if price is None else str(price.amount)


def _stock(variants: Sequence[_Variant], shown: bool) -> str:
    """What is left of all variants; '' where one is not counted. What the shop does not show is not offered."""
    if not shown:
        return "0"
    stocks = [v.stock for v in variants]
    return "" if not stocks or None in stocks else str(sum(stock or 0 for stock in stocks))


def _name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "option"
