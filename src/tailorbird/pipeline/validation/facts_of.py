"""What is true of catalog items, as facts that a text is held against."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol

from tailorbird.stages.facts.given_values import Reading, UnusableError, read_values
from tailorbird.types.catalog_schema import CatalogSchema
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.item import Item

Vocabularies = Mapping[str, Mapping[str, tuple[str, ...]]]
NAMES = "name"
"""The vocabulary of all items' names."""
_LABELS = ("name", "short_name")
_VALUE_CHARS_MAX = 40
_FEW_VALUES = 25
_LINKS = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Reader:
    """How a catalog's texts are read: in which locale and zone, by which schema.

    `vocabularies` tell a list of values ('red, blue') from a value with a comma in it. `sources` says of an item's
    attributes from the knowledge tables where each comes from and until when it holds: {item_id: {attribute: …}}.
    """

    locale: str
    zone: str = "UTC"
    schema: CatalogSchema = field(default_factory=CatalogSchema)
    vocabularies: Vocabularies = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, tuple[str, datetime]]] = field(default_factory=dict)

    def entity(self, item: Item) -> Entity:
        """The item with its names and facts. What cannot be read as a number or a date is words."""
        facts = (*self._price(item), *self._stock(item), *self._attributes(item))
        return Entity(item.item_id, names_of(item, self.locale), facts, item.family)

    def _price(self, item: Item) -> Iterator[Fact]:
        where = f"catalog {item.version}"
        if item.price is not None:
            yield Fact("price", item.price, item.currency, source=f"{where}: price", until=item.sale_until)
        for currency, price in item.prices.items():
            if currency != item.currency:
                yield Fact("price", price, currency, source=f"{where}: prices")
        if item.regular_price is not None:
            yield Fact("was price", item.regular_price, item.currency, source=f"{where}: price")
        if item.sale_until is not None:
            yield Fact("offer ends", item.sale_until, source=f"{where}: sale_until")

    def _stock(self, item: Item) -> Iterator[Fact]:
        where = f"catalog {item.version}: stock"
        yield Fact("in stock", item.in_stock, source=where)
        if item.stock is not None:
            yield from read_values("stock", item.stock, self._how(""), where)

    def _attributes(self, item: Item) -> Iterator[Fact]:
        names = dict.fromkeys(name for locale in ("", *item.texts) for name in item.texts.get(locale, ()))
        if "family" not in names and item.family:
            yield Fact("family", item.family, source=f"catalog {item.version}: family")
        known = self.sources.get(item.item_id, {})
        for name in names:
            if name in _LABELS:
                continue
            source, until = known.get(name, (f"catalog {item.version}: {name}", None))
            for value, locale in _values(item, name, self.locale):
                for fact in self._read(name, value, locale, source):
                    yield Fact(fact.name, fact.value, fact.unit, fact.high, source, until)

    def _read(self, name: str, value: str, locale: str, source: str) -> list[Fact]:
        shown, schema = plain_name(name), self.schema.attributes.get(name)
        if value.startswith(_LINKS) or (schema is not None and schema.type == "url"):
            return []
        if _is_list(value, self.vocabularies.get(shown, {})):
            return [Fact(shown, part.strip()) for part in value.split(",")]
        if schema is not None and schema.type in ("text", "enum"):
            return [Fact(shown, value)]
        try:
            return list(read_values(shown, value, self._how(locale), source))
        except UnusableError:
            return [Fact(shown, value)] if any(char.isalnum() for char in value) else []

    def _how(self, locale: str) -> Reading:
        return Reading(ZoneInfo(self.zone), decimal_sign(locale) if locale else "")


def facts_of_items(
    subjects: Sequence[Item], as_of: datetime, reader: Reader, others: Sequence[Item] = (), brand: str = ""
) -> Facts:
    """The facts of the items that a text is about, beside items that it is not about; `brand` writes the text."""
    about = [reader.entity(item) for item in subjects]
    if brand:
        about.append(Entity("brand", (brand,)))
    rivals = tuple(reader.entity(item) for item in others)
    return Facts(tuple(about), rivals, reader.vocabularies, as_of=as_of, zone=reader.zone)


def vocabularies_of(items: Iterable[Item], locale: str, schema: CatalogSchema | None = None) -> Vocabularies:
    """The values that each attribute has anywhere in the catalog, and the names of all items.

    An attribute is a closed vocabulary if the schema lists its values, or if all of them are few or most are shared
    between items: a description, which every item has for itself, is none.
    """
    named: dict[str, tuple[str, ...]] = {}
    counts: dict[str, Counter[str]] = {}
    for item in items:
        fullest, *others = names_of(item, locale) or ("",)
        named[fullest] = tuple(others)
        for name in dict.fromkeys(name for texts in item.texts.values() for name in texts if name not in _LABELS):
            for value, _ in _values(item, name, locale):
                counts.setdefault(name, Counter())[value] += 1
    listed = {} if schema is None else {name: each.values for name, each in schema.attributes.items() if each.values}
    found = {plain_name(name): dict.fromkeys(values, ()) for name, values in listed.items()}
    for name, counted in counts.items():
        if _is_closed(counted):
            single = (value for value in counted if not _is_list(value, counted))
            found.setdefault(plain_name(name), {}).update(dict.fromkeys(single, ()))
    return found | {NAMES: named}


def names_of(item: Item, locale: str) -> tuple[str, ...]:
    """All names of an item that a text in the locale may use, the fullest first."""
    found = [item.name, *(label for name in _LABELS for label, _ in _values(item, name, locale))]
    return tuple(sorted(dict.fromkeys(name for name in found if name), key=lambda name: -len(name)))


def decimal_sign(locale: str) -> str:
    """How a locale writes the decimal sign; '' for a locale that nobody knows."""
    try:
        return str(get_decimal_symbol(Locale.parse(locale, sep="-")))
    except (UnknownLocaleError, ValueError):
        return ""


def plain_name(name: str) -> str:
    """An attribute's name as words: 'guide_tip' is 'guide tip'."""
    return name.replace("_", " ").strip()


def _values(item: Item, name: str, locale: str) -> Iterator[tuple[str, str]]:
    """(value, whose locale it is in) of an attribute: in the locale, in its language, or in every locale."""
    language = locale.split("-")[0]
    nearest = [locale, *sorted(each for each in item.texts if each and each.split("-")[0] == language), ""]
    for each in nearest:
        if value := item.texts.get(each, {}).get(name):
            yield value, each
            return


def _is_list(value: str, known: Container[str]) -> bool:
    """Whether a text is several known values: 'red, blue'."""
    return "," in value and all(part.strip() in known for part in value.split(","))


def _is_closed(counted: Counter[str]) -> bool:
    if any(len(value) > _VALUE_CHARS_MAX or value.startswith(_LINKS) for value in counted):
        return False
    if 2 * sum(value[:1].isdigit() for value in counted) > len(counted):
        return False  # Quantities.
    return len(counted) <= _FEW_VALUES or 2 * len(counted) <= sum(counted.values())
