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
    r"|(?P<number>\d+(?:[.,'’\u00a0\u202f]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<mark>[^\w\s]|_)"
)
_JOINS = "-/'’.&+·‐‑"
"""Marks that do not part the words of a phrase: 'Wi-Fi', 'M/F', 'D-Sub'."""
_ENDS = ".?!"
_PARTS = ",;:()–—\n"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: (start, end) in the text, as written, and folded (compatible forms, lower case)."""

    start: int
    end: int
    text: str
    plain: str
    kind: TokenKind
    sentence: int

    @property
    def parts(self) -> bool:
        """Whether it is a mark that parts clauses."""
        return self.kind == "mark" and self.text in _PARTS


@lru_cache(maxsize=65536)
def fold_word(text: str) -> str:
    """A word as it is compared: compatible forms (NFKC), lower case, straight apostrophes, 'ß' as 'ss'."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


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
        tokens.append(Token(start, end, written, fold_word(written), kind, sentence))
        last_end = end
        if kind == "mark" and written in _ENDS and (end == len(text) or text[end].isspace()):
            sentence += 1
    return tokens


def phrase_of(text: str) -> tuple[str, ...]:
    """The words, numbers and codes of a phrase, folded: what two spellings of it have in common."""
    return tuple(token.plain for token in tokenise(text) if token.kind != "mark")


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

    def __contains__(self, phrase: tuple[str, ...]) -> bool:
        return bool(phrase) and phrase in self._by_first.get(phrase[0], {})

    def meanings(self, phrase: tuple[str, ...]) -> list[Meaning]:
        """What a whole phrase means; nothing where it is unknown."""
        return self._by_first.get(phrase[0], {}).get(phrase, []) if phrase else []

    def find(self, tokens: list[Token], taken: list[bool] | None = None) -> list[tuple[int, int, list[Meaning]]]:
        """(first token, token after the last, meanings) of the longest phrase at each place, from left to right.

        Places where `taken` is true are passed over, unless a phrase begins before them and ends after them.
        """
        found = []
        at = 0
        while at < len(tokens):
            known = self._by_first.get(tokens[at].plain)
            best: tuple[int, list[Meaning]] | None = None
            if known and not (taken and taken[at]):
                best = self._longest(tokens, at, known)
            if best is None:
                at += 1
            else:
                found.append((at, best[0], best[1]))
                at = best[0]
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
            if token.kind == "mark":
                if not joins(token) or i == at:
                    break
            else:
                words.append(token.plain)
                meanings = known.get(tuple(words))
                if meanings is not None:
                    best = (i + 1, meanings)
            i += 1
        return best
