"""SQL for prices."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.columns import Columns
from tailorbird.stages.events.price_sql import price_columns
from tailorbird.stages.events.values_sql import Expressions
from tailorbird.types.mapping import CatalogTarget, Value
from tailorbird.types.money import exponent_of

WAREHOUSE = DuckdbWarehouse(threads=1)


def compute(target: CatalogTarget, price: str, currency: str = "", type: str = "VARCHAR") -> tuple[Any, str | None]:
    """(the row of price columns, why it is refused)."""
    out = Expressions(Columns({"price": type, "currency": "VARCHAR"}, "f.csv", "m.yaml"))
    columns = price_columns(out, target)
    table = f"(SELECT CAST('{price}' AS {type}) AS price, '{currency}' AS currency)"
    (failed,) = WAREHOUSE.rows(f"SELECT {out.verdict()} FROM {table}")[0]
    if failed:
        return None, out.checks[failed - 1].reason
    return WAREHOUSE.rows(f"SELECT {columns} FROM {table}")[0], None


@pytest.mark.slow
@settings(max_examples=60)
@given(st.integers(0, 10**14), st.sampled_from(["GBP", "JPY", "KWD", "CLF"]), st.sampled_from(["VARCHAR", "DOUBLE"]))
def test_a_price_is_the_minor_units_that_were_written(minor: int, currency: str, type: str) -> None:
    minor = minor % 10**11 if type == "DOUBLE" else minor
    amount = Decimal(minor) / 10 ** exponent_of(currency)
    by_row = CatalogTarget("i", "n", price="price", currency=Value(column="currency"))
    for target in (CatalogTarget("i", "n", price="price", currency=currency), by_row):
        row, reason = compute(target, f"{amount:f}", currency.lower(), type)
        assert (row and row[:2], reason) == ((minor, currency), None)


@pytest.mark.parametrize("price", ["1.005", "0.1000000001", "1e-9", "99999999999999999", "1e300"])
def test_a_price_that_is_not_exact_is_refused(price: str) -> None:
    row, reason = compute(CatalogTarget("i", "n", price="price", currency="GBP"), price)
    assert row is None
    assert reason == "has more decimals than its currency, or is too large"


def test_what_was_computed_is_rounded_to_the_currency() -> None:
    row, _ = compute(CatalogTarget("i", "n", price=Value("price", scale=1.1), currency="GBP"), "3.35")
    assert row[0] == 369  # 3.685 as floats have it is a little more


def test_pence_are_taken_as_they_are() -> None:
    row, _ = compute(CatalogTarget("i", "n", price="price", currency="GBP", minor_units=True), "4995")
    assert row[0] == 4995
    row, reason = compute(CatalogTarget("i", "n", price="price", currency="GBP", minor_units=True), "49.95")
    assert reason is not None


def test_prices_in_further_currencies_and_a_sale_with_its_time() -> None:
    target = CatalogTarget(
        "i", "n", price="price", currency="GBP", prices={"jpy": "price", "EUR": "price"}, sale_price=Value("price"),
        sale_from=Value(constant="2026-06-01"), sale_until=Value(constant="2026-06-08T00:00:00+02:00"),
    )  # fmt: skip
    row, _ = compute(target, "5.00")
    assert row == (500, "GBP", '{"EUR":500,"JPY":5}', 500, "2026-06-01T00:00:00Z", "2026-06-07T22:00:00Z", None)


def test_a_currency_that_is_none_is_refused() -> None:
    target = CatalogTarget("i", "n", price="price", currency=Value(column="currency"))
    assert compute(target, "1", "pounds")[1] == "is no currency code such as GBP"
    assert compute(target, "-1", "GBP")[1] == "is below 0"
