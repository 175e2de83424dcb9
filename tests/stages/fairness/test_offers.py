"""What a message offers."""

import math
from decimal import Decimal

import pytest

from tailorbird.stages.fairness.offers import Offer, price_tiers, read_offer
from tailorbird.types.item import Item


def item(name: str, price: str | None, currency: str = "GBP", regular: str | None = None) -> Item:
    return Item(
        name, "v1", name, "kettles", Decimal(price) if price else None, currency,
        regular_price=Decimal(regular) if regular else None,
    )  # fmt: skip


def test_prices_are_exact_whole_minor_units_of_their_currency() -> None:
    items = {
        "a": item("a", "24.00"),
        "b": item("b", "1200", "JPY"),
        "c": item("c", "1.234", "KWD"),
        "d": item("d", None),
    }
    assert read_offer(["a", "b", "c", "d", "gone"], items, []).items == (
        ("a", 2400, None), ("b", 1200, None), ("c", 1234, None), ("d", None, None),
    )  # fmt: skip
    assert read_offer(["a", "d"], items, []).total == 2400.0 and Offer().total == 0.0
    assert math.isnan(read_offer(["d"], items, []).price) and math.isnan(Offer().price)


def test_a_discount_is_named_by_the_words_or_made_by_the_sale() -> None:
    items = {"a": item("a", "22.80", regular="24.00")}
    assert read_offer(["a"], items, []).discount == pytest.approx(5.0)
    assert read_offer(["a"], items, ["10 % off, today 7.5% more"]).discount == 10.0
    assert read_offer([], {}, ["12,5 Prozent Rabatt"]).discount == 12.5
    assert Offer().discount == 0.0


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("From £1,299.00", ("1,299.00",)),
        ("für 24,00 € und €5", ("24,00", "5")),
        ("EUR 12 or 30 GBP", ("12", "30")),
        ("3 kettles, 24 cm", ()),
        ("20 euros", ()),
    ],
)
def test_sums_of_money_are_read_as_they_are_written(text: str, amounts: tuple[str, ...]) -> None:
    assert read_offer([], {}, [text]).amounts == amounts


def test_two_offers_that_differ_in_a_penny_are_not_the_same() -> None:
    assert read_offer(["a"], {"a": item("a", "24.00")}, []) != read_offer(["a"], {"a": item("a", "24.01")}, [])


def test_tiers_are_places_among_the_prices_of_one_currency() -> None:
    items = {
        "a": item("a", "1"),
        "b": item("b", "2"),
        "c": item("c", "9"),
        "j": item("j", "500", "JPY"),
        "n": item("n", None),
    }
    assert price_tiers(items) == {"a": 0.0, "b": 0.5, "c": 1.0, "j": 0.0}
