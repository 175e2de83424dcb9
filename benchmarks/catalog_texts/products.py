"""Rows of product specifications (the columns of Open Icecat's export) as products with facts.

What is assumed: prices are minor units of the locale's currency (GBP, USD, EUR); a number has a unit only where its
name is in UNITS and its value in the range in which that unit is plausible, and none otherwise; 'Y' and 'N' are yes and
no; ranges of temperature are °C, of humidity %. German products bear German names and values where `german` knows
them, and leave the other attributes out. Three facts are made from the seed and say so in their source: a price
before, an offer's last day, and a notice that must be stated.
"""

import gzip
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalog_texts import german_catalog as german
from tailorbird.types.fact import Entity, Fact, Facts

AS_OF = datetime(2026, 11, 1, 12, tzinfo=UTC)
CURRENCIES = {"en-GB": "GBP", "en-US": "USD", "de-DE": "EUR"}
UNITS: dict[str, tuple[str, float, float]] = {
    "weight": ("g", 8, 100_000),
    "width": ("mm", 8, 3000),
    "height": ("mm", 4, 3000),
    "depth": ("mm", 4, 3000),
    "package_width": ("mm", 20, 2000),
    "package_height": ("mm", 20, 2000),
    "package_depth": ("mm", 20, 2000),
    "package_weight": ("g", 20, 100_000),
    "weight__with_stand_": ("g", 500, 60_000),
    "cable_length": ("m", 0.03, 100),
    "roll_length": ("m", 2, 200),
    "display_diagonal": ("in", 1, 100),
    "battery_capacity": ("mAh", 60, 30_000),
    "battery_voltage": ("V", 1, 300),
    "output_power": ("W", 10, 50_000),
    "ac_adapter_power": ("W", 5, 300),
    "rms_rated_power": ("W", 1, 8000),
    "thermal_design_power__tdp_": ("W", 1, 200),
    "power_consumption__typical_": ("W", 0.1, 2000),
    "power_consumption__standby_": ("W", 0.01, 50),
    "response_time": ("ms", 1, 40),
    "display_brightness": ("cd/m²", 80, 2000),
    "battery_life__max_": ("h", 1, 24),
    "surge_energy_rating": ("J", 100, 5000),
    "colour_ink_volume": ("ml", 2, 3000),
    "media_weight": ("g/m²", 60, 400),
    "memory_clock_speed": ("MHz", 100, 5000),
    "processor_front_side_bus": ("MHz", 100, 2000),
    "total_storage_capacity": ("GB", 2, 5000),
    "hdd_capacity": ("GB", 20, 5000),
    "ssd_capacity": ("GB", 20, 8000),
    "processor_lithography": ("nm", 5, 300),
    "viewing_angle__horizontal": ("°", 4, 360),
    "viewing_angle__vertical": ("°", 4, 360),
    "impedance": ("Ω", 1, 1000),
    "noise_level": ("dB", 20, 90),
}
RANGES = {
    "operating_temperature__t_t_": "°C",
    "storage_temperature__t_t_": "°C",
    "operating_relative_humidity__h_h_": "%",
    "storage_relative_humidity__h_h_": "%",
}
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\s*-\s*(-?\d+(?:\.\d+)?)")
_LIST = re.compile(r"(?:,\s*|\\n|\n|;\s*)(?![^(]*\))")
_NOTHING = {"", "-", "not available", "not supported", "unspecified", "n/a", "none"}
VALUE_CHARS_MAX = 40
FEW_VALUES = 12
SPOKEN_NAME = re.compile(r"[A-Z0-9][\w.®™ +/-]{2,44}")
NOTICES = {
    "en": ("Batteries are not included.", "Delivery within the UK only.", "Subject to our terms of sale.",
           "Keep away from children under three."),
    "de": ("Batterien sind nicht enthalten.", "Lieferung nur innerhalb Deutschlands.",
           "Es gelten unsere Geschäftsbedingungen.", "Nicht für Kinder unter drei Jahren geeignet."),
}  # fmt: skip


@dataclass(frozen=True)
class Product:
    """One product: `spoken` is the name that texts use, `keys` lead from a fact's name to the file's column."""

    product_id: str
    brand: str
    spoken: str
    locale: str
    facts: Facts
    keys: Mapping[str, str]

    @property
    def own(self) -> tuple[Fact, ...]:
        """The facts of the product itself."""
        return self.facts.subjects[0].facts


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def attribute(key: str) -> str:
    """'attr_n_cable_length' is 'cable length'."""
    return " ".join(re.sub(r"^attr_[tnb]_", "", key).replace("_", " ").split())


class Catalog:
    """All rows, with what one product needs of the others: values of each attribute, and products like it."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], seed: int) -> None:
        """Read every row once. The vocabularies of one language are one object for all products."""
        self.rows, self.seed = rows, seed
        self.by_supplier: dict[str, list[int]] = defaultdict(list)
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for at, row in enumerate(rows):
            self.by_supplier[row["supplier"]].append(at)
            for key, value in row.items():
                if key.startswith("attr_t_"):
                    counts[attribute(key)].update(value for value in text_values(value))
        counts["brand"].update(row["supplier"] for row in rows)
        self.counts = counts
        english = {name: dict.fromkeys(values, ()) for name, values in counts.items() if closed(values)}
        self.vocabularies: dict[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = {
            "en": english,
            "de": german.vocabularies(english),
        }

    def product(self, at: int, locale: str) -> Product:
        """Row `at` as a product with facts; three products of the same supplier and one of another as others."""
        rng = random.Random(f"{self.seed} {at} {locale}")
        row = self.rows[at]
        entity, keys = self._entity(row, locale)
        like = [other for other in self.by_supplier[row["supplier"]] if other != at]
        beside = [*rng.sample(like, min(3, len(like))), rng.randrange(len(self.rows))]
        others = [self._entity(self.rows[other], locale)[0] for other in beside if other != at]
        made, required = invented(entity, locale, rng)
        subject = Entity(entity.entity_id, entity.names, entity.facts + made, entity.family)
        facts = Facts(
            (subject,),
            tuple(other for other in others if not set(other.names) & set(subject.names)),
            self.vocabularies[locale[:2]],
            required,
            as_of=AS_OF,
            zone="Europe/London",
        )
        return Product(row["id"], row["supplier"], spoken_name(row), locale, facts, keys)

    def _entity(self, row: Mapping[str, Any], locale: str) -> tuple[Entity, dict[str, str]]:
        """One row as an entity, and {fact name: column}."""
        facts, keys = [], {}
        source = f"catalog {row['id']}"
        words = german.FIXED if locale.startswith("de") else {}
        for name, value, unit in (
            ("brand", row["supplier"], ""),
            ("price", Decimal(row["price"]) / 100, CURRENCIES[locale]),
            ("date released", date.fromisoformat(row["date_released"][:10]), ""),
        ):
            facts.append(Fact(words.get(name, name), value, unit, source=source))
        for key, value in row.items():
            if key.startswith("attr_"):
                for fact in of_column(key, value, source):
                    shown = german.translate(fact) if locale.startswith("de") else fact
                    if shown is not None:
                        facts.append(shown)
                        keys[shown.name] = key
        brand, name = row["supplier"], row["name"]
        full = name if name.startswith(brand) else f"{brand} {name}"
        names = tuple(dict.fromkeys((row["title"], full, spoken_name(row), name)))
        return Entity(row["id"], names, tuple(facts), str(row.get("attr_t_product_type", ""))), keys


def spoken_name(row: Mapping[str, Any]) -> str:
    """The name as a text says it: the brand, then the row's name without a second brand."""
    brand, name = row["supplier"], row["name"]
    return name if name.lower().startswith(brand.lower()) else f"{brand} {name}"


def closed(counted: Counter[str]) -> bool:
    """Whether the values are a vocabulary, by the rule that the product has for a catalog without a schema: few
    values, or most of them shared between products, and no quantities."""
    if 2 * sum(value[:1].isdigit() for value in counted) > len(counted):
        return False
    return len(counted) <= FEW_VALUES or 2 * len(counted) <= sum(counted.values())


def speakable(row: Mapping[str, Any]) -> bool:
    """Whether a text can be written about the row: a short plain name, and something to say."""
    return bool(SPOKEN_NAME.fullmatch(spoken_name(row))) and sum(key.startswith("attr_") for key in row) >= 4


def text_values(value: str) -> list[str]:
    """The values that a text column lists; long prose is none."""
    values = [part.strip() for part in _LIST.split(value)]
    return [each for each in values if each.lower() not in _NOTHING and len(each) <= VALUE_CHARS_MAX]


def of_column(key: str, value: Any, source: str) -> list[Fact]:
    """One column as facts."""
    name, bare, source = attribute(key), key[7:], f"{source}: {key}"
    if isinstance(value, bool):
        return [Fact(name, value, source=source)]
    if isinstance(value, int | float):
        unit, low, high = UNITS.get(bare, ("", 0, 0))
        number = Decimal(str(value))
        number = number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
        return [Fact(name, number, unit if low <= value <= high else "", source=source)]
    if value in ("Y", "N"):
        return [Fact(name, value == "Y", source=source)]
    if bare in RANGES:
        found = _RANGE.fullmatch(value)
        if found and Decimal(found[1]) < Decimal(found[2]):
            return [Fact(name, Decimal(found[1]), RANGES[bare], Decimal(found[2]), source)]
        return []
    return [Fact(name, each, source=source) for each in text_values(str(value))]


def invented(entity: Entity, locale: str, rng: random.Random) -> tuple[tuple[Fact, ...], frozenset[str]]:
    """Facts that the file lacks, each for a share of the products, and the attributes that must be stated."""
    made: list[Fact] = []
    words = german.FIXED if locale.startswith("de") else {}
    price = next(fact.value for fact in entity.facts if fact.unit in CURRENCIES.values())
    assert isinstance(price, Decimal)
    if rng.random() < 0.5 and price >= 5:
        discount = Decimal(rng.choice((10, 15, 20, 25, 30, 40, 50)))
        before = (price / (1 - discount / 100)).quantize(Decimal("0.01"))
        made.append(Fact(words.get("was price", "was price"), before, CURRENCIES[locale], source="seed"))
    if rng.random() < 0.4:
        last = AS_OF.date() + timedelta(days=rng.randrange(5, 90))
        made.append(Fact(words.get("offer ends", "offer ends"), last, source="seed"))
    if rng.random() < 0.3:
        made.append(Fact("notice", rng.choice(NOTICES[locale[:2]]), source="seed"))
        return tuple(made), frozenset({"notice"})
    return tuple(made), frozenset()
