"""What a message offers, exactly: the items with their prices in minor units, and every price and discount its words
name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tailorbird.types.item import Item
from tailorbird.types.money import exponent_of

_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s?(?:%|percent\b|per cent\b|prozent\b)", re.IGNORECASE)
_NUMBER = r"\d{1,3}(?:[.,\u00a0 ']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SIGNS = r"£|\$|€|EUR|GBP|USD|CHF|Euro|Pfund"
_MONEY = re.compile(rf"(?:(?:{_SIGNS})\s?({_NUMBER}))|(?:({_NUMBER})\s?(?:{_SIGNS})(?!\w))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """`items` are (item id, price, price without the sale), in minor units or None, in the order in which they are
    shown; `amounts` and `percents` every sum of money and every percentage that the words name, as they are written."""

    items: tuple[tuple[str, int | None, int | None], ...] = ()
    amounts: tuple[str, ...] = ()
    percents: tuple[str, ...] = ()

    @property
    def price(self) -> float:
        """The price of the item shown first, in minor units; NaN without one."""
        first = self.items[0][1] if self.items else None
        return float("nan") if first is None else float(first)

    @property
    def total(self) -> float:
        """The prices of all items shown, summed, in minor units; what has no price adds nothing."""
        return float(sum(price or 0 for _, price, _ in self.items))

    @property
    def discount(self) -> float:
        """The largest percentage that the words name, or that the first item's sale takes off; 0 without one."""
        named = [float(percent.replace(",", ".")) for percent in self.percents]
        _, price, regular = self.items[0] if self.items else ("", None, None)
        if price is not None and regular:
            named.append(round(100.0 * (regular - price) / regular, 6))
        return max(named, default=0.0)


def read_offer(item_ids: Sequence[str], items: Mapping[str, Item], texts: Sequence[str]) -> Offer:
    """The offer of a message that shows these items, and says these texts."""
    shown = [items[item_id] for item_id in item_ids if item_id in items]
    whole = "\n".join(texts)
    amounts = tuple(sorted(before or after for before, after in _MONEY.findall(whole)))
    return Offer(
        tuple((item.item_id, minor(item.price, item), minor(item.regular_price, item)) for item in shown),
        amounts,
        tuple(sorted(_PERCENT.findall(whole))),
    )


def minor(amount: Decimal | None, item: Item) -> int | None:
    """An amount in minor units of the item's currency."""
    return None if amount is None else int(amount.scaleb(exponent_of(item.currency)).to_integral_value())


def price_tiers(items: Mapping[str, Item]) -> dict[str, float]:
    """Where each item's price stands among those of the catalog in its currency: 0 (cheapest) to 1 (dearest)."""
    tiers: dict[str, float] = {}
    for currency in {item.currency for item in items.values() if item.price is not None}:
        prices = {name: price for name, item in items.items()
                  if item.currency == currency and (price := minor(item.price, item)) is not None}  # fmt: skip
        ladder = sorted(set(prices.values()))
        steps = {price: at / max(len(ladder) - 1, 1) for at, price in enumerate(ladder)}
        tiers.update((name, steps[price]) for name, price in prices.items())
    return tiers
