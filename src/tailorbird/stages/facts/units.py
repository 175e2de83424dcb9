"""Units of measure and currencies: how they are written, and what they come to in one unit of their dimension."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its dimension, and `factor` (with `offset` first, for temperatures) to the dimension's base unit.

    `loose` is a second factor that the unit may as well have: a kilobyte is 1000 bytes or 1024.
    """

    name: str
    dimension: str
    factor: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)
    loose: Decimal | None = None

    def base(self, value: Decimal) -> Decimal:
        """The value in the dimension's base unit."""
        return (value + self.offset) * self.factor


def _d(text: str) -> Decimal:
    return Decimal(text)


_TABLE: tuple[tuple[str, str, str, str], ...] = (
    # name, dimension, factor, spellings ('|' between them; folded, so 'ß' is written 'ss')
    ("nm", "length", "0.000000001", "nm|nanometre|nanometer|nanometres|nanometers"),
    ("um", "length", "0.000001", "µm|μm|um|micron|microns"),
    ("mm", "length", "0.001", "mm|millimetre|millimetres|millimeter|millimeters|millimetern"),
    ("cm", "length", "0.01", "cm|centimetre|centimetres|centimeter|centimeters|zentimeter|zentimetern"),
    ("dm", "length", "0.1", "dm"),
    ("m", "length", "1", "m|metre|metres|meter|meters|metern"),
    ("km", "length", "1000", "km|kilometre|kilometres|kilometer|kilometers|kilometern"),
    ("in", "length", "0.0254", "in|inch|inches|zoll|\"|″|''"),
    ("ft", "length", "0.3048", "ft|foot|feet|fuss"),
    ("yd", "length", "0.9144", "yd|yard|yards"),
    ("mi", "length", "1609.344", "mile|miles|meile|meilen"),
    ("mg", "mass", "0.000001", "mg|milligram|milligrams|milligramm"),
    ("g", "mass", "0.001", "g|gr|gram|grams|gramme|grammes|gramm"),
    ("kg", "mass", "1", "kg|kgs|kilo|kilos|kilogram|kilograms|kilogramm"),
    ("t", "mass", "1000", "t|tonne|tonnes|tonnen"),
    ("lb", "mass", "0.45359237", "lb|lbs"),
    ("oz", "mass", "0.028349523125", "oz|ounce|ounces|unze|unzen"),
    ("ml", "volume", "0.001", "ml|millilitre|millilitres|milliliter|milliliters|millilitern"),
    ("cl", "volume", "0.01", "cl|centilitre|centilitres|zentiliter"),
    ("dl", "volume", "0.1", "dl|decilitre|decilitres|deziliter"),
    ("l", "volume", "1", "l|litre|litres|liter|liters|litern"),
    ("m3", "volume", "1000", "m³|m3"),
    ("gal", "volume", "3.785411784", "gallon|gallons|gallone|gallonen"),
    ("ms", "time", "0.001", "ms|millisecond|milliseconds|millisekunde|millisekunden"),
    ("s", "time", "1", "s|sec|secs|second|seconds|sekunde|sekunden"),
    ("min", "time", "60", "min|mins|minute|minutes|minuten"),
    ("h", "time", "3600", "h|hr|hrs|hour|hours|std|stunde|stunden"),
    ("d", "time", "86400", "day|days|tag|tage|tagen"),
    ("wk", "time", "604800", "week|weeks|woche|wochen"),
    ("mo", "time", "2629800", "month|months|monat|monate|monaten"),
    ("y", "time", "31557600", "yr|yrs|year|years|jahr|jahre|jahren"),
    ("Hz", "frequency", "1", "hz|hertz"),
    ("kHz", "frequency", "1000", "khz|kilohertz"),
    ("MHz", "frequency", "1000000", "mhz|megahertz"),
    ("GHz", "frequency", "1000000000", "ghz|gigahertz"),
    ("mW", "power", "0.001", "mw"),
    ("W", "power", "1", "w|watt|watts"),
    ("kW", "power", "1000", "kw|kilowatt|kilowatts"),
    ("Wh", "energy", "3600", "wh"),
    ("kWh", "energy", "3600000", "kwh"),
    ("J", "energy", "1", "j|joule|joules"),
    ("kcal", "energy", "4184", "kcal|calories|kalorien"),
    ("mV", "voltage", "0.001", "mv"),
    ("V", "voltage", "1", "v|volt|volts"),
    ("kV", "voltage", "1000", "kv"),
    ("mA", "current", "0.001", "ma|milliamp|milliamps"),
    ("A", "current", "1", "a|amp|amps|ampere|amperes"),
    ("VA", "apparent power", "1", "va"),
    ("kVA", "apparent power", "1000", "kva"),
    ("mAh", "charge", "3.6", "mah"),
    ("Ah", "charge", "3600", "ah"),
    ("bit", "information", "0.125", "bit|bits"),
    ("B", "information", "1", "byte|bytes"),
    ("KB", "information", "1000", "kb|kbyte|kilobyte|kilobytes|kib"),
    ("MB", "information", "1000000", "mb|mbyte|megabyte|megabytes|mib"),
    ("GB", "information", "1000000000", "gb|gbyte|gigabyte|gigabytes|gib"),
    ("TB", "information", "1000000000000", "tb|tbyte|terabyte|terabytes|tib"),
    ("kbps", "bit rate", "1000", "kbps|kbit"),
    ("Mbps", "bit rate", "1000000", "mbps|mbit"),
    ("Gbps", "bit rate", "1000000000", "gbps|gbit"),
    ("Pa", "pressure", "1", "pa|pascal"),
    ("hPa", "pressure", "100", "hpa|mbar"),
    ("bar", "pressure", "100000", "bar"),
    ("km/h", "speed", "0.2777777777777777777777777778", "kmh|kph"),
    ("mph", "speed", "0.44704", "mph"),
    ("rpm", "rotation", "1", "rpm"),
    ("ppm", "pages per minute", "1", "ppm"),
    ("dpi", "resolution", "1", "dpi"),
    ("px", "pixels", "1", "px|pixel|pixels|pixeln"),
    ("MP", "pixels", "1000000", "mp|megapixel|megapixels"),
    ("lm", "luminous flux", "1", "lm|lumen|lumens"),
    ("cd", "luminance", "1", "cd|nits"),
    ("lx", "illuminance", "1", "lx|lux"),
    ("dB", "level", "1", "db|dba|decibel|decibels|dezibel"),
    ("ohm", "resistance", "1", "ohm|ohms|ω"),
    ("N", "force", "1", "newton|newtons"),
    ("m2", "area", "1", "m²|m2|sqm|qm"),
    ("cm2", "area", "0.0001", "cm²|cm2"),
    ("%", "share", "1", "%|percent|prozent"),
)
_CURRENCIES: tuple[tuple[str, str], ...] = (
    ("GBP", "£|gbp|pound|pounds|quid|pfund"),
    ("EUR", "€|eur|euro|euros"),
    ("USD", "$|usd|dollar|dollars|us$"),
    ("JPY", "¥|jpy|yen"),
    ("CHF", "chf|franken|francs"),
    ("CAD", "cad"), ("AUD", "aud"), ("SEK", "sek"), ("NOK", "nok"), ("DKK", "dkk"), ("PLN", "pln|złoty|zloty"),
    ("CZK", "czk"), ("HUF", "huf"), ("INR", "inr|₹|rupees"), ("CNY", "cny|rmb|yuan"), ("BRL", "brl"), ("TRY", "try|₺"),
)  # fmt: skip
_MINOR = {"p": "GBP", "pence": "GBP", "penny": "GBP", "cent": "", "cents": "", "ct": "EUR"}
_LOOSE = {"KB": "1024", "MB": "1048576", "GB": "1073741824", "TB": "1099511627776"}


@cache
def _units() -> dict[str, Unit]:
    found = {}
    for name, dimension, factor, spellings in _TABLE:
        loose = Decimal(_LOOSE[name]) if name in _LOOSE else None
        for spelling in spellings.split("|"):
            found[spelling] = Unit(name, dimension, _d(factor), loose=loose)
    for spelling in ("°c", "celsius", "ºc"):
        found[spelling] = Unit("°C", "temperature", Decimal(1), _d("273.15"))
    for spelling in ("°f", "fahrenheit", "ºf"):
        found[spelling] = Unit("°F", "temperature", _d("0.5555555555555555555555555556"), _d("459.67"))
    for name, spellings in _CURRENCIES:
        for spelling in spellings.split("|"):
            found[spelling] = Unit(name, f"money {name}")
    for spelling, currency in _MINOR.items():
        found[spelling] = Unit(f"{currency} minor", f"money {currency}", _d("0.01"))
    return found


def unit_of(spelling: str) -> Unit | None:
    """The unit that is written so (any case, folded), None where none is."""
    return _units().get(spelling) or _units().get(spelling.casefold())


def is_money(unit: Unit) -> bool:
    """Whether the unit is a currency."""
    return unit.dimension.startswith("money")
