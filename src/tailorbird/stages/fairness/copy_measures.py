"""Measures of one message's words, by small word lists of our own: counts that two versions can be compared by."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from tailorbird.stages.fairness.readability import reading_ease, words_of
from tailorbird.stages.fairness.word_lists import LANGUAGES, word_lists

COPY_MEASURES: Mapping[str, str] = {
    "sentiment": "positive less negative words, per 100 words",
    "warmth": "words that address, thank or welcome the reader, per 100 words",
    "urgency": "words that press for time, and exclamation marks, per 100 words",
    "agency": "words of choosing, leading and achieving, per 100 words",
    "care": "words of home, looks and looking after, per 100 words",
    "declined": "words of refusing, per 100 words",
    "length": "characters",
    "readability": "reading ease, about 0 (hard) to 100 (easy)",
}
"""The measures and what they count."""


def measure_copy(texts: Sequence[str], locale: str) -> Mapping[str, float]:
    """Every one of COPY_MEASURES over a message's texts; NaN where the language has no lists or there are no words."""
    return _measured(tuple(texts), locale)


@lru_cache(maxsize=16_384)
def _measured(texts: tuple[str, ...], locale: str) -> Mapping[str, float]:
    language = locale.split("-")[0].lower()
    whole = "\n".join(texts)
    words = words_of(whole)
    found = {name: float("nan") for name in COPY_MEASURES}
    found["length"] = float(sum(map(len, texts)))
    if language not in LANGUAGES or not words:
        return found
    folded = " ".join(words)

    def per_hundred(kind: str) -> float:
        return 100.0 * len(_pattern(kind, language).findall(folded)) / len(words)

    found["sentiment"] = per_hundred("positive") - per_hundred("negative")
    for measure, kind in (("warmth", "warm"), ("agency", "agency"), ("care", "care"), ("declined", "declined")):
        found[measure] = per_hundred(kind)
    found["urgency"] = per_hundred("urgent") + 100.0 * whole.count("!") / len(words)
    ease = reading_ease(whole, language)
    if ease is not None:
        found["readability"] = ease
    return found


@cache
def _pattern(kind: str, language: str) -> re.Pattern[str]:
    # Longer phrases first, so that 'thank you' is one hit and not one of 'thank' and one of 'you'.
    phrases = sorted(word_lists("copy", language)[kind], key=lambda phrase: -len(phrase))
    return re.compile(r"(?<![^\W_])(?:" + "|".join(re.escape(phrase) for phrase in phrases) + r")(?![^\W_])")
