"""The text as rules read it: one spelling for what looks alike, with the way back to the characters of the text."""

import re
import unicodedata
from dataclasses import dataclass

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u2039\u203a", '"'),
        **dict.fromkeys("\u2010\u2011\u2043\ufe63", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
    }
)
"""Hyphens are folded, dashes are not: 'today\u2014hurry' is two words, 'hurry-scurry' is one."""
# Every character that reads as it is written. Where a text has no other, nothing is folded.
_ODD = re.compile("[^\t\n\r\x20-\x5f\x61-\x7e\u00a1-\u00a7\u00a9\u00ac\u00ae\u00b0\u00b1\u00b6\u00b7"
                  "\u00bf-\u012f\u0131-\u017e\u2013\u2014\u2026\u20ac]")  # fmt: skip
_WORD = re.compile(r"\w+")
_SPACES = "\t\n\r"


@dataclass(frozen=True, slots=True)
class Reading:
    """`folded` is what rules look at, `lowered` the same in small letters, `words` its words. `offsets` lead from its
    characters (and its end) to `text`, None where they are the same."""

    text: str
    folded: str
    lowered: str
    words: frozenset[str]
    offsets: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of `text` that `folded[start:end]` stands for."""
        if self.offsets is None or start == end:
            at = start if self.offsets is None else self.offsets[start]
            return at, end if self.offsets is None else at
        first, last = self.offsets[start], self.offsets[end - 1]
        # One character may read as several ('‼'), and several as one.
        return first, next(offset for offset in self.offsets[end:] if offset > last)


def read_text(text: str) -> Reading:
    """A text, read. Invisible characters are gone, wide and styled letters are plain, quotes and hyphens are one."""
    folded, offsets = fold_with_offsets(text)
    lowered = folded.lower()
    return Reading(text, folded, lowered, frozenset(_WORD.findall(lowered)), offsets)


def fold(text: str) -> str:
    """The text in the spelling that rules compare."""
    return fold_with_offsets(text)[0]


def fold_with_offsets(text: str) -> tuple[str, tuple[int, ...] | None]:
    """The folded text, and where its characters came from, None where none moved."""
    if not _ODD.search(text):
        return text, None
    alike = text.translate(_ALIKE)  # one for one: mostly a quote or an apostrophe, and no more to do
    return _fold(alike) if _ODD.search(alike) else (alike, None)


def _fold(text: str) -> tuple[str, tuple[int, ...]]:
    folded: list[str] = []
    offsets: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        cluster = text[at:end]
        if cluster[0] in _SPACES or unicodedata.category(cluster[0]) not in ("Cf", "Cc", "Mn", "Me"):
            cluster = unicodedata.normalize("NFKC", cluster).translate(_ALIKE)
            folded.append(cluster)
            offsets += [at] * len(cluster)
        at = end
    return "".join(folded), (*offsets, len(text))
