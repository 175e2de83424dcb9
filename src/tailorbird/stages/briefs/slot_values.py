"""Facts as text: the value of every slot for one item, in one locale."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel.numbers import format_currency

from tailorbird.types.item import Item


@lru_cache(maxsize=65536)
def _money(amount: str, currency: str, locale: str) -> str:
    # A no-break space before the sign would count as an unknown character in plain-text checks and looks the same.
    return format_currency(amount, currency, locale=locale.replace("-", "_")).replace("\xa0", " ")


def format_price(item: Item, locale: str) -> str | None:
    """The price as the locale writes it ('£24.00', '24,00 €'); None where the catalog has no price."""
    if item.price is None:
        return None
    return _money(str(item.price), item.currency, locale)


def item_slots(item: Item, locale: str, facts: Mapping[str, str]) -> dict[str, str]:
    """Every slot that this item can fill in this locale: {'item.name': 'Oak peg', 'item.price': '£24.00', ...}.

    `facts` are the attribute names that the project allows as slots (name to slot type). An attribute that the item
    lacks gives no key, so that copy which needs it cannot be chosen for this item.
    """
    slots = {"item.name": item.text("name", locale) or item.name}
    short = item.text("short_name", locale)
    slots["item.short_name"] = short or slots["item.name"]
    family = item.text("family", locale)
    if family:
        slots["item.family"] = family
    price = format_price(item, locale)
    if price is not None:
        slots["item.price"] = price
    for name in facts:
        value = item.text(name, locale)
        if value:
            slots[f"item.{name}"] = value
    return slots


# Names that break careless code and careless copy: two letters, a hyphen and a space, an apostrophe with diacritics.
_FIRST_NAMES = ("Jo", "Maximiliane-Sophie", "Zoë D'Arcy")


def slot_samples(slots: Iterable[str], values: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """The shortest, the longest and the most awkward value of each slot, over the items that may fill it.

    `values` are `item_slots` of every candidate item. 'Most awkward' is the value with most characters that are
    neither letters nor spaces. Slots of a person get fixed difficult names: no real person's name is used here.
    A slot that no item can fill is absent from the answer.
    """
    rows = list(values)
    samples: dict[str, tuple[str, ...]] = {}
    for slot in slots:
        if slot == "person.first_name":
            samples[slot] = _FIRST_NAMES
            continue
        source = slot.replace("last_item.", "item.")
        seen = sorted({row[source] for row in rows if source in row}, key=lambda v: (len(v), v))
        if seen:
            awkward = max(seen, key=lambda v: (sum(not (c.isalpha() or c == " ") for c in v), v))
            samples[slot] = (seen[0], seen[-1], awkward)
    return samples
