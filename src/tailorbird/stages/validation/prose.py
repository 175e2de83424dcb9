"""Plain prose: where nobody reads a text before it goes out, its words are plain ones or the facts' own (a check of the
validator)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tailorbird.stages.validation.folding import fold_with_offsets
from tailorbird.stages.validation.lexicon import Lexicon, lexicon_for
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.verdict import Finding

_WORD = re.compile(r"(?<![\w.@/])[^\W\d_]+(?:['\-][^\W\d_]+)*(?![\w@/])")
_UNIT = re.compile(r"\d[ -]?$")
_PARTS = re.compile(r"[^\W\d_]+")
_ENDINGS = {
    "en": ("'s", "s", "es"),
    "de": ("e", "en", "em", "er", "es", "n", "s"),
}
_STEM_MIN = 3


@dataclass(frozen=True, slots=True)
class ProseCheck:
    """The closed vocabulary: a language's plain words, and the words of the facts: names, values, attributes.

    Unattended, every other word is an error, for it may be a claim, and nothing can show that it is true. Figures,
    units behind them and dates are the fact check's. Attended, only words that do claim something ('gentle', 'cosy')
    are for a person to look at, where no fact has them.
    """

    name: str = "prose"
    languages: frozenset[str] = frozenset({"en", "de"})

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        """One finding per word."""
        lexicon = lexicon_for(candidate.language)
        known, attended = words_of(candidate.facts), candidate.policy.attended
        text, offsets = fold_with_offsets(candidate.text)
        for match in _WORD.finditer(text):
            word = match.group().lower()
            span = offsets[match.start()], offsets[match.end()]
            shown = candidate.text[slice(*span)]
            if attended:
                if word in lexicon.claims and not _known(word, known, lexicon.language):
                    reason = "claims something that no fact has: a person decides"
                    yield Finding(self.name, "warning", span, "claim", reason, shown)
            elif not _allowed(word, known, lexicon) and not _UNIT.search(
                text, max(0, match.start() - 3), match.start()
            ):
                reason = "neither a plain word nor one of the facts: it may be a claim"
                yield Finding(self.name, "error", span, "unknown_word", reason, shown)


def _allowed(word: str, known: frozenset[str], lexicon: Lexicon) -> bool:
    listed = lexicon.dates | lexicon.numbers | lexicon.deadlines
    if _known(word, known, lexicon.language) or word in listed:
        return True
    if word in lexicon.plain or word.removesuffix("'s") in lexicon.plain:
        return True
    parts = [part for part in word.split("-") if part]
    return len(parts) > 1 and all(_known(p, known, lexicon.language) or p in lexicon.plain for p in parts)


def _known(word: str, known: frozenset[str], language: str) -> bool:
    return word in known or bool(_stems(word, language) & known)


def _stems(word: str, language: str) -> set[str]:
    endings = _ENDINGS.get(language, ())
    return {word.removesuffix(end) for end in endings if word.endswith(end) and len(word) - len(end) >= _STEM_MIN}


_KEPT: dict[int, tuple[Facts, frozenset[str]]] = {}
_KEPT_MAX = 512


def words_of(facts: Facts) -> frozenset[str]:
    """Every word of the subjects' names, families, attributes and values, folded, lower case, and their stems."""
    kept = _KEPT.get(id(facts))
    if kept is not None and kept[0] is facts:
        return kept[1]
    if len(_KEPT) >= _KEPT_MAX:
        _KEPT.clear()
    words = frozenset(word for text in _texts(facts) for word in _split(text))
    _KEPT[id(facts)] = (facts, words)
    return words


def _texts(facts: Facts) -> Iterator[str]:
    for entity in facts.subjects:
        yield from (*entity.names, entity.family)
        for fact in entity.facts:
            if fact.until is None or facts.as_of is None or fact.until > facts.as_of:
                yield from (fact.name, fact.unit)
                if isinstance(fact.value, str):
                    yield fact.value
                    yield from facts.vocabularies.get(fact.name, {}).get(fact.value, ())


@lru_cache(maxsize=20_000)
def _split(text: str) -> frozenset[str]:
    folded = fold_with_offsets(text)[0].lower()
    whole = {match.group() for match in _WORD.finditer(folded)}
    parts = {match.group() for match in _PARTS.finditer(folded)}
    return frozenset(whole | parts | {stem for word in parts for code in _ENDINGS for stem in _stems(word, code)})
