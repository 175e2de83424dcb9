"""Google Merchant's product data."""

import pytest

from tailorbird.stages.catalog.merchant import VALUE_CHARS_MAX, read_offers, rows_to_offers
from tailorbird.types.feed import FeedFault, FeedRow

OFFER = {
    "id": "k1",
    "title": "Kettle",
    "price": "19.99 GBP",
    "availability": "in_stock",
    "link": "https://s.example/k1",
}


def read(**changed: str) -> FeedRow | FeedFault:
    fields = {name: [value] for name, value in {**OFFER, **changed}.items() if value}
    (item,) = read_offers([(7, fields)])
    return item


def good(**changed: str) -> FeedRow:
    item = read(**changed)
    assert isinstance(item, FeedRow), item
    return item


def test_an_offer_is_an_item() -> None:
    item = good(
        product_type="Home > Kitchen > Kettles", color="moss", brand="Wren", gtin="4006381333931", item_group_id="k",
        image_link="https://s.example/k.png", description="<b>Whistles</b>",
    )  # fmt: skip
    assert item.line == 7
    assert item.columns == {
        "item_id": "k1", "name": "Kettle", "family": "Kettles", "price": "19.99", "currency": "GBP", "sale_price": "",
        "sale_from": "", "sale_until": "", "available_from": "", "stock": "", "url": "https://s.example/k1",
        "image": "https://s.example/k.png",
    }  # fmt: skip
    assert item.attributes == {
        "product_type": "Home > Kitchen > Kettles", "colour": "moss", "brand": "Wren", "gtin": "4006381333931",
        "item_group_id": "k", "description": "Whistles",
    }  # fmt: skip


def test_a_sale_has_its_time() -> None:
    when = "2026-02-24T13:00-0800/2026-02-28T15:30-0800"
    item = good(sale_price="15.00 GBP", sale_price_effective_date=when)
    assert (item.columns["sale_price"], item.columns["sale_from"], item.columns["sale_until"]) == (
        "15.00", "2026-02-24T13:00-0800", "2026-02-28T15:30-0800",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "date", "stock", "available"),
    [
        ("in stock", "", "", ""),
        ("out_of_stock", "", "0", ""),
        ("preorder", "2026-03-01T00:00Z", "", "2026-03-01T00:00Z"),
        ("backorder", "", "0", ""),
    ],
)
def test_availability(said: str, date: str, stock: str, available: str) -> None:
    item = good(availability=said, availability_date=date)
    assert (item.columns["stock"], item.columns["available_from"]) == (stock, available)


def test_a_quantity_is_the_stock() -> None:
    assert good(sell_on_google_quantity="12").columns["stock"] == "12"
    assert good(availability="out_of_stock", quantity="12").columns["stock"] == "0"


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"id": ""}, "id", "is empty"),
        ({"title": ""}, "title", "is empty"),
        ({"price": ""}, "price", "is empty"),
        ({"price": "19,99 EUR"}, "price", "has a comma"),
        ({"price": "19.99"}, "price", "has no currency"),
        ({"price": "-1 GBP"}, "price", "is below 0"),
        ({"price": "19.999 GBP"}, "price", "more decimals than GBP"),
        ({"sale_price": "1 EUR"}, "sale_price", "is in EUR, the price in GBP"),
        ({"sale_price": "1 GBP", "sale_price_effective_date": "soon"}, "sale_price_effective_date", "two moments"),
        ({"availability": "perhaps"}, "availability", "is none of"),
        ({"link": "javascript:alert(1)"}, "link", "is not an http address"),
        ({"description": "x" * (VALUE_CHARS_MAX + 1)}, "description", "is longer than"),
    ],
)
def test_a_wrong_offer_is_told_by_field_and_reason(changed: dict[str, str], field: str, reason: str) -> None:
    fault = read(**changed)
    assert isinstance(fault, FeedFault)
    assert (fault.line, fault.field) == (7, field)
    assert reason in fault.reason


def test_the_columns_of_a_table_may_be_written_with_spaces() -> None:
    rows = [(2, {"id": "1", "title": "Mug", "price": "1 GBP", "image link": "https://x.example/a", "g:brand": "W"})]
    (item,) = read_offers(rows_to_offers([*rows]))
    assert isinstance(item, FeedRow)
    assert (item.columns["image"], item.attributes["brand"]) == ("https://x.example/a", "W")
    (fault,) = read_offers(rows_to_offers([(3, "has 9 fields, the header has 3")]))
    assert isinstance(fault, FeedFault)
    assert fault.reason == "has 9 fields, the header has 3"
