"""How easily a text reads: Flesch for English, Amstad's formula of the same scale for German."""

import re

_WORD = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?…]+(?:\s|$)|\n+")
_VOWELS = {
    "en": re.compile(r"[aeiouyàâäéèêëïîôöùûü]+"),
    "de": re.compile(r"(?:ie|ei|ai|au|eu|äu|oi|ey|ay|[aeiouyäöüéèàâêôî])"),
}
_SILENT_E = re.compile(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouyscgzx]es$")


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case: letters, with hyphens and apostrophes inside."""
    return [word.casefold() for word in _WORD.findall(text)]


def sentences_in(text: str) -> int:
    """How many sentences a text has: pieces that hold a word, between full stops, question marks and line ends."""
    return sum(1 for piece in _SENTENCE.split(text) if _WORD.search(piece))


def syllables_in(word: str, language: str) -> int:
    """About how many syllables a word has: its groups of vowels, at least one; in English without a silent e."""
    count = len(_VOWELS.get(language, _VOWELS["en"]).findall(word))
    if language == "en" and count > 1 and _SILENT_E.search(word):
        count -= 1
    return max(count, 1)


def reading_ease(text: str, language: str) -> float | None:
    """The reading ease of a text, about 0 (hard) to 100 (easy): Flesch (1948), or Amstad (1978) for German; None for a
    text without words or in a language for which there is no formula here."""
    words, sentences = words_of(text), sentences_in(text)
    if not words or language not in ("en", "de"):
        return None
    length = len(words) / max(sentences, 1)
    syllables = sum(syllables_in(word, language) for word in words) / len(words)
    return 206.835 - 1.015 * length - 84.6 * syllables if language == "en" else 180.0 - length - 58.5 * syllables
