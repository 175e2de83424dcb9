"""The closed phrase book: in copy that nobody has read, neighbouring words must have stood side by side before."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from tailorbird.stages.validation.ground import Ground, finding
from tailorbird.stages.validation.reading import MASK, Reading
from tailorbird.types.brand import Brand
from tailorbird.types.verdict import Finding

Pair = tuple[str, str]

_TOKEN = re.compile(r"<[a-z]+>|[^\W\d_]+(?:[’'\-][^\W\d_]+)*|[^\s]")
_SLOT = re.compile(r"\{\{\s*([a-z_.0-9]+)\s*\}\}")


def check_phrases(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Neighbours that neither the built-in phrases nor the brand's approved lines have: likely no idiom, or wrong.

    A small model joins plain words into phrases that nobody says ('Could be this one?'). Marks end a phrase. Without
    a phrase book for the language, only the approved lines count.
    """
    known = _built_in(ground.lexicon.language) | _approved_pairs(_approved(ground.brand, ground.locale))
    for (left, start, _), (right, _, end) in _neighbours(reading):
        if (left, right) not in known:
            reason = "words that are not known to stand side by side"
            yield finding("warning", "phrases", (start, end), "unknown_phrase", reason, reading.text[start:end])


def _neighbours(reading: Reading) -> Iterator[tuple[tuple[str, int, int], tuple[str, int, int]]]:
    units = [(w.plain, w.start, w.end) for w in reading.words]
    units += [(slot_class(p.name), p.start, p.end) for p in reading.slots]
    units.sort(key=lambda unit: unit[1])
    for left, right in pairwise(units):
        if not reading.masked[left[2] : right[1]].strip(" " + MASK):
            yield left, right


def slot_class(name: str) -> str:
    """Slots of one class may replace each other in a phrase: '<item>', '<last>', '<price>', '<name>', '<fact>'."""
    classes = {
        "item.name": "<item>",
        "item.short_name": "<item>",
        "last_item.short_name": "<last>",
        "item.price": "<price>",
        "person.first_name": "<name>",
    }
    return classes.get(name, "<fact>")


def pairs_of(texts: Iterable[str]) -> frozenset[Pair]:
    """Every two neighbours of the phrases, lower case; a mark between them ends the phrase."""
    pairs: set[Pair] = set()
    for text in texts:
        tokens = [token.lower().replace("’", "'") for token in _TOKEN.findall(text)]
        pairs |= {(a, b) for a, b in pairwise(tokens) if _is_word(a) and _is_word(b)}
    return frozenset(pairs)


def _is_word(token: str) -> bool:
    return token[0].isalpha() or token.startswith("<")


@cache
def _built_in(language: str) -> frozenset[Pair]:
    file = files(__package__).joinpath(f"words/plain_phrases.{language}.txt")
    if not file.is_file():
        return frozenset()
    return pairs_of(line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))


def _approved(brand: Brand, locale: str) -> tuple[str, ...]:
    return tuple(line.text for line in brand.approved if line.locale == locale and not line.families)


@lru_cache(maxsize=32)
def _approved_pairs(texts: tuple[str, ...]) -> frozenset[Pair]:
    return pairs_of(_SLOT.sub(lambda match: slot_class(match[1]), text) for text in texts)
