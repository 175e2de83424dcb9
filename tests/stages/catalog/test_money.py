"""Prices as texts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.catalog.money import MoneyError, parse_money
from tailorbird.types.money import Money, exponent_of

CURRENCIES = st.sampled_from(["GBP", "EUR", "JPY", "KWD", "CLF", "XPF", "USD"])


@given(st.integers(-(10**11), 10**11), CURRENCIES)
def test_what_money_writes_is_read_back_exactly(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert parse_money(str(money)) == money
    assert parse_money(f"{currency} {money.amount}") == money
    assert money.amount == Decimal(minor) / 10 ** exponent_of(currency)


@given(st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=6), CURRENCIES)
def test_a_price_is_exact_or_refused(amount: Decimal, currency: str) -> None:
    if amount == round(amount, exponent_of(currency)):
        assert parse_money(f"{amount:f}", currency).amount == amount
    else:
        with pytest.raises(MoneyError, match="more decimals"):
            parse_money(f"{amount:f}", currency)


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("19.99 GBP", "", Money(1999, "GBP")),
        ("£19.99", "", Money(1999, "GBP")),
        ("19.990", "EUR", Money(1999, "EUR")),
        ("500", "JPY", Money(500, "JPY")),
        ("500.00 JPY", "", Money(500, "JPY")),
        ("1.234", "KWD", Money(1234, "KWD")),
        ("$5", "AUD", Money(500, "AUD")),
        ("-1 gbp", "", Money(-100, "GBP")),
    ],
)
def test_the_ways_to_write_a_price(text: str, currency: str, expected: Money) -> None:
    assert parse_money(text, currency) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1,234.50 GBP", "comma"),
        ("1.005 GBP", "more decimals than GBP"),
        ("1.5 JPY", "more decimals than JPY"),
        ("GBP 1 EUR", "two currencies"),
        ("free", "not a price"),
        ("", "not a price"),
        ("1e3 GBP", "not a price"),
        ("NaN", "not a price"),
        ("9" * 400, "too large"),
        ("٣ GBP", "not a price"),
    ],
)
def test_what_is_no_price_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(MoneyError, match=why):
        parse_money(text)
