"""A text as tokens, each with its place: words, numbers, codes such as 'dv7', and marks."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Literal, TypeVar

TokenKind = Literal["word", "number", "code", "mark"]
Meaning = TypeVar("Meaning")

_TOKEN = re.compile(
    r"(?P<code>(?:[^\W\d_]+\d|\d+(?:[.,]\d+)?[^\W\d_])[^\W_]*)"
    r"|(?P<number>\d+(?:[.,'’\u00a0\u202f\u066b\u066c]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<mark>[^\w\s]|_)"
)
_JOINS = "-/'’.&+·‐‑™®©()_"
"""Marks that do not part the words of a phrase: 'Wi-Fi', 'M/F', 'D-Sub'."""
_SIGNS = "£€$¥₹₺%‰°№"
"""Marks that belong to a phrase as a word does: '£20' is not '€20'."""
_ENDS = ".?!"
_PARTS = ",;:()–—\n"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: (start, end) in the text, as written, and folded (compatible forms, lower case).

    `form` is the token as phrases hold it.
    """

    start: int
    end: int
    text: str
    plain: str
    kind: TokenKind
    sentence: int
    form: str

    @property
    def counts(self) -> bool:
        """Whether it belongs to a phrase: everything but marks, and of these signs such as '£'."""
        return self.kind != "mark" or self.text in _SIGNS

    @property
    def parts(self) -> bool:
        """Whether it is a mark that parts clauses."""
        return self.kind == "mark" and self.text in _PARTS


@lru_cache(maxsize=65536)
def fold_word(text: str) -> str:
    """A word as it is compared: compatible forms (NFKC), lower case, straight apostrophes, 'ß' as 'ss'."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


@lru_cache(maxsize=65536)
def form_of(plain: str) -> str:
    """A folded word without what only inflects it, so that 'highly' is 'high', 'ports' is 'port', 'schwarze' is
    'schwarz' and 'centre' is 'center'. Too coarse for meaning, and the same on both sides of a comparison."""
    plain = plain.removesuffix("'s")
    size = len(plain)
    if size > 5 and plain.endswith("ly"):
        plain = plain[:-2]
    if size > 4 and plain.endswith("ies"):
        return plain[:-3] + "y"
    if size > 5 and plain.endswith(("en", "er", "es", "em")):
        return plain[:-2]
    if size > 4 and plain.endswith("tre"):
        return plain[:-3] + "t"
    if size > 4 and plain.endswith("our"):
        return plain[:-3] + "or"
    if size > 3 and plain.endswith("s") and not plain.endswith("ss"):
        return plain[:-1]
    return plain[:-1] if size > 5 and plain.endswith("e") else plain


@lru_cache(maxsize=64)
def forms(words: frozenset[str]) -> frozenset[str]:
    """Words as phrases hold them."""
    return frozenset(map(form_of, words))


def tokenise(text: str) -> list[Token]:
    """Every token of a text. A sentence ends at '.', '?', '!' before a space or the end, and at a line's end."""
    tokens: list[Token] = []
    sentence, last_end = 0, 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        written = match.group()
        if "\n" in text[last_end:start]:
            sentence += 1
        kind: TokenKind = match.lastgroup  # type: ignore[assignment]
        plain = fold_word(written)
        form = form_of(plain) if kind == "word" else plain
        tokens.append(Token(start, end, written, plain, kind, sentence, form))
        last_end = end
        if kind == "mark" and written in _ENDS and (end == len(text) or text[end].isspace()):
            sentence += 1
    return tokens


def phrase_of(text: str) -> tuple[str, ...]:
    """The words, numbers and codes of a phrase, folded and without inflection: what spellings of it have in common."""
    return tuple(token.form for token in tokenise(text) if token.counts)


def joins(token: Token) -> bool:
    """Whether a mark may stand within a phrase."""
    return token.kind == "mark" and token.text in _JOINS


class Phrases(Generic[Meaning]):
    """Phrases with what they mean, found in a text at their longest."""

    def __init__(self) -> None:
        self._by_first: dict[str, dict[tuple[str, ...], list[Meaning]]] = {}

    def add(self, phrase: tuple[str, ...], meaning: Meaning) -> None:
        """Add one meaning of a phrase; an empty phrase is none."""
        if phrase:
            self._by_first.setdefault(phrase[0], {}).setdefault(phrase, []).append(meaning)

    @property
    def is_empty(self) -> bool:
        """Whether there is no phrase at all."""
        return not self._by_first

    def __contains__(self, phrase: tuple[str, ...]) -> bool:
        return bool(phrase) and phrase in self._by_first.get(phrase[0], {})

    def meanings(self, phrase: tuple[str, ...]) -> list[Meaning]:
        """What a whole phrase means; nothing where it is unknown."""
        return self._by_first.get(phrase[0], {}).get(phrase, []) if phrase else []

    def find(self, tokens: list[Token], taken: list[bool] | None = None) -> list[tuple[int, int, list[Meaning]]]:
        """(first token, token after the last, meanings) of the longest phrase at each place, from left to right.

        Places where `taken` is true are passed over, unless a phrase begins before them and ends after them.
        """
        found: list[tuple[int, int, list[Meaning]]] = []
        by_first, end = self._by_first, 0
        for at, token in enumerate(tokens):
            if at < end or token.form not in by_first or (taken and taken[at]):
                continue
            best = self._longest(tokens, at, by_first[token.form])
            if best is not None:
                end = best[0]
                found.append((at, end, best[1]))
        return found

    def _longest(
        self, tokens: list[Token], at: int, known: dict[tuple[str, ...], list[Meaning]]
    ) -> tuple[int, list[Meaning]] | None:
        longest = max(map(len, known))
        words: list[str] = []
        best = None
        i = at
        while i < len(tokens) and len(words) < longest and tokens[i].sentence == tokens[at].sentence:
            token = tokens[i]
            if not token.counts:
                if not joins(token) or i == at:
                    break
            else:
                words.append(token.form)
                meanings = known.get(tuple(words))
                if meanings is not None:
                    best = (i + 1, meanings)
            i += 1
        return best
