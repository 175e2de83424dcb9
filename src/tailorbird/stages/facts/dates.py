"""Dates in a text: full dates, months of a year, weekdays and 'tomorrow', as first and last day."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tailorbird.stages.facts.language import Language
from tailorbird.stages.facts.tokens import Token

_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b(?!-)")
_SLASHED = re.compile(r"(?<![\w/.])(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\w/])")
_SHORT_DOTTED = re.compile(r"(?<![\w/.])(\d{1,2})\.(\d{1,2})\.(?!\d)")
_BEFORE_A_DAY = {"am", "bis", "vom", "ab", "zum", "seit", "den", "dem", "der", "until", "on", "by", "from", "since"}
_ORDINALS = {"st", "nd", "rd", "th"}


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at tokens `first` to `last` (exclusive): one of `spans` of days (first day, last day, both inclusive).

    Several spans are several readings ('03/04/2026'). `month_day` is a day whose year the text does not name.
    """

    first: int
    last: int
    spans: tuple[tuple[date, date], ...]
    month_day: tuple[int, int] | None = None


def find_dates(text: str, tokens: list[Token], language: Language, today: date | None, region: str) -> list[FoundDate]:
    """Every date, in order.

    `today` resolves weekdays and 'tomorrow'; without it those have no days, and match nothing. `region` ('US') says
    which of day and month comes first.
    """
    found = [*_in_digits(text, tokens, region, today), *_in_words(tokens, language, today)]
    found.sort(key=lambda one: (one.first, -one.last))
    kept: list[FoundDate] = []
    for one in found:
        if not kept or one.first >= kept[-1].last:
            kept.append(one)
    return kept


def _day(year: int, month: int, day: int) -> tuple[tuple[date, date], ...]:
    try:
        one = date(year, month, day)
    except ValueError:
        return ()
    return ((one, one),)


def _in_digits(text: str, tokens: list[Token], region: str, today: date | None) -> list[FoundDate]:
    starts = {token.start: i for i, token in enumerate(tokens)}
    found = []

    def add(
        match: re.Match[str], spans: tuple[tuple[date, date], ...], month_day: tuple[int, int] | None = None
    ) -> None:
        if (spans or month_day) and match.start() in starts:
            last = next((i for i, token in enumerate(tokens) if token.start >= match.end()), len(tokens))
            found.append(FoundDate(starts[match.start()], last, spans, month_day))

    for match in _ISO.finditer(text):
        add(match, _day(int(match[1]), int(match[2]), int(match[3])))
    for match in _SLASHED.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "/" and region == "US":
            first, second = second, first
        add(match, _day(year, second, first) or _day(year, first, second))
    for match in _SHORT_DOTTED.finditer(text):
        before = starts.get(match.start(), 0) - 1
        told = before >= 0 and tokens[before].plain in _BEFORE_A_DAY
        if told and 1 <= int(match[2]) <= 12 and 1 <= int(match[1]) <= 31:
            add(match, (), (int(match[2]), int(match[1])))
    return found


def _in_words(tokens: list[Token], language: Language, today: date | None) -> list[FoundDate]:
    found = []
    for i, token in enumerate(tokens):
        month = language.months.get(token.plain) if token.kind == "word" else None
        if month is not None:
            one = _around_month(tokens, i, month, today)
            if one is not None and not (token.plain in ("may", "mar", "march") and one.last - one.first == 1):
                found.append(one)
        elif token.plain in language.weekdays and token.kind == "word":
            spans: tuple[tuple[date, date], ...] = ()
            if today is not None:
                ahead = (language.weekdays[token.plain] - today.weekday()) % 7
                spans = _day(*(today + timedelta(ahead)).timetuple()[:3])
            found.append(FoundDate(i, i + 1, spans))
        elif token.plain in language.days and token.kind == "word" and _is_a_day(tokens, i, language):
            day = None if today is None else today + timedelta(language.days[token.plain])
            found.append(FoundDate(i, i + 1, ((day, day),) if day else ()))
    return found


def _is_a_day(tokens: list[Token], i: int, language: Language) -> bool:
    """'until tomorrow' names a day; 'order today' hardly does: only after 'until', 'by', 'ends' and their like."""
    before = tokens[i - 1].plain if i else ""
    return before in {"until", "till", "by", "ends", "end", "from", "before", "bis", "endet", "ab", "vor", "nur"}


def _around_month(tokens: list[Token], i: int, month: int, today: date | None) -> FoundDate | None:
    """'10 December 2009', '10. Dezember', 'December 10th, 2009', 'December 2009'."""
    first, last, day, year = i, i + 1, None, None
    j = i - 1
    while j >= 0 and (tokens[j].text == "." or tokens[j].plain == "of"):
        j -= 1
    number = _day_number(tokens[j]) if j >= 0 else None
    if number is not None and i - j <= 2:
        day, first = number, j
    k = i + 1
    if k < len(tokens) and tokens[k].text == ".":
        k += 1
    if day is None and k < len(tokens) and (number := _day_number(tokens[k])) is not None:
        day, last = number, k + 1
        k += 1
    if k < len(tokens) and tokens[k].text == ",":
        k += 1
    if k < len(tokens) and tokens[k].kind == "number" and re.fullmatch(r"(?:19|20)\d\d", tokens[k].plain):
        year, last = int(tokens[k].plain), k + 1
    if day is None and year is None:
        if today is None or tokens[i].text.islower():
            return None
        return FoundDate(first, last, _month(today.year, month))
    if year is None:
        return FoundDate(first, last, (), (month, day or 0))
    return FoundDate(first, last, _month(year, month) if day is None else _day(year, month, day))


def _day_number(token: Token) -> int | None:
    plain = token.plain
    if token.kind == "code" and plain[-2:] in _ORDINALS:
        plain = plain[:-2]
    return int(plain) if plain.isdecimal() and len(plain) <= 2 and 1 <= int(plain) <= 31 else None


def _month(year: int, month: int) -> tuple[tuple[date, date], ...]:
    end = date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
    return ((date(year, month, 1), end),)
