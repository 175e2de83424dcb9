"""Quantities as texts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.catalog.units import UNITS, Quantity, convert, parse_number, parse_quantity, write_quantity


@pytest.mark.parametrize(
    ("text", "locale", "number", "unit"),
    [
        ("250 g", "", "250", "g"),
        ("1.8 litres", "", "1.8", "l"),
        ("1,8 Liter", "de-DE", "1.8", "l"),
        ("1.250 g", "de-DE", "1250", "g"),
        ("22cm", "", "22", "cm"),
        ("2 kW", "", "2", "kW"),
    ],
)
def test_a_quantity_is_read_as_its_locale_writes_it(text: str, locale: str, number: str, unit: str) -> None:
    assert parse_quantity(text, locale) == Quantity(Decimal(number), unit)


def test_what_is_no_quantity_is_none() -> None:
    assert [parse_quantity(text) for text in ("oak", "22", "1,8 l", "3 parsecs", "")] == [None] * 5
    assert parse_number("1.2.3") is None


def test_a_quantity_in_another_unit_is_exact() -> None:
    assert convert(Quantity(Decimal("900"), "g"), "kg") == Quantity(Decimal("0.9"), "kg")
    assert convert(Quantity(Decimal("1"), "in"), "cm") == Quantity(Decimal("2.54"), "cm")
    assert convert(Quantity(Decimal("1"), "g"), "cm") is None
    assert write_quantity(Quantity(Decimal("0.9"), "kg"), "de-DE") == "0,9 kg"


@given(st.decimals(0, 10**6, places=3), st.sampled_from(sorted(UNITS)), st.sampled_from(["", "en-GB", "de-DE"]))
def test_what_was_written_is_read_back(number: Decimal, unit: str, locale: str) -> None:
    found = parse_quantity(write_quantity(Quantity(number, unit), locale), locale)
    assert found == Quantity(number, unit)
