"""Quantities as texts: '1.8 litres', '1,8 Liter', '250 g'; and the same in another unit, exactly."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

_TABLE = {
    "mass": {"mg": "1/1000", "g": "1", "kg": "1000", "oz": "28.349523125", "lb": "453.59237"},
    "length": {"mm": "1/10", "cm": "1", "m": "100", "km": "100000", "in": "2.54", "ft": "30.48"},
    "volume": {"ml": "1/1000", "cl": "1/100", "dl": "1/10", "l": "1"},
    "power": {"W": "1", "kW": "1000"},
    "energy": {"Wh": "1", "kWh": "1000"},
    "voltage": {"V": "1"},
    "time": {"s": "1", "min": "60", "h": "3600"},
    "data": {"MB": "1", "GB": "1000", "TB": "1000000"},
    "frequency": {"Hz": "1", "kHz": "1000", "MHz": "1000000", "GHz": "1000000000"},
}
_ALIASES = {
    "gram": "g", "grams": "g", "gramm": "g", "kilogram": "kg", "kilograms": "kg", "kilogramm": "kg", "pound": "lb",
    "pounds": "lb", "lbs": "lb", "ounce": "oz", "ounces": "oz", "centimetre": "cm", "centimetres": "cm",
    "centimeter": "cm", "metre": "m", "metres": "m", "meter": "m", "millimetre": "mm", "millimetres": "mm",
    "millimeter": "mm", "inch": "in", "inches": "in", "zoll": "in", "litre": "l", "litres": "l", "liter": "l",
    "liters": "l", "millilitre": "ml", "millilitres": "ml", "milliliter": "ml", "watt": "W", "watts": "W",
    "kilowatt": "kW", "volt": "V", "volts": "V", "hour": "h", "hours": "h", "stunden": "h", "minutes": "min",
    "minuten": "min", "seconds": "s", "sekunden": "s",
}  # fmt: skip
UNITS = {unit: (kind, Fraction(factor)) for kind, units in _TABLE.items() for unit, factor in units.items()}
_FOLDED = {unit.lower(): unit for unit in UNITS} | _ALIASES
_QUANTITY = re.compile(r"(-?[0-9][0-9.,'\u00a0\u202f ]*?)\s*([^\W\d_]+)\.?")
_DECIMALS_MAX = 6


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit, one of UNITS."""

    number: Decimal
    unit: str


def parse_quantity(text: str, locale: str = "") -> Quantity | None:
    """A quantity as its locale writes it; None if the text is none, or has a unit that nobody knows."""
    found = _QUANTITY.fullmatch(text.strip())
    unit = _FOLDED.get(found[2].lower()) if found else None
    number = parse_number(found[1], locale) if found else None
    return Quantity(number, unit) if number is not None and unit is not None else None


def parse_number(text: str, locale: str = "") -> Decimal | None:
    """A number as its locale writes it ('1.234,5' in Germany); without one, with a decimal point."""
    babel = locale.replace("-", "_")
    point, group = (get_decimal_symbol(babel), get_group_symbol(babel)) if locale else (".", "")
    plain = text.strip()
    for sign in (group, "\u00a0", "\u202f", " ", "'"):
        plain = plain.replace(sign, "") if sign and sign != point else plain
    plain = plain.replace(point, ".")
    return Decimal(plain) if re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,20})?", plain) else None


def convert(quantity: Quantity, unit: str) -> Quantity | None:
    """The same in another unit; None if the two measure different things. At most six decimals are kept."""
    kind, factor = UNITS[quantity.unit]
    other = UNITS.get(unit)
    if other is None or other[0] != kind:
        return None
    exact = Fraction(quantity.number) * factor / other[1]
    number = Decimal(round(exact * 10**_DECIMALS_MAX)).scaleb(-_DECIMALS_MAX).normalize()
    return Quantity(number + 0 if number else Decimal(0), unit)


def write_quantity(quantity: Quantity, locale: str = "") -> str:
    """A quantity as its locale writes it: '1,8 l'."""
    if not locale:
        return f"{quantity.number:f} {quantity.unit}"
    number = format_decimal(quantity.number, format="#,##0.######", locale=locale.replace("-", "_"))
    return f"{number} {quantity.unit}"
