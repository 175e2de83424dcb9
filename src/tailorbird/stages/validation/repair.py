"""Repair: a text that breaks rules is mended as its findings say; what cannot be mended is cut out by whole clauses."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tailorbird.stages.validation.clauses import cuts
from tailorbird.stages.validation.folding import fold
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding, Verdict

ERRORS_MAX = 8
"""A text with more errors than this is not a text with a mistake in it: it is left as it is."""

How = Literal["slot", "replace", "drop"]
Judge = Callable[[str], Verdict]

_HALF = {"bare", "unfinished"}
_NAMES = ("item.name", "item.short_name")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CURRENCIES = {"£": "gbp", "€": "eur", "$": "usd", "¥": "jpy"}
_SLOT = re.compile(r"\{\{.*?\}\}")


@dataclass(frozen=True, slots=True)
class Mend:
    """One step of a repair: what was done about which finding, and the text after it."""

    how: How
    finding: Finding
    text: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """The text at the end, its verdict, and the steps that led there: none where nothing could be mended."""

    text: str
    verdict: Verdict
    mends: tuple[Mend, ...] = ()


def repair(text: str, judge: Judge, facts: Mapping[str, str]) -> Repaired:
    """Mend a text until it has no error, or until nothing makes it better. `facts` are slot values, by slot.

    Every change is judged: it stays only if the text has fewer errors after it, none of a kind that it had not before,
    and still names what it is about; a cut leaves no bare or unfinished line. So the end never has more errors than the
    beginning, and repairing it again changes nothing. `judge` gives the verdict on a text, with spans in that text.
    """
    verdict, mends = judge(text), list[Mend]()
    while 0 < len(errors := _errors(verdict)) <= ERRORS_MAX:
        better = _better(text, verdict, errors, judge, facts)
        if better is None:
            break
        mend, verdict = better
        text = mend.text
        mends.append(mend)
    return Repaired(text, verdict, tuple(mends))


def _better(
    text: str, verdict: Verdict, errors: list[Finding], judge: Judge, facts: Mapping[str, str]
) -> tuple[Mend, Verdict] | None:
    tried: set[str] = {text}
    for finding in errors:
        for how, candidate in ways(text, finding, facts):
            if candidate in tried or (_names(text) and not _names(candidate)):
                continue
            tried.add(candidate)
            judged = judge(candidate)
            if how == "drop" and any(found.type in _HALF for found in judged.findings):
                continue
            if _kinds(judged) < _kinds(verdict):
                return Mend(how, finding, candidate), judged
    return None


def ways(text: str, finding: Finding, facts: Mapping[str, str]) -> Iterator[tuple[How, str]]:
    """What might mend one finding, the most sparing first: the slot whose value the words are, what the finding itself
    says (as a slot, if it is the value of one), the text without the clause."""
    for start, end, slot in _equal_facts(text, finding.span, facts):
        yield "slot", f"{text[:start]}{{{{ {slot} }}}}{text[end:]}"
    start, end = finding.span
    if finding.repair is not None and (start, end) != (0, 0):
        for at, until, slot in _equal_facts(finding.repair, (0, len(finding.repair)), facts):
            if (at, until) == (0, len(finding.repair)):
                yield "slot", f"{text[:start]}{{{{ {slot} }}}}{text[end:]}"
        yield "replace", re.sub(r" {2,}", " ", text[:start] + finding.repair + text[end:]).strip()
    for left in cuts(text, finding.span):
        yield "drop", left


def slot_span(text: SlotText, values: Mapping[str, str], span: tuple[int, int]) -> tuple[int, int]:
    """Where a span of the stitched text lies in the slot-form text; what touches a slot's value covers the slot."""
    start, end = span
    if start == end == 0:
        return span
    _, filled = text.stitch_spans(values)
    _, written = text.stitch_spans({name: f"{{{{ {name} }}}}" for name in text.slots})
    moved = 0
    first: int | None = None
    last = end
    for (at, until, _), (slot_at, slot_until, _) in zip(filled, written, strict=True):
        if until <= start:
            moved = slot_until - until
        elif at < end:
            first = min(first if first is not None else slot_at, slot_at, start + moved)
            last = max(slot_until, end + slot_until - until if end > until else slot_until)
    return (first, last) if first is not None else (start + moved, end + moved)


def _errors(verdict: Verdict) -> list[Finding]:
    return [found for found in verdict.findings if found.severity == "error"]


def _kinds(verdict: Verdict) -> Counter[tuple[str, str]]:
    return Counter((found.check, found.type) for found in _errors(verdict))


def _names(text: str) -> bool:
    return any(f"{{{{ {name} }}}}" in text for name in _NAMES)


def _equal_facts(text: str, span: tuple[int, int], facts: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, slot) where words at `span` are the value of exactly one fact: a name in another case, a figure in
    another form ('£62' for '£62.00')."""
    slots = [(match.start(), match.end()) for match in _SLOT.finditer(text)]
    found: dict[tuple[int, int], dict[str, None]] = {}
    for slot, value in facts.items():
        for start, end in (*_same_words(text, value), *_same_figure(text, value)):
            touches = start < span[1] and span[0] < end
            if touches and not any(start < until and at < end for at, until in slots):
                found.setdefault((start, end), {})[slot] = None
    for (start, end), owners in sorted(found.items(), key=lambda pair: pair[0][0] - pair[0][1]):
        if len(owners) == 1 or set(owners) == set(_NAMES):
            yield start, end, next(iter(owners))


def _same_words(text: str, value: str) -> Iterator[tuple[int, int]]:
    wanted = r"\s+".join(re.escape(part) for part in value.split())
    if wanted:
        for match in re.finditer(rf"(?<!\w){wanted}(?!\w)", text, re.IGNORECASE):
            yield match.span()


def _same_figure(text: str, value: str) -> Iterator[tuple[int, int]]:
    numbers = list(_NUMBER.finditer(value))
    if len(numbers) != 1:
        return
    unit = _unit(value[: numbers[0].start()], value[numbers[0].end() :])
    for match in _NUMBER.finditer(text):
        if _amount(match.group()) != _amount(numbers[0].group()):
            continue
        head = re.search(r"[£€$¥]\s?$|\b[A-Za-z]{3}\s$", text[: match.start()])
        tail = re.match(r"\s?(?:[£€$¥%]|[^\W\d_]+)", text[match.end() :])
        sides = [(h, t) for h in (head, None) for t in (tail, None)]
        for h, t in sides:
            if _unit(h.group() if h else "", t.group() if t else "") == unit:
                yield match.start() - (len(h.group()) if h else 0), match.end() + (len(t.group()) if t else 0)
                break


def _unit(before: str, after: str) -> str:
    folded = re.sub(r"\s", "", fold(before + after)).casefold()
    return _CURRENCIES.get(folded, folded)


def _amount(number: str) -> Decimal:
    """'1,234.50' and '1.234,50' alike: the last sign is the decimal one unless three digits follow it."""
    head, _, tail = re.sub(",", ".", number).rpartition(".")
    if not head or len(tail) == 3:
        return Decimal(re.sub(r"\D", "", number))
    return Decimal(f"{re.sub(r'[^0-9]', '', head)}.{tail}")
