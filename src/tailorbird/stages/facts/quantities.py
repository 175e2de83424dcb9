"""Numbers in a text with what stands around them: unit or currency, range, bound, the words they are read with."""

from dataclasses import dataclass
from decimal import Decimal

from tailorbird.stages.facts.language import Language
from tailorbird.stages.facts.numbers import FRACTIONS, number_word, readings
from tailorbird.stages.facts.tokens import Token
from tailorbird.stages.facts.units import Unit, unit_of
from tailorbird.types.claim import Bound

_MINUS = {"-", "−", "–"}
_TIMES = {"x", "×", "by", "mal"}
_BETWEEN = {"between", "zwischen"}
_DEGREES, _SCALES = {"°", "º", "degrees", "degree", "grad"}, {"c", "f", "celsius", "fahrenheit"}
_SQUARE = {"²": "2", "³": "3"}
_NO_UNIT_AFTER = {"in", "a", "at", "m", "t", "s", "d", "h", "j", "p", "l", "g", "try", "second", "seconds"}
"""Spellings of units that are words too: units only directly after the number, or in their own case."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at tokens `first` to `last` (exclusive), as `low` to `high` in each of its readings.

    `unit` is None for a plain number. `decimals` are those that were written.
    """

    first: int
    last: int
    readings: tuple[tuple[Decimal, Decimal], ...]
    unit: Unit | None
    bound: Bound = "exact"
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class _Number:
    first: int
    last: int
    values: tuple[Decimal, ...]
    decimals: int
    unit: Unit | None


def find_quantities(tokens: list[Token], language: Language, taken: list[bool]) -> list[Quantity]:
    """Every quantity outside of the places that are `taken`, in order."""
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        one = None if taken[i] else _number_at(tokens, i, language)
        if one is None:
            i += 1
            continue
        quantity = _whole(tokens, one, language, taken)
        found.append(quantity)
        i = max(quantity.last, i + 1)
    return found


def _number_at(tokens: list[Token], i: int, language: Language) -> _Number | None:
    """The number that begins at token `i`, with the unit behind it and the currency before it."""
    token = tokens[i]
    if token.kind == "number":
        values = readings(token.text, language.code)
        if not values:
            return None
        decimals = len(str(values[0]).partition(".")[2])
        return _with_unit(tokens, _Number(i, i + 1, values, decimals, None))
    if token.kind == "code":
        return _attached(tokens, i, language)
    if token.text in FRACTIONS:
        return _with_unit(tokens, _Number(i, i + 1, (Decimal(FRACTIONS[token.text]),), 2, None))
    return _in_words(tokens, i, language) if token.kind == "word" else None


def _in_words(tokens: list[Token], i: int, language: Language) -> _Number | None:
    """'twenty-five', with its unit."""
    words = _words_from(tokens, i)
    found = number_word([word.plain for word in words], language.code)
    if found is None:
        return None
    value, used = found
    end = next(n for n in range(i, len(tokens)) if tokens[n] is words[used - 1]) + 1
    return _with_unit(tokens, _Number(i, end, (value,), 0, None))


def _words_from(tokens: list[Token], i: int) -> list[Token]:
    """The words from token `i` on, hyphens between them passed over."""
    found = []
    for token in tokens[i : i + 12]:
        if token.kind == "word":
            found.append(token)
        elif token.text != "-":
            break
    return found


def _attached(tokens: list[Token], i: int, language: Language) -> _Number | None:
    """'33.6mm', '4GB', '2x': a number and its unit in one token."""
    token = tokens[i]
    head = 0
    while head < len(token.text) and (token.text[head].isdigit() or token.text[head] in ".,"):
        head += 1
    if token.text[head:] in FRACTIONS and head:
        whole = readings(token.text[:head], language.code)
        values = tuple(value + Decimal(FRACTIONS[token.text[head:]]) for value in whole)
        return _with_unit(tokens, _Number(i, i + 1, values, 2, None)) if values else None
    unit = unit_of(token.text[head:]) if 0 < head < len(token.text) else None
    if unit is None:
        return None
    values = readings(token.text[:head], language.code)
    return _Number(i, i + 1, values, len(str(values[0]).partition(".")[2]), unit) if values else None


def _with_unit(tokens: list[Token], number: _Number) -> _Number:
    before = tokens[number.first - 1] if number.first else None
    if before is not None and (currency := _currency(before)) is not None:
        return _Number(number.first - 1, number.last, number.values, number.decimals, currency)
    found = _unit_at(tokens, number.last)
    if found is None:
        return number
    unit, last = found
    return _Number(number.first, last, number.values, number.decimals, unit)


def _currency(token: Token) -> Unit | None:
    unit = unit_of(token.plain)
    is_code = token.text.isupper() and len(token.text) == 3
    if unit is None or not unit.dimension.startswith("money"):
        return None
    return unit if token.kind == "mark" or is_code or token.text in ("US$", "Fr") else None


def _unit_at(tokens: list[Token], at: int) -> tuple[Unit, int] | None:
    """(unit, token after it) of the unit that stands at token `at`, after a hyphen or not."""
    if at >= len(tokens):
        return None
    start = at
    if tokens[at].text in ("-", "‑") and at + 1 < len(tokens) and tokens[at].end == tokens[at + 1].start:
        start = at + 1
    token, touches = tokens[start], tokens[start].start == tokens[start - 1].end
    spelling = token.plain
    if token.plain in _DEGREES and start + 1 < len(tokens) and tokens[start + 1].plain in _SCALES:
        unit = unit_of("°" + tokens[start + 1].plain[0])
        return (unit, start + 2) if unit else None
    if start + 2 < len(tokens) and tokens[start + 1].text == "/" and tokens[start + 1].start == token.end:
        joined = {"km/h": "kmh", "mi/h": "mph", "cd/m": "cd", "mb/s": "mbps", "gb/s": "gbps", "kb/s": "kbps",
                  "mbit/s": "mbps", "gbit/s": "gbps", "kbit/s": "kbps", "u/min": "rpm"}  # fmt: skip
        rate = joined.get(f"{spelling}/{tokens[start + 2].plain.rstrip('2²')}")
        if rate and (unit := unit_of(rate)) is not None:
            last = start + 3
            return unit, last + (last < len(tokens) and tokens[last].text in _SQUARE)
    unit = unit_of(token.plain)
    if unit is None or token.kind == "number" or token.sentence != tokens[at - 1].sentence:
        return None
    following = tokens[start + 1] if start + 1 < len(tokens) else None
    belongs = following is not None and following.kind in ("number", "code") and following.start == token.end
    if token.kind == "mark" and _currency(token) and belongs:
        return None  # '3 £5': the sign is the next number's
    if spelling in _NO_UNIT_AFTER and not touches and not _is_symbol(tokens, start):
        return None
    if start + 1 < len(tokens) and tokens[start + 1].text in _SQUARE and tokens[start + 1].start == token.end:
        squared = unit_of(spelling + _SQUARE[tokens[start + 1].text])
        return (squared, start + 2) if squared else (unit, start + 1)
    return unit, start + 1


def _is_symbol(tokens: list[Token], i: int) -> bool:
    """Whether 'm', 'g', 'in' after a space is a unit: no word follows that it would be an article or preposition of."""
    token = tokens[i]
    if token.plain == "in":
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        return following is None or following.kind == "mark"
    return token.plain not in ("a", "at", "try", "second", "seconds", "s", "d") or token.text.isupper()


def _whole(tokens: list[Token], one: _Number, language: Language, taken: list[bool]) -> Quantity:
    """The number with its range and its bound."""
    other, last = _range_end(tokens, one, language, taken)
    first, sign = one.first, Decimal(1)
    if _is_negative(tokens, one):
        first, sign = one.first - 1, Decimal(-1)
    pairs = tuple((value * sign, value * sign) for value in one.values)
    unit, decimals = one.unit, one.decimals
    if other is not None:
        ranges = tuple((low * sign, high) for low in one.values for high in other.values if low * sign <= high)
        if ranges:
            pairs, unit, decimals = ranges, other.unit or one.unit, max(one.decimals, other.decimals)
        else:
            last = one.last
    bound, first = _bound(tokens, first, language)
    return Quantity(first, last, pairs, unit, bound, decimals)


def _is_negative(tokens: list[Token], one: _Number) -> bool:
    at = one.first - 1
    if at < 0 or tokens[at].text not in _MINUS or tokens[at].end != tokens[one.first].start:
        return False
    return at == 0 or tokens[at - 1].end < tokens[at].start or tokens[at - 1].text in ("(", ":")


def _range_end(tokens: list[Token], one: _Number, language: Language, taken: list[bool]) -> tuple[_Number | None, int]:
    """The number that closes a range ('20-25 cm', 'between 20 and 25 cm'), and the token after the whole."""
    at = one.last
    if at + 1 >= len(tokens) or tokens[at].sentence != tokens[one.first].sentence:
        return None, one.last
    link = tokens[at]
    dash = link.text in _MINUS
    between = one.first > 0 and tokens[one.first - 1].plain in _BETWEEN
    if not (dash or (link.plain in language.ranges and (link.plain not in ("and", "und") or between))):
        return None, one.last
    start = at + 1
    if tokens[start].text in ("-", "−") and start + 1 < len(tokens):
        return None, one.last
    if taken[start]:
        return None, one.last
    other = _number_at(tokens, start, language)
    if other is None or other.first < start:
        skipped = start + 1 < len(tokens) and _currency(tokens[start]) is not None
        other = _number_at(tokens, start + 1, language) if skipped else None
    if other is None or (one.unit and other.unit and one.unit.dimension != other.unit.dimension):
        return None, one.last
    return other, other.last


def _bound(tokens: list[Token], first: int, language: Language) -> tuple[Bound, int]:
    """What the words before a number make of it: 'nearly', 'up to', 'from'."""
    for size in (4, 3, 2, 1):
        if first - size < 0:
            continue
        words = tuple(token.plain for token in tokens[first - size : first])
        if words in language.bounds and tokens[first - size].sentence == tokens[first].sentence:
            return language.bounds[words], first
    return "exact", first


def share_units(tokens: list[Token], quantities: list[Quantity]) -> list[Quantity]:
    """'251 x 66 x 226 mm': numbers that are joined by a times sign share the unit of the last."""
    shared = list(quantities)
    for n in range(len(shared) - 2, -1, -1):
        one, following = shared[n], shared[n + 1]
        between = tokens[one.last : following.first]
        if one.unit is None and len(between) == 1 and between[0].plain in _TIMES and following.unit is not None:
            shared[n] = Quantity(one.first, one.last, one.readings, following.unit, one.bound, one.decimals)
    return shared
