"""Values as people write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.stages.facts.given_values import Reading, UnusableError, read_values
from tailorbird.types.fact import Fact, FactValue

HOW = Reading(UTC)


def read(value: Any, how: Reading = HOW) -> list[tuple[FactValue, str, Decimal | None]]:
    return [(fact.value, fact.unit, fact.high) for fact in read_values("x", value, how)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("48.00 GBP", "48.00", "GBP"),
        ("£48", "48", "GBP"),
        ("48,50 €", "48.50", "EUR"),
        ("EUR 1.299,00", "1299.00", "EUR"),
        ("1,299.00 GBP", "1299.00", "GBP"),
        ("1.299 EUR", "1299", "EUR"),
        ("1.250 KWD", None, ""),
        ("1.1 kg", "1.1", "kg"),
        ("1,1 kg", "1.1", "kg"),
        ("1.125 kg", "1.125", "kg"),
        ("0,125 kg", "0.125", "kg"),
        ("1 200 g", "1200", "g"),
        ("1.234.567 km", "1234567", "km"),
        ("12V", "12", "V"),
        ("20 %", "20", "%"),
        ("-5 °C", "-5", "°C"),
        ("٤٨ GBP", "48", "GBP"),
        ("5 working days", "5", "working days"),
        ("42", "42", ""),
    ],
)
def test_a_number_with_its_unit_is_read_from_text(text: str, value: str | None, unit: str) -> None:
    if value is None:
        with pytest.raises(UnusableError, match=r"can be read as 1250 or as 1\.250"):
            read(text)
    else:
        assert read(text) == [(Decimal(value), unit, None)]


@pytest.mark.parametrize("text", ["20-25 cm", "20–25 cm", "20 to 25 cm", "20 cm bis 25 cm", "20 cm - 25 cm"])
def test_a_range_has_two_ends_and_one_unit(text: str) -> None:
    assert read(text) == [(Decimal(20), "cm", Decimal(25))]


def test_ranges_of_money_and_sizes_in_three_directions() -> None:
    assert read("£20-£30") == [(Decimal(20), "GBP", Decimal(30))]
    assert read("20 x 30 x 10 cm") == [(Decimal(n), "cm", None) for n in (20, 30, 10)]


@pytest.mark.parametrize("text", ["moss green", "192.168.0.1", "00123", "555-1234", "type 2 plug", "1.2.3", "1,2,3"])
def test_what_only_looks_like_a_number_stays_words(text: str) -> None:
    assert read(text) == [(text, "", None)]


def test_dates_times_and_yes_or_no() -> None:
    assert read("2026-12-01") == [(date(2026, 12, 1), "", None)] == read("1.12.2026") == read(date(2026, 12, 1))
    berlin = Reading(ZoneInfo("Europe/Berlin"))
    assert read("2026-12-01T18:00", berlin)[0][0] == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert [read(word)[0][0] for word in ("yes", "Nein", True)] == [True, False, True]


def test_a_measured_value_says_its_unit_its_source_and_its_end() -> None:
    (fact,) = read_values(
        "price", {"amount": 48, "currency": "GBP", "source": "feed", "until": "2026-12-01T18:00"}, HOW
    )
    assert fact == Fact("price", Decimal(48), "GBP", None, "feed", datetime(2026, 12, 1, 18, tzinfo=UTC))
    assert read({"low": 20, "high": "25", "unit": "cm"}) == [(Decimal(20), "cm", Decimal(25))]


def test_a_list_is_several_facts() -> None:
    assert read(["48 GBP", "55 EUR"]) == [(Decimal(48), "GBP", None), (Decimal(55), "EUR", None)]


def test_with_a_known_decimal_sign_nothing_is_ambiguous() -> None:
    assert read("1.100 g", Reading(UTC, ",")) == [(Decimal(1100), "g", None)]
    assert read("1,100 g", Reading(UTC, ",")) == [(Decimal("1.100"), "g", None)]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "is null: nothing is known of it, which is not the same as false"),
        ("n/a", "nothing is known"),
        ("", "nothing is known"),
        ([], "empty list"),
        ([[1]], "list within a list"),
        ("1,100 g", "can be read as 1100 or as 1.100"),
        ("01/12/2026", "day and month or as month and day"),
        ("2026-02-30", "is no date"),
        ("2026-11-27 to 2026-12-01", "is two dates"),
        ("25-20 cm", "lower end first"),
        (float("nan"), "is no number"),
        (1e300, "at most 30 digits"),
        (10**400, "at most 30 digits"),
        ("9" * 31, "more than 30 digits"),
        ("a" * 20_001, "20,001 characters"),
        ("\ud800", "lone surrogate"),
        (object(), "is a object"),
        ({"height": "20 cm"}, "has the key 'height'"),
        ({"unit": "kg"}, "needs a value"),
        ({"value": "red", "unit": "kg"}, "needs numbers"),
        ({"value": 1, "unit": ["kg"]}, "no text"),
        ({"value": 1, "until": "2026-12-01"}, "is a day"),
        ({"low": 1}, "is null"),
    ],
)
def test_what_cannot_be_used_says_why(value: Any, why: str) -> None:
    with pytest.raises(UnusableError, match=why):
        read(value)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=4))
def test_any_value_is_read_or_refused(value: Any) -> None:
    try:
        assert all(isinstance(fact, Fact) for fact in read_values("x", value, HOW))
    except UnusableError:
        pass


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.text("0123456789.,'-–x /:%kgEUR£ ", max_size=80))
def test_any_text_of_digits_and_signs_is_read_or_refused(text: str) -> None:
    try:
        assert all(fact.high is None or fact.high >= fact.value for fact in read_values("x", text, HOW))  # type: ignore[operator]
    except UnusableError:
        pass
