"""Checks of style that showed no false rejection on labelled lines: CTA shape, deadlines, unfinished or bare lines."""

import re
from collections.abc import Iterator

from tailorbird.stages.validation.ground import Ground, error
from tailorbird.stages.validation.reading import MASK, Reading
from tailorbird.types.verdict import Finding

_CTA_WORDS_MAX = 5
_ECHO_WORDS = 4
_BARE_WORDS = 2
_LIST_WORDS = 4


def check_cta(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """A button names one act: it opens (in German: opens or ends) with a verb, is short, and has no full stop."""
    if ground.block != "cta":
        return
    whole, words = (0, len(reading.text)), [word.plain for word in reading.words]
    ends = {words[0], words[-1]} if words else set()
    acts = ends if ground.lexicon.language == "de" else set(words[:1])
    if ground.lexicon.commands and not acts & ground.lexicon.commands:
        yield error("cta", whole, "no_verb", "a button says what happens: begin with a verb", reading.text)
    if len(words) > _CTA_WORDS_MAX or re.search(r"[.,;:?]", reading.masked):
        yield error("cta", whole, "not_a_button", "a button is a few words without marks", reading.text)


def check_deadline(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """'Order until …', 'at between …': a deadline after a command is ambiguous."""
    commanded = False
    for word in reading.words:
        if reading.opens_sentence(word.start):
            commanded = word.plain in ground.lexicon.commands
        if commanded and word.plain in ground.lexicon.deadlines:
            yield error("style", (word.start, word.end), "deadline", "a deadline after a command", word.text)
    for match in re.finditer(r"\b(?:at|from) between\b", reading.masked, re.IGNORECASE):
        yield error("style", match.span(), "deadline", "garbled preposition", match.group())


def check_echo(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """The stated reason repeated word for word: it was meant for the writer."""
    reason = [w.lower() for w in re.findall(r"[^\W\d_]+", ground.reason)]
    size = min(_ECHO_WORDS, len(reason))
    grams = {tuple(reason[i : i + size]) for i in range(len(reason) - size + 1)} if size >= 3 else set()
    words = reading.words
    for i in range(len(words) - size + 1):
        window = words[i : i + size]
        if tuple(word.plain for word in window) in grams:
            span = (window[0].start, window[-1].end)
            yield error("style", span, "reason_echoed", "the reason, word for word", reading.text[span[0] : span[1]])
            return


def check_finished(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """A line that stops in the middle, or that is nothing but facts."""
    tail = reading.masked.rstrip(" .?!")
    whole = (0, len(reading.text))
    if tail and tail[-1] in ",;:-–—(&":
        yield error("style", whole, "unfinished", "ends in the middle", tail[-1])
    last = reading.words[-1] if reading.words else None
    if last and last.end == len(tail) and last.plain in ground.lexicon.unfinished and not _parted(reading, ground):
        yield error("style", (last.start, last.end), "unfinished", "ends in the middle", last.text)
    for word in reading.words[:-1]:
        if word.plain in ground.lexicon.unfinished and reading.masked[word.end : word.end + 1] in ("?", "!"):
            yield error("style", (word.start, word.end), "unfinished", "ends in the middle", word.text)
    bare = len(reading.words) < _BARE_WORDS and ground.block != "cta"
    if bare or re.search(rf"{MASK}\s*,\s*{MASK}+\s*,\s*{MASK}", reading.masked):
        yield error("style", whole, "bare", "a list of facts is not a line", reading.text)
    if re.search(rf"{MASK}\s*;\s*{MASK}", reading.masked):
        yield error("style", whole, "bare", "a list of facts is not a line", reading.text)
    if len(reading.words) < _LIST_WORDS and re.search(rf"{MASK}\s*[,;–-]\s*{MASK}", reading.masked):
        yield error("style", whole, "bare", "a list of facts is not a line", reading.text)
    for match in re.finditer(rf"{MASK} (?={MASK})", reading.masked):
        yield error("style", match.span(), "bare", "two facts side by side", reading.text)
    for opener, closer in ("()", "“”", "„“"):
        if reading.masked.count(opener) != reading.masked.count(closer):
            yield error("style", whole, "unfinished", "an open bracket or quotation", opener)


def _parted(reading: Reading, ground: Ground) -> bool:
    """Whether the last word belongs to a verb that its sentence begins with: 'Schau dir das an'."""
    opening = [word for word in reading.words if reading.opens_sentence(word.start)]
    return reading.words[-1].plain == "an" and bool(opening) and opening[-1].plain in ground.lexicon.separable
