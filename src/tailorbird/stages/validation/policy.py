"""Checks of policy: what the brand never says, and claims, offers, dates and counts that only a fact may make."""

import re
from collections.abc import Iterator
from functools import lru_cache

from tailorbird.stages.validation.ground import Ground, error
from tailorbird.stages.validation.reading import Reading
from tailorbird.types.brand import Brand
from tailorbird.types.verdict import Finding


def disallowed_phrases(brand: Brand, locale: str) -> tuple[str, ...]:
    """The phrases of every locale ('*'), the language ('en') and the locale ('en-GB'), lower case, longest first."""
    keys = ("*", locale.split("-")[0], locale)
    phrases = {phrase.lower() for key in keys for phrase in brand.disallowed.get(key, ()) if phrase.strip()}
    return tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))


@lru_cache(maxsize=64)
def phrase_pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all phrases, on word boundaries; it matches nothing where there are no phrases."""
    if not phrases:
        return re.compile(r"(?!)")
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(p) for p in phrases) + r")(?!\w)", re.IGNORECASE)


def check_disallowed(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Phrases that the brand never uses."""
    for match in phrase_pattern(disallowed_phrases(ground.brand, ground.locale)).finditer(reading.masked):
        yield error("disallowed", match.span(), "disallowed_phrase", "the brand does not say this", match.group())


def check_claims(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Words that claim a property, an offer, a date or a count. Only a slot or the reason may."""
    known = stated_words(ground)
    lexicon = ground.lexicon
    for words, kind, reason in (
        (lexicon.claims, "claim", "claims a property that no fact here supports"),
        (lexicon.offers, "offer", "promises something that no fact here supports"),
        (lexicon.dates, "date", "names a date that no fact here supports"),
        (lexicon.numbers, "count", "states a number that no fact here supports"),
    ):
        for word in reading.words:
            if word.plain in words and word.plain not in known:
                yield error("claims", (word.start, word.end), kind, reason, word.text)


def stated_words(ground: Ground) -> frozenset[str]:
    """The words of the stated reason and of the project's own vocabulary, lower case."""
    vocabulary = ground.brand.vocabulary
    own = {
        word.lower()
        for key in (ground.locale, ground.locale.split("-")[0])
        for word in vocabulary.get(key, frozenset())
    }
    reason = re.findall(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*", ground.reason)
    return frozenset(word.lower().replace("’", "'") for word in (*own, *reason))
