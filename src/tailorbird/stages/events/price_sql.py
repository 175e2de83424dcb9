"""SQL for prices: whole minor units of their currency, exactly as they were written."""

from collections.abc import Mapping

from tailorbird.stages.events.columns import literal
from tailorbird.stages.events.values_sql import Check, Expressions, as_value, columns_of
from tailorbird.types.mapping import CatalogTarget, Value
from tailorbird.types.money import FOUR_DECIMALS, THREE_DECIMALS, WITHOUT_MINOR, exponent_of

_INEXACT = r"\.\d{9}\d*[1-9]|[eE]-"


def price_columns(out: Expressions, target: CatalogTarget) -> str:
    """SQL of the columns price_minor, currency, prices, sale_minor, sale_from, sale_until and available_from."""
    currency, factor = _currency(out, target)
    price = _minor(out, target.price, "catalog.price", factor, target.minor_units)
    sale = _minor(out, target.sale_price, "catalog.sale_price", factor, target.minor_units)
    prices = {
        code: _minor(out, given, f"catalog.prices.{code}", str(10 ** exponent_of(code)), target.minor_units)
        for code, given in target.prices.items()
    }
    moments = {
        field: _moment(out, given, f"catalog.{field}")
        for field, given in (
            ("sale_from", target.sale_from),
            ("sale_until", target.sale_until),
            ("available_from", target.available_from),
        )
    }
    return (
        f"CAST({price} AS BIGINT) AS price_minor, {currency} AS currency, {_by_currency(prices)} AS prices, "
        f"CAST({sale} AS BIGINT) AS sale_minor, " + ", ".join(f"{sql} AS {name}" for name, sql in moments.items())
    )


def _currency(out: Expressions, target: CatalogTarget) -> tuple[str, str]:
    """(SQL of the currency's code, SQL of how many minor units are a major one)."""
    if isinstance(target.currency, str):
        return literal(target.currency.upper()), str(10 ** exponent_of(target.currency))
    code = f"upper(coalesce(CAST({out.value(target.currency, 'catalog.currency', 'text')} AS VARCHAR), ''))"
    blame = (*columns_of(target.currency), "")[0]
    out.checks.append(Check(blame, "is no currency code such as GBP", f"NOT regexp_matches({code}, '^([A-Z]{{3}})?$')"))
    cases = (
        f"WHEN {code} IN ({', '.join(map(literal, sorted(codes)))}) THEN {10**exponent}"
        for codes, exponent in ((WITHOUT_MINOR, 0), (THREE_DECIMALS, 3), (FOUR_DECIMALS, 4))
    )
    return code, f"CASE {' '.join(cases)} ELSE 100 END"


def _minor(out: Expressions, given: str | Value | None, where: str, factor: str, minor_units: bool) -> str:
    """SQL of a price in minor units; adds the checks that it is a number, not below 0 and exact."""
    if given is None:
        return "NULL"
    value = as_value(given)
    factor = "1" if minor_units else factor
    number = out.finish(out.value(given, where, "number"), given)
    blame = (*columns_of(value), "")[0]
    out.checks.append(Check(blame, "is below 0", f"({number}) < 0"))
    plain = value.column and not (value.words or value.scale is not None or value.decimals is not None)
    if not plain:
        # What was computed is rounded to the currency: a product of floats has no exact price.
        return f"CAST(round(({number}) * ({factor})) AS BIGINT)"
    text = out.columns.text(value.column or "", where)
    exact = f"TRY_CAST({text} AS DECIMAL(27, 9)) * CAST({factor} AS DECIMAL(5, 0))"
    minor = (
        f"CASE WHEN {exact} = floor({exact}) AND abs({exact}) < 9000000000000000 "
        f"AND NOT regexp_matches({text}, {literal(_INEXACT)}) THEN CAST({exact} AS BIGINT) END"
    )
    reason = "has more decimals than its currency, or is too large"
    out.checks.append(Check(blame, reason, f"({number}) IS NOT NULL AND ({minor}) IS NULL"))
    return minor


def _by_currency(prices: Mapping[str, str]) -> str:
    parts = [f"""{literal(f'"{code.upper()}":')} || CAST({sql} AS VARCHAR)""" for code, sql in sorted(prices.items())]
    return f"('{{' || concat_ws(',', {', '.join(parts)}) || '}}')" if parts else "'{}'"


def _moment(out: Expressions, given: str | Value | None, where: str) -> str:
    if given is None:
        return "CAST(NULL AS VARCHAR)"
    return f"strftime({out.value(given, where, 'datetime')}, '%Y-%m-%dT%H:%M:%SZ')"
