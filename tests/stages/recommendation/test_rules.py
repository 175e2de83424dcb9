from decimal import Decimal

import numpy as np
import pytest

from tailorbird.stages.recommendation.rules import RuleError, allowed_items, margin_lift, read_margins, read_share
from tailorbird.types.item import Item
from tailorbird.types.item_spec import ItemSpec


def item(stock: int | None = None, margin: str | None = None) -> Item:
    texts = {"": {"margin": margin}} if margin is not None else {}
    return Item("i", "1", "Kettle", "kettles", Decimal(10), "GBP", stock=stock, texts=texts)


@pytest.mark.parametrize(
    ("text", "share"),
    [("0.35", 0.35), ("35 %", 0.35), ("-5%", -0.05), ("35", None), ("much", None), ("", None), (None, None)],
)
def test_margins_are_read_as_shares(text: str | None, share: float | None) -> None:
    assert read_share(text) == share


def test_too_little_stock_and_too_little_margin_are_not_shown() -> None:
    items = [item(3, "0.5"), item(2, "0.5"), item(None, "0.5"), item(9, "0.1"), item(9)]
    spec = ItemSpec(stock_min=3, margin="margin", margin_min=0.2)
    assert allowed_items(items, spec, read_margins(items, "margin")).tolist() == [True, False, True, False, False]
    assert allowed_items(items, ItemSpec(), None).tolist() == [True] * 5


def test_more_margin_lifts_a_score_and_an_unknown_one_does_not() -> None:
    lift = margin_lift(np.array([0.3, 0.4, 0.5, np.nan]), 2.0, 4)
    assert lift[0] < lift[1] == 1.0 == lift[3] < lift[2]
    assert np.isclose(lift[2], np.exp(0.2))
    assert (margin_lift(None, 2.0, 4) == 1).all()


def test_a_catalog_without_the_attribute_is_refused() -> None:
    with pytest.raises(RuleError, match="no item of the catalog has as a share"):
        read_margins([item(), item(margin="high")], "margin")
