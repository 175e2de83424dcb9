"""A small catalog for simulated customers."""

from decimal import Decimal

import pytest

from tailorbird.types.item import Item

GOODS = (
    ("hobbin-kettle", "Hobbin whistling kettle", "kettles", "48.00", None),
    ("pellow-kettle", "Pellow stovetop kettle", "kettles", "54.00", None),
    ("tansy-mug", "Tansy stoneware mug", "mugs", "14.50", None),
    ("sorrel-mug", "Sorrel stoneware mug", "mugs", "16.00", None),
    ("fern-soap", "Fern olive soap", "soap", "6.50", "28"),
    ("oat-soap", "Oat milk soap", "soap", "6.00", "28"),
    ("dusk-candle", "Dusk beeswax candle", "candles", "12.00", "35"),
    ("dawn-candle", "Dawn beeswax candle", "candles", "13.00", "35"),
    ("robin-mix", "Robin seed mix", "bird_food", "9.00", "30"),
    ("tit-mix", "Tit peanut mix", "bird_food", "8.00", "30"),
    ("ash-trowel", "Ash trowel", "hand_tools", "19.00", None),
    ("oak-dibber", "Oak dibber", "hand_tools", "11.00", None),
)


@pytest.fixture
def items() -> tuple[Item, ...]:
    return tuple(
        Item(item_id, "v1", name, family, Decimal(price), "GBP", texts={"": {"replenish_days": days} if days else {}})
        for item_id, name, family, price, days in GOODS
    )
