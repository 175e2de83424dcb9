"""Lines that a text must carry, somewhere or beside every price."""

import re
from collections.abc import Iterator
from functools import lru_cache

import regex

from tailorbird.stages.policies.compiled import PlacedRule
from tailorbird.stages.policies.findings import policy_finding
from tailorbird.stages.policies.reading import Reading, fold, read_text
from tailorbird.types.verdict import Finding

_AMOUNT = r"\d{1,3}(?:[.,' ]\d{3})*(?:[.,]\d{1,2})?"
_MONEY = r"(?:[£$€¥]|\b(?:EUR|USD|GBP|CHF|US\$))"
_AFTER = r"(?:[£$€¥]|(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds?)\b)"
PRICE = re.compile(rf"{_MONEY}\s?{_AMOUNT}|(?<![\d.,]){_AMOUNT}\s?{_AFTER}", re.IGNORECASE)


def check_required(reading: Reading, required: tuple[PlacedRule, ...]) -> Iterator[Finding]:
    """Each required line that is not there, or is not beside a price that it belongs to."""
    for one in required:
        places = [
            match.span()
            for line in one.lines
            if line_words(line) <= reading.words
            for match in line_pattern(line, one.rule.cased).finditer(reading.folded)
        ]
        if one.rule.beside == "price":
            yield from _check_prices(one, reading, places)
        elif not places:
            end = len(reading.text)
            said = "one of these lines must stand here" if len(one.lines) > 1 else "this line must stand here"
            gap = "" if not reading.text or reading.text[-1].isspace() else "\n"
            yield policy_finding(
                one, one.rule.severity, (end, end), f"{one.rule.reason}: {said}", one.lines[0], gap + one.lines[0]
            )


def _check_prices(one: PlacedRule, reading: Reading, places: list[tuple[int, int]]) -> Iterator[Finding]:
    for price in PRICE.finditer(reading.folded):
        start, end = price.span()
        if not any(max(first - end, start - last) <= one.rule.within for first, last in places):
            reason = f"{one.rule.reason}: the line must stand within {one.rule.within} characters of the price"
            yield policy_finding(one, one.rule.severity, reading.span(start, end), reason, one.lines[0])


@lru_cache(maxsize=1024)
def line_pattern(line: str, cased: bool) -> "regex.Pattern[str]":
    """A line as it may be broken and spaced; in any case of letters unless `cased`."""
    text = fold(line)
    words = r"\s+".join(re.escape(word) for word in text.split())
    before = r"(?<!\w)" if re.match(r"\w", text) else ""
    after = r"(?!\w)" if re.search(r"\w$", text) else ""
    return regex.compile(before + words + after, 0 if cased else regex.IGNORECASE)


@lru_cache(maxsize=1024)
def line_words(line: str) -> frozenset[str]:
    """The words that a text has wherever it has the line."""
    return read_text(line).words
