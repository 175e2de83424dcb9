"""Google Merchant's product data: one offer's fields, from XML or TSV, as one item."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tailorbird.stages.catalog.money import MoneyError, parse_money
from tailorbird.stages.catalog.plain_text import clean, html_to_text
from tailorbird.types.feed import FeedFault, FeedRow
from tailorbird.types.money import Money

Fields = Mapping[str, Sequence[str]]
"""An offer: each field's values in the feed's order; a nested one ('shipping') is a text 'GB:Standard:3.95 GBP'."""

_NEVER = ("link", "image_link", "id", "title", "availability", "price", "sale_price", "sale_price_effective_date")
_GONE = {"out_of_stock", "discontinued"}
_LATER = {"preorder", "backorder"}
_HERE = {"in_stock", "limited_availability", "available_for_order", ""}
VALUE_CHARS_MAX = 10_000


class _OfferError(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def read_offers(offers: Iterable[tuple[int, Fields | str]]) -> Iterator[FeedRow | FeedFault]:
    """Items of (line, fields) pairs; a text in place of fields says why there are none."""
    for line, fields in offers:
        if isinstance(fields, str):
            field, _, reason = fields.rpartition("\x1f")
            yield FeedFault(line, field, reason, {})
            continue
        try:
            yield _offer(line, fields)
        except _OfferError as fault:
            yield FeedFault(line, fault.field, fault.reason, {k: " | ".join(v)[:1000] for k, v in fields.items()})


def rows_to_offers(rows: Iterable[tuple[int, Mapping[str, str] | str]]) -> Iterator[tuple[int, Fields | str]]:
    """The rows of a TSV as offers: 'image link' and 'g:image_link' are the field image_link."""
    for line, row in rows:
        yield line, (row if isinstance(row, str) else {field_name(k): [v] for k, v in row.items() if v})


def field_name(header: str) -> str:
    """The name of a field, however the feed writes it."""
    return re.sub(r"[\s-]+", "_", header.strip().lower().removeprefix("g:").removeprefix("c:"))


def _offer(line: int, fields: Fields) -> FeedRow:
    for name, values in fields.items():
        if any(len(value) > VALUE_CHARS_MAX for value in values):
            raise _OfferError(name, f"is longer than {VALUE_CHARS_MAX:,} characters")
    item_id, title = _one(fields, "id"), clean(_one(fields, "title"))
    if not item_id or not title:
        raise _OfferError("title" if item_id else "id", "is empty")
    price, sale = _money(fields, "price"), _money(fields, "sale_price")
    if price is None:
        raise _OfferError("price", "is empty")
    if sale is not None and sale.currency != price.currency:
        raise _OfferError("sale_price", f"is in {sale.currency}, the price in {price.currency}")
    begins, ends = _interval(_one(fields, "sale_price_effective_date"))
    stock, available = _availability(fields)
    kind = _one(fields, "product_type") or _one(fields, "google_product_category")
    family = clean(kind.split(">")[-1])
    columns = {
        "item_id": item_id,
        "name": title,
        "family": "" if family.isdigit() else family,
        "price": str(price.amount),
        "currency": price.currency,
        "sale_price": "" if sale is None else str(sale.amount),
        "sale_from": begins,
        "sale_until": ends,
        "available_from": available,
        "stock": stock,
        "url": _link(fields, "link"),
        "image": _link(fields, "image_link"),
    }
    return FeedRow(line, columns, dict(_attributes(fields)))


def _attributes(fields: Fields) -> Iterator[tuple[str, str]]:
    for name, values in fields.items():
        if name in _NEVER:
            continue
        if name == "description":
            text = html_to_text(values[0])
        else:
            text = (" " if name.endswith("_link") else ", ").join(dict.fromkeys(filter(None, map(clean, values))))
        if text:
            yield ("colour" if name == "color" else name), text


def _one(fields: Fields, name: str) -> str:
    return next((value.strip() for value in fields.get(name, ()) if value.strip()), "")


def _money(fields: Fields, name: str) -> Money | None:
    text = _one(fields, name)
    if not text:
        return None
    try:
        money = parse_money(text)
    except MoneyError as error:
        raise _OfferError(name, str(error)) from None
    if not money.currency:
        raise _OfferError(name, "has no currency; write 19.99 GBP")
    if money.minor < 0:
        raise _OfferError(name, "is below 0")
    return money


def _interval(text: str) -> tuple[str, str]:
    """'2026-02-24T13:00-0800/2026-02-29T15:30-0800' as its two moments; both '' where there is none."""
    if not text:
        return "", ""
    begins, slash, ends = (part.strip() for part in text.partition("/"))
    if not slash or not begins or not ends:
        raise _OfferError("sale_price_effective_date", "is not two moments with a slash between them")
    return begins, ends


def _availability(fields: Fields) -> tuple[str, str]:
    """(stock, from when it is available): a preorder counts as out of stock until its date, for ever without one."""
    said = _one(fields, "availability").lower().replace(" ", "_")
    if said in _GONE:
        return "0", ""
    if said in _LATER:
        date = _one(fields, "availability_date")
        return ("" if date else "0"), date
    if said not in _HERE:
        raise _OfferError("availability", "is none of in_stock, out_of_stock, preorder, backorder")
    return _quantity(fields), ""


def _quantity(fields: Fields) -> str:
    text = _one(fields, "sell_on_google_quantity") or _one(fields, "quantity")
    return text if re.fullmatch(r"[0-9]{1,12}", text) else ""


def _link(fields: Fields, name: str) -> str:
    link = _one(fields, name)
    if link and not link.lower().startswith(("https://", "http://")):
        raise _OfferError(name, "is not an http address")
    return link
