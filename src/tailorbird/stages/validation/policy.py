"""Checks of policy: what the brand never says, and claims, offers, dates and counts that only a fact may make."""

import re
from collections.abc import Iterator
from functools import lru_cache

from tailorbird.stages.validation.folding import fold, fold_with_offsets
from tailorbird.stages.validation.ground import Ground, error, finding
from tailorbird.stages.validation.reading import Reading
from tailorbird.types.brand import Brand
from tailorbird.types.folded import mixed_script
from tailorbird.types.verdict import Finding, Severity

# Shorter words have no forms that matter, and would match others ('bio', 'Bios').
_INFLECTED_FROM = 4
_ENDINGS = {"en": "(?:e?s)?", "de": "(?:e[nmrs]?|s|n)?"}
_NEVER = re.compile(r"(?!)")
_DENIALS = {
    "en": re.compile(r"\b(?:no|not|never|without)(?: (?:a|an|any))? +$", re.IGNORECASE),
    "de": re.compile(r"\b(?:kein(?:e[nmrs]?)?|nicht|nie|ohne) +$", re.IGNORECASE),
}


def disallowed_phrases(brand: Brand, locale: str) -> tuple[str, ...]:
    """The phrases of every locale ('*'), the language ('en') and the locale ('en-GB'), folded, lower case, longest
    first."""
    keys = ("*", locale.split("-")[0], locale)
    phrases = {fold(phrase.strip()).lower() for key in keys for phrase in brand.disallowed.get(key, ())}
    return tuple(sorted(phrases - {""}, key=lambda phrase: (-len(phrase), phrase)))


@lru_cache(maxsize=64)
def phrase_pattern(phrases: tuple[str, ...], language: str = "") -> re.Pattern[str]:
    """One pattern for all phrases, for folded texts; it matches nothing where there are no phrases.

    Words match whole, and in the forms of the language: an English plural, a German ending ('Angebot', 'Angebote').
    """
    if not phrases:
        return re.compile(r"(?!)")
    return re.compile("|".join(_phrase(phrase, language) for phrase in phrases), re.IGNORECASE)


def _phrase(phrase: str, language: str) -> str:
    """A phrase as a pattern; it ends at a word's border only where it ends in a word ('!' is found in 'Now!')."""
    parts = re.findall(r"\w+|\s+|[^\w\s]", phrase)
    written = []
    for n, part in enumerate(parts):
        if part.isspace():
            written.append(r"\s+")
        elif part == "%":
            written.append(r"\s*%")
        elif part[0].isalpha() and len(part) >= _INFLECTED_FROM and (language == "de" or n == len(parts) - 1):
            written.append(re.escape(part) + _ENDINGS.get(language, ""))
        else:
            written.append(re.escape(part))
    before = r"(?<!\w)" if re.match(r"\w", phrase) else ""
    return before + "".join(written) + (r"(?!\w)" if re.search(r"\w$", phrase) else "")


def find_disallowed(text: str, pattern: re.Pattern[str], language: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, denied) of each phrase in `text`; `denied` where the text says that it is not so ('no hurry')."""
    folded, offsets = fold_with_offsets(text)
    last = -1
    for match in pattern.finditer(folded):
        start = offsets[match.start()]
        if start == last:  # one character that reads as two ('‼')
            continue
        last = start
        end = next(offset for offset in offsets[match.end() :] if offset > offsets[match.end() - 1])
        denied = _DENIALS.get(language, _NEVER).search(folded[: match.start()]) is not None
        yield start, end, denied


def check_disallowed(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Phrases that the brand never uses, however they are typed; one that is denied is for a person to judge."""
    language = ground.lexicon.language
    pattern = phrase_pattern(disallowed_phrases(ground.brand, ground.locale), language)
    for start, end, denied in find_disallowed(reading.masked, pattern, language):
        severity: Severity = "warning" if denied else "error"
        reason = "the brand does not say this"
        yield finding(severity, "disallowed", (start, end), "disallowed_phrase", reason, reading.text[start:end])
    for span in mixed_script(reading.masked):
        found = reading.text[span[0] : span[1]]
        yield error("characters", span, "mixed_script", "letters of two scripts in one word", found)


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
