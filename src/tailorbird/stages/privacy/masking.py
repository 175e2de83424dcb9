"""Masking: what is personal in free text becomes a placeholder, before any model reads it.

Found by patterns and check digits, in text folded as a reader sees it: e-mail addresses (also written out, 'ana at
shop dot com'), telephone numbers, IBANs, cards, identity numbers, IP addresses, web addresses with something secret in
them, postal addresses, dates of birth, handles, and names where the words around tell that they are one. A name alone
in a sentence is not found: that would take a model, and models are wrong too.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from tailorbird.stages.privacy.candidates import Span, find_candidates
from tailorbird.types.folded import fold

LABELS = {
    "email": "email",
    "phone": "phone",
    "iban": "account",
    "card": "card",
    "national_id": "id",
    "ip": "ip",
    "url": "link",
    "address": "address",
    "birth_date": "birth date",
    "name": "name",
    "handle": "handle",
    "private": "private",
}
"""What stands in the text instead, by kind."""
PLACEHOLDER = re.compile(r"\[(?:" + "|".join(LABELS.values()) + r")(?: \d{1,4})?\]")

_PHONE_SUFFIX_MIN = 7


@dataclass(frozen=True, slots=True)
class Found:
    """Something personal: its span in the text, its kind, and one spelling for all ways of writing it."""

    start: int
    end: int
    kind: str
    spelling: str


@dataclass(frozen=True, slots=True)
class MaskingRules:
    """What one project adds: `allowed` values pass (its own addresses), `private` ones never do (names of staff).

    `regions` are the countries (ISO 3166) whose telephone numbers are written without a country code.
    """

    allowed: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass
class Masked:
    """Numbers the placeholders of one request: the same value is the same placeholder in all of its texts."""

    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def placeholder(self, found: Found) -> str:
        """'[email]' for the first address, '[email 2]' for the second; counts each span."""
        self.counts[found.kind] += 1
        known = self.numbers.setdefault(found.kind, {})
        number = known.setdefault(found.spelling, len(known) + 1)
        return f"[{LABELS[found.kind]}]" if number == 1 else f"[{LABELS[found.kind]} {number}]"


class Masker:
    """Finds and masks, by the rules of one project. Compiled once; without state afterwards."""

    def __init__(self, rules: MaskingRules) -> None:
        self._regions = rules.regions
        self._allowed = frozenset(_spell(kind, v) for v in rules.allowed if v.strip() for kind in ("", "phone"))
        digits = (re.sub(r"\D", "", _spell("phone", value)).lstrip("0") for value in rules.allowed)
        self._numbers = tuple(number for number in digits if len(number) >= _PHONE_SUFFIX_MIN)
        private = sorted((fold(v).text.split() for v in rules.private if v.strip()), key=lambda w: -sum(map(len, w)))
        listed = "|".join(r"\s{1,3}".join(map(re.escape, words)) for words in private)
        self._private = re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.I) if listed else None

    def find(self, text: str) -> list[Found]:
        """Everything personal in a text, from left to right, without overlaps; in time linear in its length."""
        folded = fold(text)
        spans: list[Span] = []
        for start, end, kind in find_candidates(folded.text, self._regions):
            spelling = _spell(kind, folded.text[start:end])
            if end <= start or self._passes(kind, spelling):
                continue
            while spans and spans[-1][0] >= start and end >= spans[-1][1]:
                spans.pop()  # 'ana.2071234567' was half of an address
            if spans and start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]), spans[-1][2])
            else:
                spans.append((start, end, kind))
        if self._private is not None:
            spans = _merged(spans, [(m.start(), m.end(), "private") for m in self._private.finditer(folded.text)])
        return [
            Found(*folded.original(start, end), kind, _spell(kind, folded.text[start:end]))
            for start, end, kind in spans
        ]

    def mask(self, text: str, masked: Masked | None = None) -> str:
        """The text with placeholders. `masked` carries the numbering through several texts, and counts."""
        masked = Masked() if masked is None else masked
        pieces, at = [], 0
        for found in self.find(text):
            pieces += [text[at : found.start], masked.placeholder(found)]
            at = found.end
        return "".join([*pieces, text[at:]])

    def _passes(self, kind: str, spelling: str) -> bool:
        if spelling in self._allowed:
            return True
        if kind == "phone" and self._numbers:
            digits = re.sub(r"\D", "", spelling).lstrip("0")
            long = len(digits) >= _PHONE_SUFFIX_MIN
            return any(digits.endswith(own) or (long and own.endswith(digits)) for own in self._numbers)
        return kind == "address" and any(f" {spelling} " in f" {own} " for own in self._allowed)


def _spell(kind: str, text: str) -> str:
    """One spelling for the ways in which one value is written; `kind` '' is of any kind."""
    plain = fold(text).text.casefold()
    if kind in ("phone", "card", "national_id", "iban"):
        return re.sub(r"[^\w+]", "", plain.replace("(0)", ""))
    return re.sub(r"[\s,.;]+", " ", plain).strip()


def _merged(spans: list[Span], private: list[Span]) -> list[Span]:
    """Both lists without overlaps; where they do, one span from the first to the last character, as it was found."""
    merged: list[Span] = []
    for start, end, kind in sorted([*spans, *private]):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, kind))
    return merged
