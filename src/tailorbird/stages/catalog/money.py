"""Prices as texts: read exactly or not at all."""

import re

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.money import Money, exponent_of

_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "¥": "JPY"}
_MONEY = re.compile(
    r"(?P<before>[A-Za-z]{3}|[£€$¥])?\s*(?P<amount>-?[0-9]+(?:\.[0-9]+)?)\s*(?P<after>[A-Za-z]{3}|[£€$¥])?"
)
_DIGITS_MAX = 15


class MoneyError(TailorbirdError):
    """A text that is no price; what is wrong, as the end of a sentence about the field."""


def parse_money(text: str, currency: str = "") -> Money:
    """'19.99 GBP', 'GBP 19.99', '£19.99', or '19.99' in `currency`. MoneyError: it is none, or not exact.

    The decimal sign is a point: '1,234' means one thing in London and another in Berlin, so a comma is refused.
    """
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        reason = "has a comma; write it as 1234.50" if "," in text else "is not a price such as 19.99 GBP"
        raise MoneyError(reason)
    before, after = found["before"], found["after"]
    if before and after:
        raise MoneyError("names two currencies")
    named = before or after or ""
    code = _SIGNS.get(named, named).upper() or currency
    if named == "$" and currency.endswith("D"):
        code = currency  # Australia's, Canada's and others' sign too
    exponent = exponent_of(code)
    whole, _, decimals = found["amount"].lstrip("-").partition(".")
    if len(whole.lstrip("0")) > _DIGITS_MAX - exponent:
        raise MoneyError("is too large")
    if decimals[exponent:].strip("0"):
        raise MoneyError(f"has more decimals than {code or 'a currency'} has")
    minor = int(whole + decimals[:exponent].ljust(exponent, "0"))
    return Money(-minor if found["amount"].startswith("-") else minor, code)
