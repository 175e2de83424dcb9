"""What a line says of price, stock and the end of an offer in its own words, held against the catalog as it is now."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from tailorbird.pipeline.validation.facts_of import Reader, facts_of_items
from tailorbird.stages.facts.check import FactCheck
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.item import Item
from tailorbird.types.policy import Policy
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding

_CHECK = FactCheck(lambda language: lexicon_for(language).plain)
_ANYBODY = "Ines"
_LOCALE_WORD = {"de": "dies"}
_MONEY = re.compile(
    r"[£€$¥%]|(?-i:\b[A-Z]{3}\b)|\b(?:pounds?|euros?|dollars?|percent|per cent|prozent)\b", re.IGNORECASE
)
_LEFT = re.compile(
    r"\W*(?:(?:items?|pieces?|of (?:them|these)|stück)\W+)?(?:left|remaining|in stock|übrig|da\b|auf lager|verfügbar)",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:nur\s+noch|noch)\s*$", re.IGNORECASE)
_END = re.compile(
    r"\b(?:until|till|by|before|ends?|ending|through|bis|endet|vor|nur)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)
# Money that is no item's price: what an order must come to, what the post costs, what a code takes off.
_OTHER_MONEY = re.compile(
    r"\b(?:deliver\w*|shipping|postage|orders?|spend\w*|baskets?|vouchers?|codes?|gift cards?|refer\w*"
    r"|liefer\w*|versand\w*|bestell\w*|einkauf\w*|mindest\w*|gutschein\w*|\w*code)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.?!](?=\s|$)")
_STOCK_FACTS = ("in stock:", "stock:")


class LiveClaims:
    """Judges lines against items; each line with each item once, and lines that claim nothing never.

    `items` are the catalog as it is now; `zone` is the shop's time zone, `brand` its name.
    """

    def __init__(self, items: Mapping[str, Item], zone: str, brand: str) -> None:
        self._items, self._zone, self._brand = items, zone, brand
        self._known: dict[tuple[SlotText, str, tuple[str, ...], date], str] = {}

    def fault(
        self, line: SlotText, values: Mapping[str, str], shown: Sequence[str], locale: str, moment: datetime
    ) -> str:
        """Why the line is not true at `moment` (aware), filled with `values` of the items `shown`: 'date Sunday'. ''
        where it is, or where it claims nothing that the catalog knows."""
        if not claims(line, locale):
            return ""
        day = moment.astimezone(ZoneInfo(self._zone)).date()
        key = (line, locale, tuple(shown), day)
        if key not in self._known:
            self._known[key] = self._judge(line, values, shown, locale, moment)
        return self._known[key]

    def _judge(
        self, line: SlotText, values: Mapping[str, str], shown: Sequence[str], locale: str, moment: datetime
    ) -> str:
        items = [self._items[item_id] for item_id in shown if item_id in self._items]
        facts = facts_of_items(items, moment, Reader(locale, self._zone), brand=self._brand)
        # Nobody's own name: the answer is kept for every reader.
        filled = {**values, "person.first_name": _ANYBODY}
        for of_stock in (False, True):
            kept = [replace(one, facts=_only(one.facts, of_stock)) for one in facts.subjects]
            held = Facts((*kept, Entity("reader", (_ANYBODY,))), as_of=moment, zone=self._zone)
            for found, said in _live(line.stitch(filled), held, locale):
                if _is_of_stock(found, line.stitch(filled)) == of_stock:
                    return f"{found.type} {said}"
        return ""


def _only(facts: Sequence[Fact], of_stock: bool) -> tuple[Fact, ...]:
    """The stock, or money and dates: that an item costs 7 pounds, or is 7 cm long, does not make 'only 7 left' true."""
    if of_stock:
        return tuple(fact for fact in facts if fact.name in ("stock", "in stock"))
    money = [fact for fact in facts if isinstance(fact.value, Decimal) and len(fact.unit) == 3 and fact.unit.isupper()]
    return (*money, *(fact for fact in facts if isinstance(fact.value, date)))


@lru_cache(maxsize=10_000)
def claims(line: SlotText, locale: str) -> bool:
    """Whether a line's own words, without its slots, say a price, a stock or an offer's end."""
    return bool(_said(line, locale))


@lru_cache(maxsize=10_000)
def names_a_day(line: SlotText, locale: str) -> bool:
    """Whether what a line says depends on the day on which it is read: 'until Sunday'."""
    return any(kind == "date" for kind in _said(line, locale))


def _said(line: SlotText, locale: str) -> tuple[str, ...]:
    """The kinds of claims in the line's own words: with no facts at all, each of them is a finding."""
    word = _LOCALE_WORD.get(locale.replace("_", "-").split("-")[0].lower(), "this")
    nothing = Facts(as_of=datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")))
    return tuple(found.type for found, _ in _live(line.stitch(dict.fromkeys(line.slots, word)), nothing, locale))


def _live(text: str, facts: Facts, locale: str) -> Iterator[tuple[Finding, str]]:
    """(finding, words) of the claims that are about price, stock or an offer's end, and not so."""
    for found in _CHECK.check(Candidate(text, facts, Policy(attended=False), locale)):
        if found.severity == "error" and _is_live(found, text, bool(facts.subjects)):
            yield found, text[found.span[0] : found.span[1]]


def _is_live(found: Finding, text: str, with_items: bool) -> bool:
    start, end = found.span
    if found.type == "availability":  # with an item, the stock has spoken: what is left is a manner of speaking
        return not with_items
    if found.type == "date":
        return _END.search(text[:start]) is not None
    if found.type not in ("number", "contradiction", "denied_fact"):
        return False
    if _MONEY.search(text[start:end]):
        return not _OTHER_MONEY.search(_sentence(text, start, end))
    return _is_of_stock(found, text)


def _is_of_stock(found: Finding, text: str) -> bool:
    """Whether the words count what is left, or say that there is some."""
    start, end = found.span
    if found.type == "availability" or found.evidence.startswith(_STOCK_FACTS):
        return True
    counts = found.type != "date" and not _MONEY.search(text[start:end])
    return counts and (_LEFT.match(text, end) is not None or _STILL.search(text[:start]) is not None)


def _sentence(text: str, start: int, end: int) -> str:
    begins = max((mark.end() for mark in _SENTENCE.finditer(text, 0, start)), default=0)
    ends = _SENTENCE.search(text, end)
    return text[begins : ends.start() if ends else len(text)]
