"""One value as a person writes it ('48.00 GBP', '20-25 cm', 2026-12-01, yes): as the facts that it states."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.fact import Fact
from tailorbird.types.money import exponent_of

WORDS_CHARS_MAX = 20_000
DIGITS_MAX = 30
_KEYS = {"value": "value", "amount": "value", "unit": "unit", "currency": "unit", "low": "low", "high": "high",
         "source": "source", "until": "until"}  # fmt: skip
_NOTHING = {"", "-", "–", "—", "?", "n/a", "na", "null", "nil", "tbd", "tbc", "unknown", "unbekannt", "k. a.", "k.a."}
_TRUTH = {"yes": True, "true": True, "ja": True, "no": False, "false": False, "nein": False}
_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "us$": "USD", "a$": "AUD", "c$": "CAD", "¥": "JPY", "₹": "INR",
          "zł": "PLN", "fr.": "CHF", "euro": "EUR", "euros": "EUR"}  # fmt: skip
_NUMBER = r"[-−+]?(?:\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
_UNIT = r"(?:(?:working|business|calendar|fl|sq|square|cubic)\.? )?[^\W\d_°%‰][\w²³/·°.-]{0,23}|[°%‰][^\W\d_]?"
_MONEY_SIGN = r"(?:[A-Z]{3}|US\$|A\$|C\$|[£€$¥₹])"
_QUANTITY = re.compile(rf"({_NUMBER})\s?({_UNIT}|{_MONEY_SIGN})?")
_MONEY_FIRST = re.compile(rf"({_MONEY_SIGN})\s?({_NUMBER})")
_RANGE = re.compile(
    rf"({_MONEY_SIGN})?\s?({_NUMBER})\s?({_UNIT}|{_MONEY_SIGN})?\s?(?:-|–|—|\bto\b|\bbis\b)\s?"
    rf"({_MONEY_SIGN})?\s?(\d[\d.,]*)\s?({_UNIT}|{_MONEY_SIGN})?"
)
_SIZES = re.compile(rf"({_NUMBER})(?:\s?[x×]\s?({_NUMBER}))(?:\s?[x×]\s?({_NUMBER}))?\s?({_UNIT})")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASH_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)\s*(?:/|–|—|-|to|bis)\s*(\d{4}-\d\d-\d\d)")


class UnusableError(TailorbirdError):
    """A value from which no fact can be read: why, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How values are read: `zone` is that of times without one, `point` the decimal sign ('' where nobody said)."""

    zone: tzinfo
    point: str = ""


def read_values(name: str, value: Any, how: Reading, source: str = "") -> Iterator[Fact]:
    """The facts that `value` states of attribute `name`: one, or several of a list. UnusableError: none."""
    if isinstance(value, list | tuple):
        if not value:
            raise UnusableError("is an empty list: leave it out, or name a value")
        for each in value:
            if isinstance(each, list | tuple):
                raise UnusableError("is a list within a list: write one list of values")
            yield from read_values(name, each, how, source)
        return
    if isinstance(value, Mapping):
        yield _from_keys(name, value, how, source)
        return
    yield from (replace(fact, name=name, source=source) for fact in _from_plain(value, how))


def _from_plain(value: Any, how: Reading) -> list[Fact]:
    if value is None:
        raise UnusableError("is null: nothing is known of it, which is not the same as false")
    if isinstance(value, bool):
        return [Fact("", value)]
    if isinstance(value, int | float | Decimal):
        return [Fact("", _finite(value))]
    if isinstance(value, datetime):
        return [Fact("", value if value.tzinfo else value.replace(tzinfo=how.zone))]
    if isinstance(value, date):
        return [Fact("", value)]
    if isinstance(value, str):
        return _from_text(_whole(value).strip(), how)
    raise UnusableError(f"is a {type(value).__name__}: write text, a number, true or false, or a list of these")


def _from_text(text: str, how: Reading) -> list[Fact]:
    """What a text states; text that is no number, date or yes or no is words."""
    if text.casefold() in _NOTHING:
        raise UnusableError(f"is {text!r}: nothing is known of it")
    if len(text) > WORDS_CHARS_MAX:
        raise UnusableError(f"has {len(text):,} characters; at most {WORDS_CHARS_MAX:,} are read")
    if text.casefold() in _TRUTH:
        return [Fact("", _TRUTH[text.casefold()])]
    if not any(char.isdigit() for char in text) or len(text) > 80:
        return [Fact("", text)]
    when = _day_of(text, how)
    if when is not None:
        return [Fact("", when)]
    return _numbers_of(text, how) or [Fact("", text)]


def _numbers_of(text: str, how: Reading) -> list[Fact]:
    if found := _QUANTITY.fullmatch(text):
        return _one(found[1], found[2] or "", how)
    if found := _MONEY_FIRST.fullmatch(text):
        return _one(found[2], found[1], how)
    if found := _SIZES.fullmatch(text):
        return [fact for number in found.groups()[:3] if number for fact in _one(number, found[4], how)]
    if found := _RANGE.fullmatch(text):
        before, low, after, before_high, high, after_high = found.groups()
        unit = after_high or before_high or after or before or ""
        lowest, highest = _number(low, unit, how), _number(high, unit, how)
        if lowest is None or highest is None or (not unit and highest >= 1000):
            return []
        return [_ranged(lowest, highest, unit)]
    return []


def _one(number: str, unit: str, how: Reading) -> list[Fact]:
    if number.startswith("0") and number.isdigit() and len(number) > 1:
        return []  # An article number: as a number, its zeros would be gone.
    found = _number(number, unit, how)
    return [] if found is None else [Fact("", found, _unit(unit))]


def _ranged(low: Decimal, high: Decimal, unit: str) -> Fact:
    if low > high:
        raise UnusableError(f"is a range from {low:f} down to {high:f}: write the lower end first")
    return Fact("", low, _unit(unit), high)


def _number(text: str, unit: str, how: Reading) -> Decimal | None:
    """A number with its signs read; None where it is none. UnusableError: it can be read in two ways."""
    plain = re.sub(r"[ \u00a0\u202f'’]", "", text.replace("−", "-"))
    marks = [char for char in plain if char in ".,"]
    point = how.point or _point_of(plain, marks, _unit(unit))
    whole, _, rest = plain.rpartition(point) if point and point in plain else (plain, "", "")
    if any(char in ".," for char in rest) or point in whole:
        return None
    groups = re.split("[.,]", whole)
    if len(groups) > 1 and (len(groups[-1]) != 3 or not all(2 <= len(group) <= 3 for group in groups[1:])):
        return None
    digits = "".join(groups) + (f".{rest}" if rest else "")
    if sum(char.isdigit() for char in digits) > DIGITS_MAX:
        raise UnusableError(f"has more than {DIGITS_MAX} digits")
    return Decimal(digits)


def _point_of(plain: str, marks: list[str], unit: str) -> str:
    """The decimal sign of a number of which nobody said how it is written; a sign that cannot occur where none is."""
    if not marks:
        return "."
    if len(set(marks)) == 2:
        return marks[-1]
    mark, other = marks[0], "." if marks[0] == "," else ","
    if len(marks) > 1:
        return other
    before, after = plain.split(mark)
    if len(after) != 3 or len(before.lstrip("+-")) > 3 or before.lstrip("+-").startswith("0"):
        return mark
    if is_currency(unit) and exponent_of(unit) < 3:
        return other  # No amount of it has three decimals.
    if mark == "." and not is_currency(unit):
        return mark
    raise UnusableError(f"can be read as {before}{after} or as {before}.{after}: write it without the {mark!r}")


def is_currency(unit: str) -> bool:
    """Whether a unit looks like an ISO 4217 code."""
    return len(unit) == 3 and unit.isascii() and unit.isalpha() and unit.isupper()


def _unit(text: str) -> str:
    """The unit as it was written; a currency's sign as its code."""
    plain = text.strip()
    return _SIGNS.get(plain.casefold(), plain)


def _day_of(text: str, how: Reading) -> date | datetime | None:
    if _DAYS.fullmatch(text):
        raise UnusableError("is two dates: write them as two facts, such as 'offer begins' and 'offer ends'")
    if _SLASH_DAY.fullmatch(text):
        raise UnusableError("can be read as day and month or as month and day: write 2026-12-31")
    try:
        if found := _GERMAN_DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _DAY.match(text) and text[10:11] in ("T", " "):
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=how.zone)
    except ValueError:
        raise UnusableError(f"{text!r} is no date: write 2026-12-31 or 2026-12-31T18:00") from None
    return None


def _from_keys(name: str, value: Mapping[Any, Any], how: Reading, source: str) -> Fact:
    """A fact of {"value", "unit"} or {"low", "high", "unit"}, with a source and an end where these are told."""
    told: dict[str, Any] = {}
    for key, each in value.items():
        if key not in _KEYS or _KEYS[key] in told:
            raise UnusableError(f"has the key {str(key)[:40]!r}; write value or low and high, unit, source, until")
        told[_KEYS[key]] = each
    unit, until = told.get("unit") or "", told.get("until")
    if not isinstance(unit, str) or not isinstance(told.get("source", ""), str):
        raise UnusableError("has a unit or a source that is no text")
    if ("value" in told) == ("low" in told or "high" in told):
        raise UnusableError("needs a value, or low and high")
    ends = [told["value"]] if "value" in told else [told.get("low"), told.get("high")]
    read = [fact for end in ends for fact in _from_plain(end, how)]
    numbers = [fact.value for fact in read if isinstance(fact.value, Decimal)]
    if len(read) != len(ends) or (len(numbers) != len(ends) and (unit or len(ends) == 2)):
        raise UnusableError("needs numbers where it has a unit, or low and high")
    unit = unit or read[0].unit
    made = read[0] if len(ends) == 1 else _ranged(numbers[0], numbers[1], unit)
    end = None if until is None else _moment(until, how)
    return replace(made, name=name, unit=_unit(unit), source=told.get("source") or source, until=end)


def _moment(value: Any, how: Reading) -> datetime:
    read = _from_plain(value, how)[0].value
    if isinstance(read, datetime):
        return read
    if isinstance(read, date):
        raise UnusableError("has an until that is a day: write the moment, such as 2026-12-31T23:59")
    raise UnusableError("has an until that is no moment: write 2026-12-31T23:59")


def _finite(value: int | float | Decimal) -> Decimal:
    try:
        number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    except (InvalidOperation, ValueError):
        raise UnusableError("is no number") from None
    if not number.is_finite() or abs(number.adjusted()) > DIGITS_MAX or len(number.as_tuple().digits) > DIGITS_MAX:
        raise UnusableError(f"is no number of at most {DIGITS_MAX} digits")
    return number


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnusableError("has half a character (a lone surrogate)") from None
    return text
