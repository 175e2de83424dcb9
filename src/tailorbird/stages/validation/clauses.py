"""Clauses: where a text can be cut so that what is left is still a sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SLOT = re.compile(r"\{\{.*?\}\}")
_SENTENCE = re.compile(r"[.?!…]+(?=\s|$)")
_BREAK = re.compile(r"\s*[,;:](?=\s)|\s+[-–—](?=\s)")
_JOINED = re.compile(r"\s+(?:and|or|but|plus|und|oder|aber|sowie)\s+", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\([^()]*\)")
_WORD = re.compile(r"[^\W\d_]+")
# Words that bind their clause to the one beside it: without its partner such a clause says nothing, or another thing.
_BINDS = frozenset(
    word
    for line in (
        "if when while because as since after before although though unless until whether not neither either both",
        "nor but and or so which who that than",
        "wenn weil während nachdem obwohl falls als da bevor bis sobald ob nicht weder entweder sowohl noch aber",
        "und oder sondern denn so der die das dass",
    )
    for word in line.split()
)
# Verbs and words that ask for two things: a clause with one keeps what 'and' joins.
_PAIRING = {
    *("are", "were", "have", "both", "between", "either", "neither"),
    *("sind", "waren", "haben", "beide", "beides", "zwischen", "weder", "entweder", "sowohl"),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence or a clause; `start` to `end` without the mark that ends it, `after` behind mark and spaces."""

    start: int
    end: int
    after: int


def cuts(text: str, span: tuple[int, int]) -> Iterator[str]:
    """The text without the smallest part that holds `span`, then without larger ones: an aside in brackets, what 'and'
    adds to a clause, the clause, the sentence. Never nothing at all.

    Slots (`{{ item.name }}`) are never cut through. A clause stays where the one beside it leans on it ('if …', 'not
    …, but …'), and the end of 'and' stays in a clause whose verb is plural. A sentence keeps its mark and its capital.
    """
    masked = _SLOT.sub(lambda match: "\ufffc" * len(match[0]), text)
    for aside in _ASIDE.finditer(masked):
        if _holds(aside.start(), aside.end(), span):
            yield from _kept(text, aside.start(), aside.end())
    sentences = _split(masked, 0, len(masked), _SENTENCE)
    for at, sentence in enumerate(sentences):
        if not _holds(sentence.start, sentence.after, span):
            continue
        clauses = _split(masked, sentence.start, sentence.end, _BREAK)
        for n, clause in enumerate(clauses):
            if _holds(clause.start, clause.after, span):
                yield from _without_tail(text, masked, clause, span)
                if _stands_alone(masked, clauses, n):
                    yield from _without_clause(text, clauses, n, sentence)
        if len(sentences) > 1:
            last = at == len(sentences) - 1
            start = len(text[: sentence.start].rstrip()) if last else sentence.start
            yield from _kept(text, start, sentence.after)


def _holds(start: int, end: int, span: tuple[int, int]) -> bool:
    return start <= span[0] and span[1] <= end and span[0] < span[1]


def _split(masked: str, start: int, end: int, pattern: re.Pattern[str]) -> list[_Part]:
    parts, at = [], start
    for mark in pattern.finditer(masked, start, end):
        after = mark.end()
        while after < end and masked[after].isspace():
            after += 1
        parts.append(_Part(at, mark.start(), after))
        at = after
    if at < end:
        parts.append(_Part(at, end, end))
    return parts


def _without_tail(text: str, masked: str, clause: _Part, span: tuple[int, int]) -> Iterator[str]:
    """Without the last thing that 'and' adds to the clause, if the span is in it."""
    joins = list(_JOINED.finditer(masked, clause.start, clause.end))
    if joins and joins[-1].end() <= span[0]:
        before = {word.group().lower() for word in _WORD.finditer(masked, clause.start, joins[-1].start())}
        if before and not before & _PAIRING:
            yield from _kept(text, joins[-1].start(), clause.end)


def _stands_alone(masked: str, clauses: list[_Part], n: int) -> bool:
    """Whether the sentence can do without clause `n`: no neighbour that would be left at its side leans on it."""
    if len(clauses) < 2:
        return False
    if n + 1 < len(clauses) and _first_word(masked, clauses[n + 1]) in _BINDS:
        return False
    rest = [clause for m, clause in enumerate(clauses) if m != n]
    return len(rest) > 1 or _first_word(masked, rest[0]) not in _BINDS


def _first_word(masked: str, clause: _Part) -> str:
    found = _WORD.match(masked, clause.start)
    return found.group().lower() if found else ""


def _without_clause(text: str, clauses: list[_Part], n: int, sentence: _Part) -> Iterator[str]:
    if n == len(clauses) - 1:
        yield from _kept(text, clauses[n - 1].end, sentence.end)
    else:
        yield from _kept(text, clauses[n].start, clauses[n].after)


def _kept(text: str, start: int, end: int) -> Iterator[str]:
    """The text without a part, tidied; nothing where no word would be left."""
    head, tail = text[:start], text[end:]
    opens = not head.strip() or head.rstrip()[-1] in ".?!…"
    if opens and text[start : start + 1].isupper() and tail[:1].islower():
        tail = tail[0].upper() + tail[1:]
    left = re.sub(r" {2,}", " ", (head + tail)).strip()
    if re.search(r"\w", left):
        yield left
