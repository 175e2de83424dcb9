"""One product's facts, for the tests of the fact check."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from tailorbird.stages.facts.check import FactCheck
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Entity, Fact, Facts, FactValue
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Finding

PLAIN = frozenset(
    [
        "the",
        "a",
        "and",
        "with",
        "for",
        "from",
        "of",
        "is",
        "it",
        "now",
        "new",
        "home",
        "box",
        "not",
        "in",
        "by",
        "has",
        "one",
        "on",
    ]
)
VOCABULARIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "colour": {"moss green": ("sage",), "red": (), "black": (), "midnight blue": ()},
    "origin": {"Poland": (), "Portugal": ()},
    "material": {"enamelled steel": (), "copper": ()},
    "brand": {"Wren": (), "Tarn": ()},
    "package": {"box": (), "Home": ()},
}


def fact(name: str, value: FactValue, unit: str = "", high: Decimal | None = None) -> Fact:
    return Fact(name, value, unit, high, f"catalog: {name}")


KETTLE = Entity(
    "k1",
    ("Hobbin whistling kettle", "Hobbin kettle", "HK-220b"),
    (
        fact("price", Decimal("48.00"), "GBP"),
        fact("was price", Decimal("60.00"), "GBP"),
        fact("weight", Decimal("1.1"), "kg"),
        fact("package weight", Decimal("1.4"), "kg"),
        fact("width", Decimal(22), "cm"),
        fact("cable length", Decimal("1.8"), "m"),
        fact("USB 2.0 ports quantity", Decimal(4)),
        fact("quantity per pack", Decimal(6)),
        fact("operating temperature", Decimal(-5), "°C", Decimal(45)),
        fact("capacity", "1.8 litres"),
        fact("resolution", "1440 x 900"),
        fact("colour", "moss green"),
        fact("brand", "Wren"),
        fact("material", "enamelled steel"),
        fact("origin", "Poland"),
        fact("package", "tube"),
        fact("dishwasher safe", False),
        fact("rohs_compliance", True),
        fact("card_reader_integrated", True),
        fact("warranty", "2 years"),
        fact("release date", date(2026, 11, 10)),
        fact("offer ends", date(2026, 11, 29)),
        fact("stock", Decimal(34)),
    ),
)
FACTS = Facts(
    (KETTLE,), (Entity("k2", ("Pellow stovetop kettle",)),), VOCABULARIES, as_of=datetime(2026, 11, 26, 9, tzinfo=UTC)
)
CHECK = FactCheck(lambda language: PLAIN)


def findings(text: str, locale: str = "en-GB", **changes: object) -> list[Finding]:
    """What the fact check finds in a text about the kettle; `changes` are fields of the facts."""
    facts = replace(FACTS, **changes) if changes else FACTS  # type: ignore[arg-type]
    return list(CHECK.check(Candidate(text, facts, Policy(), locale)))


def kinds(text: str, locale: str = "en-GB", **changes: object) -> list[tuple[str, str]]:
    """(type, words) of every finding."""
    return [(found.type, text[slice(*found.span)]) for found in findings(text, locale, **changes)]
