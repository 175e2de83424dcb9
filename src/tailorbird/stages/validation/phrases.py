"""The closed phrase book: in copy that nobody has read, neighbouring words must have stood side by side before."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from tailorbird.stages.validation.ground import Ground, finding
from tailorbird.stages.validation.reading import MASK, Reading
from tailorbird.types.verdict import Finding

Pair = tuple[str, str]

_TOKEN = re.compile(r"<[a-z_]+>|[^\W\d_]+(?:[’'\-][^\W\d_]+)*|[^\s]")
_SLOT = re.compile(r"\{\{\s*([a-z_.0-9]+)\s*\}\}")
_START, _END = "^", "$"


def check_phrases(reading: Reading, ground: Ground) -> Iterator[Finding]:
    """Neighbours that neither the built-in phrases nor the brand's approved lines have: likely no idiom, or wrong.

    A small model joins plain words into phrases that nobody says ('Could be this one?'). Marks end a phrase, and how
    phrases begin and end counts too; a slot alone is no phrase. Of the approved lines those count that suit any item
    of this campaign. Without a phrase book for the language, only they do.
    """
    known = _built_in(ground.lexicon.language) | _approved_pairs(_approved(ground))
    for phrase in _phrases(reading):
        if len(phrase) == 1 and phrase[0][0].startswith("<"):
            continue
        ends = (_START, phrase[0][1], phrase[0][1]), (_END, phrase[-1][2], phrase[-1][2])
        for (left, start, _), (right, _, end) in pairwise([ends[0], *phrase, ends[1]]):
            if (left, right) not in known:
                reason = {_START: "no known phrase begins so"}.get(
                    left, "words that are not known to stand side by side"
                )
                reason = "no known phrase ends so" if right == _END else reason
                yield finding("warning", "phrases", (start, end), "unknown_phrase", reason, reading.text[start:end])


def _phrases(reading: Reading) -> list[list[tuple[str, int, int]]]:
    """The draft's phrases: (token, start, end) of their words and slots."""
    units = [(w.plain, w.start, w.end) for w in reading.words]
    units += [(slot_class(p.name), p.start, p.end) for p in reading.slots]
    units.sort(key=lambda unit: unit[1])
    phrases: list[list[tuple[str, int, int]]] = []
    for unit in units:
        if phrases and not reading.masked[phrases[-1][-1][2] : unit[1]].strip(" " + MASK):
            phrases[-1].append(unit)
        else:
            phrases.append([unit])
    return phrases


def slot_class(name: str) -> str:
    """Slots of one class may replace each other in a phrase: '<item>', '<last>', '<name>'; else by the fact's name."""
    classes = {
        "item.name": "<item>",
        "item.short_name": "<item>",
        "last_item.short_name": "<last>",
        "person.first_name": "<name>",
        "brand.name": "<brand>",
    }
    return classes.get(name, f"<{name.split('.')[-1]}>")


def pairs_of(texts: Iterable[str]) -> frozenset[Pair]:
    """Every two neighbours of the phrases, lower case, with '^' before each phrase and '$' after it; marks end one."""
    pairs: set[Pair] = set()
    for text in texts:
        tokens = [token.lower().replace("’", "'") for token in _TOKEN.findall(text)]
        marked = [_START]
        for token in tokens:
            marked += [token] if _is_word(token) else [_END, _START]
        pairs |= {pair for pair in pairwise([*marked, _END]) if pair not in ((_START, _END), (_END, _START))}
    return frozenset(pairs)


def _is_word(token: str) -> bool:
    return token[0].isalpha() or (token.startswith("<") and len(token) > 1)


def built_in_phrases(language: str) -> tuple[str, ...]:
    """The lines of a language's phrase book; none where there is no book."""
    file = files(__package__).joinpath(f"words/plain_phrases.{language}.txt")
    if not file.is_file():
        return ()
    return tuple(line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))


@cache
def _built_in(language: str) -> frozenset[Pair]:
    return pairs_of(built_in_phrases(language))


def _approved(ground: Ground) -> tuple[str, ...]:
    return tuple(
        line.text
        for line in ground.brand.approved
        if line.locale == ground.locale
        and not line.families
        and (not line.campaigns or ground.campaign in line.campaigns)
    )


@lru_cache(maxsize=32)
def _approved_pairs(texts: tuple[str, ...]) -> frozenset[Pair]:
    return pairs_of(_SLOT.sub(lambda match: slot_class(match[1]), text) for text in texts)
