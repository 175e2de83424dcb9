"""Checks of grounding: every fact is a slot, every other word is a plain one."""

import re
from collections.abc import Iterator

from tailorbird.stages.validation.ground import Ground, error
from tailorbird.stages.validation.policy import stated_words
from tailorbird.stages.validation.reading import Reading, Word
from tailorbird.types.verdict import Finding

_LITERAL = re.compile(r"[^\s\ufffc]*\d[^\s\ufffc]*|[%‰€£$¥]")


def check_literals(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Digits, currency signs and percent signs outside a slot."""
    for match in _LITERAL.finditer(reading.masked):
        yield error("facts", match.span(), "unknown_literal", "a figure that is no slot", match.group())


def check_required(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Slots that this block must have."""
    present = {place.name for place in reading.slots}
    for slot in ground.slots.values():
        if slot.required and slot.name not in present:
            yield error("facts", (0, 0), "missing_slot", "must appear in this block", slot.name)


def check_vocabulary(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """The closed vocabulary: plain words, the reason's words, the project's words. All else might be a claim."""
    known = ground.lexicon.plain | stated_words(ground)
    literal_words = {part.lower() for value in ground.facts.values() for part in re.findall(r"[^\W\d_]+", value)}
    listed = ground.lexicon.claims | ground.lexicon.offers | ground.lexicon.dates | ground.lexicon.numbers
    for word in reading.words:
        if _known(word.plain, known):
            continue
        span = (word.start, word.end)
        if word.plain in literal_words:
            yield error("vocabulary", span, "fact_outside_slot", "true of one item only: use its slot", word.text)
        elif word.plain not in listed:
            yield error("vocabulary", span, "unknown_word", "not among the plain words, might be a claim", word.text)


def _known(plain: str, known: frozenset[str]) -> bool:
    if plain in known or plain.removesuffix("'s") in known:
        return True
    return "-" in plain and all(part in known for part in plain.split("-") if part)


def check_nouns(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """German nouns have a capital: a word that the vocabulary knows only with one may not be written small."""
    if ground.lexicon.language != "de":
        return
    own = {word for key in (ground.locale, "de") for word in ground.brand.vocabulary.get(key, frozenset())}
    for word in reading.words:
        capital = word.text[0].upper() + word.text[1:]
        for known in (ground.lexicon.cased, own):
            if word.text in known:
                break
            if word.text[0].islower() and capital in known:
                yield error("names", (word.start, word.end), "wrong_case", f"a noun: '{capital}'", word.text)
                break


def check_capitals(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """In languages that write common nouns small, a capital inside a sentence marks a name: it must be known."""
    if ground.lexicon.language == "de" or not ground.lexicon.plain:
        return
    known = {word.lower() for word in re.findall(r"\w+", ground.brand.name)} | stated_words(ground)
    for word in reading.words:
        if word.text[0].isupper() and not reading.opens_sentence(word.start) and not _excused(word, known):
            yield error("names", (word.start, word.end), "unknown_name", "a capital: an unknown name?", word.text)


def _excused(word: Word, known: set[str]) -> bool:
    return word.text == "I" or word.text.startswith(("I’", "I'")) or word.plain.removesuffix("'s") in known


def check_opening(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """A line opens with a capital, whatever its slots hold."""
    for word in reading.words:
        if (
            reading.opens_sentence(word.start)
            and word.text[0].islower()
            and not reading.masked[: word.start].endswith(": ")
        ):
            yield error("names", (word.start, word.end), "small_opening", "a sentence opens with a capital", word.text)
    for place in reading.slots:
        if reading.opens_sentence(place.start) and not reading.masked[: place.start].endswith(": "):
            small = [v for v in ground.samples.get(place.name, ()) if v[:1].islower()]
            if small:
                reason = "opens a sentence, but some values begin small"
                yield error("forms", (place.start, place.end), "needs_capital", reason, small[0])


def check_first_name(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """The first name is only ever an address: 'Ines, …', 'Hello Ines, …', '…, Ines'."""
    for place in (p for p in reading.slots if p.name == "person.first_name"):
        before, after = reading.masked[: place.start].rstrip(" "), reading.masked[place.end :].lstrip(" ")
        opens = not before or reading.previous_word(place.start) in ground.lexicon.greetings
        closes = before.endswith(",") and (not after or after[0] in ".,?:")
        if not ((opens and after[:1] in (",", ":", "")) or closes):
            reason = "a first name only addresses the reader"
            yield error("forms", (place.start, place.end), "not_vocative", reason, place.name)
