from collections.abc import Sequence

from tailorbird.testing.simulator.orders import order_properties, product_properties
from tailorbird.types.item import Item


def test_an_order_s_total_is_the_sum_of_its_lines_to_the_penny(items: Sequence[Item]) -> None:
    order = order_properties(items[:3], "o1", "k1")
    assert order["total"] == 116.5
    assert [line["product_id"] for line in order["products"]] == ["hobbin-kettle", "pellow-kettle", "tansy-mug"]
    assert (order["currency"], order["cart_id"]) == ("GBP", "k1")
    assert "cart_id" not in order_properties(items[:1], "o1")


def test_a_product_is_described_as_a_shop_s_site_would(items: Sequence[Item]) -> None:
    assert product_properties(items[4]) == {
        "product_id": "fern-soap", "name": "Fern olive soap", "family": "soap", "price": 6.5, "currency": "GBP",
    }  # fmt: skip
