"""Profanity and hate, in English and German: whole words in their forms, also spelt with digits, stars or gaps.

Whole words, so that Scunthorpe, cocktails and Dickens are left in peace; the lists hold no word that is also a bird, a
tool, a dish or a name. Only a few stems are looked for inside words.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "de")
_ENDINGS = {"en": ("s", "es", "ed", "er", "ers", "ing", "y"), "de": ("e", "en", "er", "es", "em", "n", "s")}
# No innocent word holds one of these.
_STEMS = ("fuck", "scheiss", "arschloch", "hurensohn", "bullshit", "motherf")
_STEM_FREE = ("fuckushima", "fuckuoka")
# Letters that are stretched: three of one that words for it have.
_PARTS = (*_STEMS, *(letter * 3 for letter in "aeiouckstgnpr"))
_FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_LEET = str.maketrans("0134578@$!|+", "oieastbasilt")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# A word with a digit, a star or a sign inside; letters with gaps between them; a letter three times.
_DISGUISE = re.compile(
    r"(?P<leet>(?<![\w@$*!])(?=[\w@$*!|+]*[a-z])(?=[\w@$*!|+]*[0-9@$*!|+])[\w@$*!|+]{3,24}(?<![!+|])(?![\w@$*]))"
    r"|(?P<gaps>(?<!\w)[a-z](?:[ ._*\-]{1,2}[a-z]){2,14}(?!\w))"
    r"|(?P<long>\b\w*([a-z])\4{2,}\w*\b)"
)
_MAY_DISGUISE = re.compile(
    r"[a-z@$*!][0-9@$*!][a-z@$*]|[0-9@$*][a-z]{2}|(?<!\w)[a-z][ ._*\-]{1,2}[a-z](?!\w)|([a-z])\1\1"
)
_COMMON = ("what", "hard", "dich", "halt", "nice", "hand", "blow", "jerk", "jack", "feck", "zeigen", "wir")
_GAPS = re.compile(r"[ ._*\-]+")
_RUNS = re.compile(r"(.)\1{2,}")


@cache
def _lists(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """(words in all their forms, phrases) of one severity, folded."""
    words, phrases = set[str](), set[str]()
    for language in LANGUAGES:
        text = files(__package__).joinpath(f"words/{kind}.{language}.txt").read_text(encoding="utf-8")
        for line in text.splitlines():
            word = line.strip().lower().translate(_FOLDED)
            if not word or line.startswith("#"):
                continue
            if " " in word:
                phrases.add(word)
                continue
            words.add(word)
            if len(word) > 3:
                words.update(word + ending for ending in _ENDINGS[language])
    return frozenset(words - _INNOCENT), tuple(sorted(phrases))


# Forms that are words of another meaning.
_INNOCENT = frozenset(
    ("raper", "rapes", "retarder", "retarding", "bonkers", "hures", "hurem", "gyps", "horns", "turdus")
)


@cache
def _fast(kind: str) -> re.Pattern[str] | None:
    """One pattern for the phrases of a severity; None where there are none."""
    phrases = _lists(kind)[1]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")\b") if phrases else None


def _rarity(word: str) -> tuple[bool, int]:
    return word not in _COMMON, len(word)


@cache
def _marks(kind: str) -> frozenset[str]:
    """The longest word of each phrase: without it, the phrase is not there."""
    return frozenset(max(phrase.split(), key=_rarity) for phrase in _lists(kind)[1])


@cache
def _every() -> frozenset[str]:
    return _lists("strong")[0] | _lists("mild")[0] | _marks("strong") | _marks("mild")


def may_offend(lowered: str, words: Collection[str]) -> bool:
    """Whether a text in lower case, without umlauts and disguises, may hold anything of the lists."""
    return not _every().isdisjoint(words) or any(part in lowered for part in _PARTS)


def find_profanity(plain: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, strong) of each, in folded text. Strong ones stop a text, the others are for a person to judge."""
    lowered = plain.lower()
    if len(lowered) != len(plain):
        lowered = plain
    words = set(_WORD.findall(lowered))
    for kind in ("strong", "mild"):
        listed = _lists(kind)[0]
        if not words.isdisjoint(listed):
            for match in _WORD.finditer(lowered):
                if match[0] in listed:
                    yield *match.span(), kind == "strong"
        pattern = _fast(kind)
        if pattern is not None and not words.isdisjoint(_marks(kind)):
            for match in pattern.finditer(lowered):
                yield *match.span(), kind == "strong"
    if any(stem in lowered for stem in _STEMS):
        yield from _stems(lowered)
    if _MAY_DISGUISE.search(lowered):
        yield from _disguised(lowered)


def _stems(lowered: str) -> Iterator[tuple[int, int, bool]]:
    listed = _lists("strong")[0]
    for match in _WORD.finditer(lowered):
        word = match[0]
        if word not in listed and word not in _STEM_FREE and any(stem in word for stem in _STEMS):
            yield *match.span(), True


def _disguised(lowered: str) -> Iterator[tuple[int, int, bool]]:
    listed = _lists("strong")[0]
    for match in _DISGUISE.finditer(lowered):
        word = match[0]
        if match.lastgroup == "gaps" or match["gaps"]:
            hit = _GAPS.sub("", word) in listed
        elif match["leet"]:
            hit = _starred(word, listed) if "*" in word else word.translate(_LEET) in listed
        else:
            hit = _RUNS.sub(r"\1", word) in listed or _RUNS.sub(r"\1\1", word) in listed
        if hit:
            yield *match.span(), True


def _starred(word: str, listed: frozenset[str]) -> bool:
    """'f**k': every letter that is there fits a word of the list; one letter alone fits too many."""
    shown = re.sub(r"\*", "", word.translate(_LEET))
    if len(shown) < 2 or not word[0].isalnum():
        return False
    pattern = re.compile(re.escape(word.translate(_LEET)).replace(r"\*", "[a-z]"))
    return any(len(bad) == len(word) and pattern.fullmatch(bad) for bad in listed if bad[0] == word.translate(_LEET)[0])
