"""Phrases of rules: a small notation for wordings, compiled to a pattern and to words that a match cannot lack.

`hurry` is the word in its forms ('Angebot', 'Angebote'). `act (now|today)` chooses, `(your|) debts` may lack the word.
`{number}` is a number, `{word}` any one word, `{words}` none to three, `{name}` one with a capital. A space is any
space or hyphen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from tailorbird.stages.policies.reading import Reading, fold

# Shorter words have no forms that matter, and would match others ('bio', 'Bios').
_INFLECTED_FROM = 4
_ENDINGS = {"en": ("", "s", "es"), "de": ("", "e", "en", "em", "er", "es", "s", "n")}
_GAP = r"[\s\-]+"
_PARTS = re.compile(r"\(([^()]*)\)|\{(\w*)\}|(\w+)|(\s+)|([^\w\s])")
_FILLER = re.compile(r"\{\w*\}")
_FILLERS = {
    "number": r"\d(?:[\d.,]*\d)?", "word": r"\w+(?:'\w+)?", "words": r"\w+(?:'\w+)?",
    "name": r"(?-i:[A-ZÀ-Þ][a-zß-ÿ]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?)",
}  # fmt: skip
_COMMON_WORDS = (
    "the and you your are with for from that this all our have has was what which will can get not now one more "
    "in on of or at by as to be we it is an if no do while when who how my me us up over under just only like after "
    "here there out shop works make made free best money price delivery minutes hours days today new people "
    "der die das und sie ihr ihre ist sind mit für von den dem ein eine einen auf bei nur nicht wir sich jetzt "
    "hier mehr neu neue heute tage stunden minuten preis lieferung gut besser"
)
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that most texts have: a phrase is looked for by another of its words where it has one."""
_LOOSE = ("'", "-")
"""Signs that a text may lack where a phrase has them."""
NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording: `source` as the pack has it, `pattern` as an expression over folded text.

    Wherever it matches, one of `anchors` is among the text's words, and one of each set in `needs`; each of `marks` is
    in the text. Without anchors the first mark stands for them.
    """

    source: str
    pattern: str
    anchors: frozenset[str]
    needs: tuple[frozenset[str], ...] = ()
    marks: tuple[str, ...] = ()


def parse_phrase(source: str, language: str) -> Phrase:
    """A phrase of a pack. ValueError says what is wrong with it."""
    text = fold(source.strip())
    if text.count("(") != text.count(")") or re.search(r"\([^)]*\(", text):
        raise ValueError("brackets do not close, or stand in each other; write alternatives as (one|other)")
    parts = list(_PARTS.finditer(text))
    unknown = next((part[2] for part in parts if part[2] is not None and part[2] not in _FILLERS), None)
    if unknown is not None:
        raise ValueError(f"{{{unknown}}} is no part of a phrase; there are {', '.join(f'{{{n}}}' for n in _FILLERS)}")
    anchors, needs = _anchors(parts, language)
    marks = tuple(dict.fromkeys(part[5] for part in parts if part[5] is not None and part[5] not in _LOOSE))
    if not anchors and (not marks or any(part[2] for part in parts)):
        raise ValueError("has no word that must stand there; write one outside of optional brackets")
    start = (r"(?<!\w)" if language == "de" else r"(?<!\w)(?<!\w-)") if re.match(r"[\w({]", text) else ""
    end = (r"(?!\w)" if language == "de" else r"(?!\w|-\w)") if re.search(r"[\w)}]$", text) else ""
    return Phrase(source, start + "".join(_written(parts, language)) + end, anchors, needs, marks)


def may_match(phrase: Phrase, reading: Reading) -> bool:
    """Whether a text has the words and signs without which the phrase cannot match; costs less than to look for it."""
    for needed in phrase.needs:
        if needed.isdisjoint(reading.words):
            return False
    return all(mark in reading.folded for mark in phrase.marks)


@lru_cache(maxsize=16_384)
def phrase_pattern(pattern: str, cased: bool) -> "regex.Pattern[str]":
    """A phrase's pattern, compiled when its anchor is first met: most never are. `regex` searches them several times
    faster than `re`."""
    return regex.compile(pattern, 0 if cased else regex.IGNORECASE)


def _written(parts: list[re.Match[str]], language: str) -> Iterator[str]:
    optional_before = False
    for n, part in enumerate(parts):
        group, filler, word, gap, symbol = part.groups()
        last = n == len(parts) - 1
        if gap is not None:
            following = parts[n + 1] if not last else None
            # The space belongs to a word that may lack: '(your|) debts', 'guaranteed (returns|)'; '%' brings its own.
            ends = following is not None and n + 2 == len(parts) and _is_optional(following)
            if not optional_before and not ends and not (following is not None and following[5] == "%"):
                # A name is a word of its own: 'Hi-Speed' greets nobody.
                yield r"\s+" if following is not None and following[2] == "name" else _GAP
            optional_before = False
        elif filler == "words" and not last and parts[n + 1][4] is not None:
            yield rf"(?:{_FILLERS['word']}{_GAP}){{0,3}}?"
            optional_before = True
        elif group is not None:
            inner = "|".join(_plain(alternative, language, last) for alternative in group.split("|") if alternative)
            optional = _is_optional(part)
            spaced = optional and n + 1 < len(parts) and parts[n + 1][4] is not None
            trailing = optional and last and n > 0 and parts[n - 1][4] is not None
            yield f"(?:{_GAP if trailing else ''}(?:{inner}){_GAP if spaced else ''}){'?' if optional else ''}"
            optional_before = spaced
        elif filler is not None:
            yield _FILLERS[filler]
        else:
            yield _plain(word or symbol, language, last)


def _plain(text: str, language: str, last: bool) -> str:
    """Words and marks without brackets, the last word in its forms; in German every word."""
    parts = list(_PARTS.finditer(text))
    written = []
    for n, part in enumerate(parts):
        _, filler, word, gap, symbol = part.groups()
        if word is not None:
            inflected = _has_forms(word) and (language == "de" or (last and n == len(parts) - 1))
            endings = "|".join(ending for ending in _ENDINGS.get(language, ()) if ending)
            written.append(re.escape(word) + (f"(?:{endings})?" if inflected and endings else ""))
        elif gap is not None or symbol == "-":
            written.append(_GAP)
        elif filler is not None:
            written.append(_FILLERS.get(filler, ""))
        else:
            written.append({"'": "'?", "%": r"\s*%"}.get(symbol, re.escape(symbol)))
    return "".join(written)


def _is_optional(part: re.Match[str]) -> bool:
    return part[1] is not None and "" in part[1].split("|")


def _has_forms(word: str) -> bool:
    return len(word) >= _INFLECTED_FROM and word[0].isalpha()


def _anchors(parts: list[re.Match[str]], language: str) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """(words of the part that is rarest, as far as length tells; words of each other part that must be there)."""
    found: list[tuple[float, frozenset[str]]] = []
    for n, part in enumerate(parts):
        texts = part[1].split("|") if part[1] is not None else [part[3]] if part[3] is not None else []
        texts = [_FILLER.sub("", text) for text in texts]
        words = [max(re.findall(r"\w+(?:'\w+)*", text.lower()), key=_rarity, default="") for text in texts]
        if not words or "" in words:
            continue
        beside_apostrophe = any(0 <= m < len(parts) and parts[m][5] == "'" for m in (n - 1, n + 1))
        if beside_apostrophe:
            continue  # 'dont' has neither of the two
        rarities = [_rarity(word) for word in words]
        score = 2 * min(rarities) + sum(rarities) / len(rarities) / 10
        last = n == len(parts) - 1
        forms = (
            form
            for word, text in zip(words, texts, strict=True)
            for form in _forms(word, language if language == "de" or (last and text.lower().endswith(word)) else "")
        )
        found.append((score, frozenset(forms)))
    if not found:
        return frozenset(), ()
    best = max(range(len(found)), key=lambda at: found[at][0])
    return found[best][1], tuple(words for at, (_, words) in enumerate(found) if at != best)


def _rarity(word: str) -> int:
    return 1 if word in _COMMON else 1 + len(word.split("'")[0])


def _forms(word: str, language: str) -> Iterator[str]:
    if "'" in word:  # "don't" is two words of a text, and "dont" one
        yield from (word.split("'")[0], word.replace("'", ""))
    else:
        yield from (word + ending for ending in (_ENDINGS.get(language, ("",)) if _has_forms(word) else ("",)))
