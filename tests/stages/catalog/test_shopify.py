"""Shopify's product CSV."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.catalog.shopify import read_shopify
from tailorbird.types.feed import FeedFault, FeedRow

HEADER = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
    "Option2 Name", "Option2 Value", "Variant SKU", "Variant Grams", "Variant Inventory Tracker",
    "Variant Inventory Qty", "Variant Inventory Policy", "Variant Price", "Variant Compare At Price", "Image Src",
    "Image Position", "Status", "Fabric (product.metafields.custom.fabric)",
]  # fmt: skip


def row(**given: str) -> dict[str, str]:
    named = {key.replace("_", " "): value for key, value in given.items()}
    return {name: named.get(name, "") for name in HEADER}


def read(*rows: dict[str, str], apart: bool = False) -> list[FeedRow | FeedFault]:
    return list(read_shopify(enumerate(rows, 2), "GBP", apart))


def one(*rows: dict[str, str]) -> FeedRow:
    (item,) = read(*rows)
    assert isinstance(item, FeedRow), item
    return item


def shirt(size: str, price: str, quantity: str = "3", **more: str) -> dict[str, str]:
    first = {"Title": "Shirt", "Option1_Name": "Size"} if size == "S" else {}
    stock = {"Variant_Inventory_Tracker": "shopify", "Variant_Inventory_Qty": quantity}
    return row(Handle="shirt", Option1_Value=size, Variant_Price=price, **first, **stock, **more)


def test_the_rows_of_a_product_are_one_item() -> None:
    item = one(
        shirt("S", "20", Variant_Compare_At_Price="25.00", Image_Src="b.png", Image_Position="2"),
        shirt("M", "20.00", Variant_Compare_At_Price="25"),
        row(Handle="shirt", Image_Src="a.png", Image_Position="1"),
    )
    assert item.columns["item_id"] == "shirt"
    assert (item.columns["name"], item.columns["price"], item.columns["stock"]) == ("Shirt", "20.00", "6")
    assert (item.columns["image"], item.attributes["images"]) == ("a.png", "b.png")
    assert item.attributes["size"] == "S, M"
    assert item.attributes["compare_at_price"] == "25.00 GBP"


def test_a_price_is_stated_only_if_every_variant_for_sale_has_it() -> None:
    item = one(shirt("S", "20"), shirt("M", "25"))
    assert item.columns["price"] == ""
    assert (item.attributes["price_from"], item.attributes["price_to"]) == ("20.00 GBP", "25.00 GBP")
    assert one(shirt("S", "20"), shirt("M", "25", "0")).columns["price"] == "20.00"
    assert one(shirt("S", "20", "0"), shirt("M", "20", "-2")).columns["stock"] == "0"


def test_what_is_not_counted_or_oversold_has_no_stock_number() -> None:
    assert one(shirt("S", "20"), shirt("M", "20", "0", Variant_Inventory_Policy="continue")).columns["stock"] == ""
    untracked = row(Handle="a", Title="A", Variant_Price="1", Variant_Inventory_Qty="7")
    assert one(untracked).columns["stock"] == ""


@pytest.mark.parametrize("hidden", [{"Status": "draft"}, {"Status": "archived"}, {"Published": "false"}])
def test_what_the_shop_does_not_show_is_out_of_stock(hidden: dict[str, str]) -> None:
    assert one(row(Handle="a", Title="A", Variant_Price="1", **hidden)).columns["stock"] == "0"


def test_texts_are_words_and_metafields_are_attributes() -> None:
    item = one(
        {
            **row(Handle="a", Title="A", Variant_Price="1", Vendor="Oakes", Tags="men, oak", Type="Mugs"),
            "Body (HTML)": "<p>Warm<script>x()</script></p>",
            "Fabric (product.metafields.custom.fabric)": "linen",
        }
    )
    assert item.columns["family"] == "Mugs"
    assert item.attributes == {"brand": "Oakes", "tags": "men, oak", "description": "Warm", "fabric": "linen"}


def test_default_title_is_no_option() -> None:
    item = one(row(Handle="a", Title="A", Option1_Name="Title", Option1_Value="Default Title", Variant_Price="1"))
    assert item.attributes == {}


def test_variants_apart_are_items_of_their_own() -> None:
    small, medium = read(shirt("S", "20", Variant_SKU="'sku-s"), shirt("M", "25"), apart=True)
    assert isinstance(small, FeedRow) and isinstance(medium, FeedRow)
    assert (small.columns["item_id"], small.columns["price"]) == ("sku-s", "20.00")
    assert (medium.columns["item_id"], medium.columns["name"]) == ("shirt-m", "Shirt, M")
    assert (medium.attributes["group"], medium.attributes["size"], medium.line) == ("shirt", "M", 3)


@pytest.mark.parametrize(
    ("rows", "line", "field", "reason"),
    [
        ([row(Title="A", Variant_Price="1")], 2, "Handle", "is empty"),
        ([row(Handle="a", Variant_Price="1")], 2, "Title", "is empty on the product's first row"),
        ([shirt("S", "20"), shirt("M", "20,00")], 3, "Variant Price", "has a comma; write it as 1234.50"),
        ([shirt("S", "20"), shirt("M", "-1")], 3, "Variant Price", "is below 0"),
        ([shirt("S", "20", "many")], 2, "Variant Inventory Qty", "is not a whole number"),
    ],
)
def test_with_a_wrong_row_the_product_waits(rows: list[dict[str, str]], line: int, field: str, reason: str) -> None:
    good = row(Handle="good", Title="Good", Variant_Price="1")
    fault, item = read(*rows, good)
    assert isinstance(fault, FeedFault) and isinstance(item, FeedRow)
    assert (fault.line, fault.field, fault.reason) == (line, field, reason)
    assert item.columns["item_id"] == "good"


def test_rows_of_a_product_that_stand_apart_are_told() -> None:
    _, _, fault = read(shirt("S", "20"), row(Handle="b", Title="B"), shirt("M", "20"))
    assert isinstance(fault, FeedFault)
    assert fault.reason.startswith("has rows in two places")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(TEXTS, st.integers(0, 10**8), st.integers(0, 999)), min_size=1, max_size=5, unique_by=lambda p: p[0]
    )
)
def test_products_that_were_written_are_read_back(products: list[tuple[str, int, int]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, HEADER)
    writer.writeheader()
    for number, (title, minor, stock) in enumerate(products):
        price = f"{minor // 100}.{minor % 100:02}"
        writer.writerow(
            row(Handle=f"h{number}", Title=title, Variant_Price=price, Variant_Inventory_Tracker="shopify",
                Variant_Inventory_Qty=str(stock))
        )  # fmt: skip
    rows = csv.DictReader(io.StringIO(file.getvalue(), newline=""))
    items = list(read_shopify(enumerate(rows, 2), "GBP", False))
    found = [(i.columns["price"].replace(".", ""), i.columns["stock"]) for i in items if isinstance(i, FeedRow)]
    assert found == [(f"{minor // 100}{minor % 100:02}", str(stock)) for _, minor, stock in products]
