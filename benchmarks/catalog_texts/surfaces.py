"""How texts write numbers, prices, dates and shares: by locale, spelled or short, converted, rounded, approximate."""

import random
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from tailorbird.types.fact import Fact

Kind = Literal[
    "number", "count", "price", "discount", "date", "range", "value", "boolean", "brand", "name", "notice"
]  # fmt: skip
Bound = Literal["exact", "about", "nearly", "over", "up_to"]

SPELLED = {
    "en": {"g": "grams", "kg": "kilograms", "lb": "pounds", "mm": "millimetres", "cm": "centimetres", "m": "metres",
           "ft": "feet", "in": "inches", "V": "volts", "W": "watts", "kW": "kilowatts", "ms": "milliseconds",
           "h": "hours", "min": "minutes", "J": "joules", "ml": "millilitres", "l": "litres", "GB": "gigabytes",
           "TB": "terabytes", "MB": "megabytes", "°": "degrees", "Ω": "ohms", "dB": "decibels",
           "°C": "degrees Celsius", "%": "percent", "MHz": "megahertz", "GHz": "gigahertz"},
    "de": {"g": "Gramm", "kg": "Kilogramm", "mm": "Millimeter", "cm": "Zentimeter", "m": "Meter", "in": "Zoll",
           "V": "Volt", "W": "Watt", "kW": "Kilowatt", "ms": "Millisekunden", "h": "Stunden", "min": "Minuten",
           "ml": "Milliliter", "l": "Liter", "GB": "Gigabyte", "TB": "Terabyte", "MB": "Megabyte", "°": "Grad",
           "°C": "Grad Celsius", "%": "Prozent"},
}  # fmt: skip
SHORT = {"en": {"in": "inches", "h": "hours", "min": "minutes"}, "de": {"in": "Zoll", "h": "Stunden", "min": "Minuten"}}
ALWAYS_SPELLED = {"in", "h", "min"}
FACTORS: dict[str, dict[str, Decimal]] = {
    "g": {"kg": Decimal("0.001"), "lb": Decimal(1) / Decimal("453.59237")},
    "mm": {"cm": Decimal("0.1"), "m": Decimal("0.001")},
    "m": {"cm": Decimal(100), "mm": Decimal(1000), "ft": Decimal(1) / Decimal("0.3048")},
    "in": {"cm": Decimal("2.54"), "mm": Decimal("25.4")},
    "W": {"kW": Decimal("0.001")},
    "h": {"min": Decimal(60)},
    "GB": {"TB": Decimal("0.001"), "MB": Decimal(1000)},
    "MHz": {"GHz": Decimal("0.001")},
    "ml": {"l": Decimal("0.001")},
    "mAh": {"Ah": Decimal("0.001")},
}
NATURAL = {  # (from, to): the values of the first at which a writer would choose the second
    ("g", "kg"): (500, 10**6), ("g", "lb"): (500, 10**5), ("mm", "cm"): (20, 5000), ("mm", "m"): (1000, 5000),
    ("m", "cm"): (0, 3), ("m", "ft"): (1, 50), ("in", "cm"): (3, 200), ("W", "kW"): (1000, 10**6),
    ("h", "min"): (0, 3), ("GB", "TB"): (1000, 10**5), ("MHz", "GHz"): (1000, 10**5), ("ml", "l"): (1000, 10**5),
    ("mAh", "Ah"): (1000, 10**5),
}  # fmt: skip
WORDS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    "de": ("null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
}
BOUNDS: dict[str, dict[Bound, tuple[str, ...]]] = {
    "en": {"about": ("about", "around", "roughly", "approximately"), "nearly": ("nearly", "almost", "just under"),
           "over": ("over", "more than", "just over"), "up_to": ("up to",), "exact": ("",)},
    "de": {"about": ("etwa", "rund", "circa", "ungefähr"), "nearly": ("fast", "knapp", "beinahe"),
           "over": ("über", "mehr als", "gut"), "up_to": ("bis zu",), "exact": ("",)},
}  # fmt: skip
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember"),
}  # fmt: skip
SIGNS = {"GBP": "£", "USD": "$", "EUR": "€"}
MONEY_WORDS = {"en": {"GBP": "pounds", "USD": "dollars", "EUR": "euros"},
               "de": {"GBP": "Pfund", "USD": "Dollar", "EUR": "Euro"}}  # fmt: skip


@dataclass(frozen=True)
class Mention:
    """A value as a text writes it. `low` (and `high`) are the number as written, in `unit`; `style` is how it was
    written, so that an operator can write another number in the same way."""

    fact: Fact
    kind: Kind
    surface: str
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    bound: Bound = "exact"
    style: str = ""
    day: date | None = None
    long_tail: bool = False
    named: bool = False


def number(value: Decimal, locale: str, grouped: bool = True) -> str:
    """'3,460.5', or '3.460,5' in German; without grouping '3460.5'."""
    text = f"{value:,f}" if grouped and abs(value) >= 1000 else f"{value:f}"
    return text.translate(str.maketrans(",.", ".,")) if locale.startswith("de") else text


def trimmed(value: Decimal) -> Decimal:
    """Without zeros at its end."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def rounded(value: Decimal) -> Decimal:
    """To the decimals that a writer would keep: two below ten, one below a thousand."""
    places = "0.01" if abs(value) < 10 else "0.1" if abs(value) < 1000 else "1"
    return trimmed(value.quantize(Decimal(places), ROUND_HALF_UP))


def with_unit(value: Decimal, unit: str, locale: str, style: str) -> str:
    """A number and its unit. Styles: short, tight, spelled, adjective ('17-inch'), plain digits with '0'."""
    language = locale[:2]
    figure = number(value, locale, "0" not in style)
    if not unit:
        return figure
    if "adjective" in style and unit == "in":
        return f"{figure}-inch" if language == "en" else f"{figure}-Zoll"
    if "spelled" in style or unit in ALWAYS_SPELLED:
        name = SPELLED[language].get(unit, unit)
        if value == 1 and language == "en":
            name = {"inches": "inch", "feet": "foot"}.get(name, name.removesuffix("s"))
        return f"{figure} {name}"
    if unit in ("°", "%") and language == "en":
        return f"{figure}{unit}"
    return f"{figure}{unit}" if "tight" in style else f"{figure} {unit}"


def convert(value: Decimal, unit: str, other: str) -> Decimal:
    """The value in another unit of its own row of FACTORS."""
    return value * FACTORS[unit][other] if other != unit else value


def measure(fact: Fact, locale: str, rng: random.Random, exact: bool, adjective: bool = False) -> Mention:
    """A number with its unit, some of them converted, some approximate where `exact` allows it."""
    assert isinstance(fact.value, Decimal)
    value, unit = fact.value, fact.unit
    choices = [b for (a, b), (low, high) in NATURAL.items() if a == unit and low <= value <= high]
    choices = [each for each in choices if each in ("kg", "cm", "m", "kW", "min", "TB", "GHz", "l", "Ah")
               or locale == "en-US" or (each == "lb" and rng.random() < 0.2)]  # fmt: skip
    if choices and rng.random() < 0.5 and not (locale.startswith("de") and choices == ["lb"]):
        unit = rng.choice(choices)
        value = rounded(convert(value, fact.unit, unit))
    style = rng.choice(("short", "short", "tight", "spelled", "short0"))
    if adjective and unit == "in":
        style = "adjective"
    bound: Bound = "up_to" if "max" in fact.name else "exact"
    if not exact and bound == "exact" and rng.random() < 0.3:
        bound, value = approximate(value, rng)
    surface = with_unit(value, unit, locale, style)
    if bound != "exact":
        surface = f"{rng.choice(BOUNDS[locale[:2]][bound])} {surface}"
    return Mention(fact, "number", surface, value, value, unit, bound, style)


def approximate(value: Decimal, rng: random.Random) -> tuple[Bound, Decimal]:
    """A rounder number near the value, and what makes it true: 'nearly 400' for 396."""
    if value <= 0:
        return "exact", value
    size = Decimal(10) ** (value.adjusted() - 1)
    for step in (size * 10, size * 5, size):
        under, over = value // step * step, (value // step + 1) * step
        if rng.random() < 0.5 and value < over and (over - value) / over <= Decimal("0.07"):
            return "nearly", trimmed(over)
        if under > 0 and 0 < (value - under) / value <= Decimal("0.07"):
            return "over", trimmed(under)
    near = trimmed((value / size).quantize(Decimal(1), ROUND_HALF_UP) * size)
    return ("about", near) if near != value else ("exact", value)


def count(fact: Fact, locale: str, rng: random.Random) -> Mention:
    """A number of things, as a word or in digits."""
    assert isinstance(fact.value, Decimal)
    value, words = fact.value, WORDS[locale[:2]]
    if 2 <= value <= 12 and rng.random() < 0.6:
        return Mention(fact, "count", words[int(value)], value, value, style="word")
    return Mention(fact, "count", number(value, locale), value, value, style="digits")


def span_of_numbers(fact: Fact, locale: str, rng: random.Random, alone: bool) -> Mention:
    """A range: 'between 0 and 35 degrees Celsius'; `alone` as it stands after a colon, '0 to 35 °C'."""
    assert isinstance(fact.value, Decimal) and fact.high is not None
    english = ("{} to {}", "{}–{}") if alone else ("of {} to {}", "between {} and {}", "from {} to {}")
    other = ("{} bis {}", "{}–{}") if alone else ("von {} bis {}", "zwischen {} und {}")
    style = rng.choice(("short", "spelled")) + "|" + rng.choice(english if locale.startswith("en") else other)
    surface = range_surface(fact.value, fact.high, fact.unit, locale, style)
    return Mention(fact, "range", surface, fact.value, fact.high, fact.unit, style=style)


def range_surface(low: Decimal, high: Decimal, unit: str, locale: str, style: str) -> str:
    """A range in the given style."""
    spelled, pattern = style.split("|")
    return pattern.format(number(low, locale), with_unit(high, unit, locale, spelled))


def price(fact: Fact, locale: str, rng: random.Random, word: str = "") -> Mention:
    """A price, exact; rarely the round number above it after 'just under'."""
    assert isinstance(fact.value, Decimal)
    value = fact.value.quantize(Decimal("0.01"))
    style = rng.choice(("sign", "sign", "sign", "code", "words"))
    bound: Bound = "exact"
    over = value.to_integral_value(ROUND_HALF_UP)
    if not word and rng.random() < 0.1 and value < over and over - value <= Decimal("0.1") and over >= 10:
        bound, value, word = "nearly", over, "just under" if locale.startswith("en") else "knapp"
    if value == value.to_integral_value() and rng.random() < 0.7:
        value = value.quantize(Decimal(1))
    surface = f"{word} {money(value, fact.unit, locale, style)}".strip()
    return Mention(fact, "price", surface, value, value, fact.unit, bound, style)


def money(value: Decimal, currency: str, locale: str, style: str) -> str:
    """'£49.95', 'GBP 49.95', '49.95 pounds'; '49,95 €' in German."""
    figure = number(value, locale)
    if style == "code":
        return f"{currency} {figure}" if locale.startswith("en") else f"{figure} {currency}"
    if style == "words":
        return f"{figure} {MONEY_WORDS[locale[:2]][currency]}"
    return f"{SIGNS[currency]}{figure}" if locale.startswith("en") else f"{figure} {SIGNS[currency]}"


def moment(fact: Fact, locale: str, rng: random.Random, styles: tuple[str, ...]) -> Mention:
    """A date, to the day, the month or the year."""
    assert isinstance(fact.value, date)
    style = rng.choice(styles)
    return Mention(fact, "date", day_surface(fact.value, locale, style), style=style, day=fact.value)


def day_surface(day: date, locale: str, style: str) -> str:
    """A date in one of the styles long, short, ordinal, noyear, month, year."""
    name = MONTHS[locale[:2]][day.month - 1]
    if style == "month":
        return f"{name} {day.year}"
    if style == "year":
        return str(day.year)
    if locale == "de-DE":
        long = f"{day.day}. {name}"
        return f"{day:%d.%m.%Y}" if style == "short" else long if style == "noyear" else f"{long} {day.year}"
    if style == "short":
        return f"{day:%m/%d/%Y}" if locale == "en-US" else f"{day:%d/%m/%Y}"
    number_of_day = f"{day.day}{ordinal(day.day)}" if style == "ordinal" else str(day.day)
    long = f"{name} {number_of_day}" if locale == "en-US" else f"{number_of_day} {name}"
    joint = ", " if locale == "en-US" else " "
    return long if style == "noyear" else f"{long}{joint}{day.year}"


def ordinal(day: int) -> str:
    """'st', 'nd', 'rd' or 'th'."""
    return "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
