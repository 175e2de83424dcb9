"""The item: one catalog entry at one version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

CATALOG_COLUMNS = (
    "item_id", "name", "family", "price_minor", "currency", "prices", "sale_minor", "sale_from", "sale_until",
    "available_from", "stock", "url", "image", "texts",
)  # fmt: skip
"""What a row of the catalog says. `prices` (minor units by currency) and `texts` are JSON objects, times ISO 8601."""
ITEM_ID_CHARS_MAX = 200
"""No item's id is longer."""


@dataclass(frozen=True, slots=True)
class Item:
    """A catalog entry. `texts` holds typed attributes as display text per locale ('' = every locale).

    `texts['']['material'] = 'oak'` and `texts['de-DE']['material'] = 'Eiche'`: the locale's value wins.
    `stock` is units on hand, None where the catalog does not track it (then the item counts as in stock).
    `price` is what it costs at the moment for which the catalog was read, `prices` the same in further currencies.
    While a sale holds, `regular_price` is what it costs otherwise, and `sale_until` (aware) is when the sale ends, None
    where the catalog does not say.
    """

    item_id: str
    version: str
    name: str
    family: str
    price: Decimal | None
    currency: str
    stock: int | None = None
    url: str | None = None
    image: str | None = None
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    regular_price: Decimal | None = None
    sale_until: datetime | None = None

    @property
    def in_stock(self) -> bool:
        """Whether the item can be offered now."""
        return self.stock is None or self.stock > 0

    def text(self, name: str, locale: str) -> str | None:
        """The display text of attribute `name` in `locale`, falling back to the locale-free value."""
        return self.texts.get(locale, {}).get(name) or self.texts.get("", {}).get(name)
