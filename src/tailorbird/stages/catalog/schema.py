"""The catalog's schema: inferred from values, and applied to them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tailorbird.stages.catalog.money import MoneyError, parse_money
from tailorbird.stages.catalog.units import convert, parse_number, parse_quantity, write_quantity
from tailorbird.types.catalog_schema import AttributeSchema, AttributeType, CatalogSchema

ENUM_VALUES_MAX = 25
ENUM_TIMES = 3
_BOOLEANS = {"true", "false", "yes", "no"}


@dataclass(frozen=True, slots=True)
class Inferred:
    """What the values of one attribute look like: its schema, how many items lack it, and how often each value of an
    enum occurs."""

    schema: AttributeSchema
    missing: float
    counts: Mapping[str, int]


def infer_attribute(values: Sequence[str], items: int) -> Inferred:
    """The narrowest type that every value has. An enum has few values, each repeated: ENUM_TIMES on the average."""
    missing = 1 - len(values) / items if items else 0.0
    counts = Counter(values)
    required = len(values) == items > 0
    quantities = [parse_quantity(value) for value in counts]
    if counts and all(quantity is not None for quantity in quantities):
        units = Counter(q.unit for q in quantities if q is not None)
        unit = units.most_common(1)[0][0]
        if all(q is not None and convert(q, unit) is not None for q in quantities):
            return Inferred(AttributeSchema("number", unit, required=required), missing, {})
    kinds: tuple[AttributeType, ...] = ("boolean", "integer", "number", "money", "date", "url")
    kind = next((k for k in kinds if counts and all(_fits(value, k) for value in counts)), None)
    if kind is not None:
        return Inferred(AttributeSchema(kind, required=required), missing, {})
    if counts and len(counts) <= ENUM_VALUES_MAX and len(values) >= ENUM_TIMES * len(counts):
        ordered = dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        return Inferred(AttributeSchema("enum", values=tuple(ordered), required=required), missing, ordered)
    return Inferred(AttributeSchema("text", required=required), missing, {})


def apply_schema(
    texts: Mapping[str, Mapping[str, str]], schema: CatalogSchema
) -> tuple[dict[str, dict[str, str]], list[tuple[str, str]]]:
    """(the texts with every quantity in its attribute's unit, [(attribute, what is wrong)]).

    Enums and requirements are those of the locale-free texts: other locales translate them.
    """
    result = {locale: dict(values) for locale, values in texts.items()}
    problems: list[tuple[str, str]] = []
    for name, attribute in schema.attributes.items():
        plain = result.get("", {}).get(name)
        if plain is None:
            if attribute.required:
                problems.append((name, "is missing"))
        elif (why := _wrong(plain, attribute)) is not None:
            problems.append((name, why))
        if attribute.type == "number" and attribute.unit:
            for locale, values in result.items():
                if name in values:
                    values[name] = _in_unit(values[name], attribute.unit, locale)
    return result, problems


def _wrong(value: str, attribute: AttributeSchema) -> str | None:
    if attribute.type == "enum":
        return None if value in attribute.values else "is none of its values"
    if attribute.type == "number" and attribute.unit:
        quantity = parse_quantity(value)
        fits = quantity is not None and convert(quantity, attribute.unit) is not None
        return None if fits else f"is no quantity in {attribute.unit}"
    return None if _fits(value, attribute.type) else f"is not of type {attribute.type}"


def _in_unit(value: str, unit: str, locale: str) -> str:
    quantity = parse_quantity(value, locale)
    if quantity is None or quantity.unit == unit:
        return value  # '1.8 litres' stays as people wrote it where litres are the unit.
    converted = convert(quantity, unit)
    return value if converted is None else write_quantity(converted, locale)


def _fits(value: str, kind: AttributeType) -> bool:
    if kind == "boolean":
        return value.lower() in _BOOLEANS
    if kind in ("number", "integer"):
        number = parse_number(value)
        return number is not None and (kind == "number" or number == int(number))
    if kind == "money":
        try:
            return bool(parse_money(value).currency)
        except MoneyError:
            return False
    if kind == "date":
        try:
            return bool(date.fromisoformat(value[:10])) and len(value) >= 10
        except ValueError:
            return False
    return value.startswith(("https://", "http://")) and " " not in value if kind == "url" else True
