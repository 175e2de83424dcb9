"""Free text as a reader sees it, in plain letters: lookalikes, wide digits and invisible characters folded away."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_ODD = re.compile(r"[^\t\n\r\x20-\x7e]")
# Latin beside Cyrillic or Greek in one word: nobody writes so, except to look like another word.
_LATIN, _OTHER = "A-Za-z\u00c0-\u024f", "\u0370-\u03ff\u0400-\u052f\u0531-\u058f"
_FOREIGN = re.compile(f"[{_OTHER}]")
_MIXED = re.compile(rf"[{_LATIN}][^\W\d_]*?[{_OTHER}]\w*|[{_OTHER}][^\W\d_]*?[{_LATIN}]\w*")
_EXPANSION_MAX = 4
"""One character of Unicode stands for eighteen others; no text may grow so much."""

_ALIKE = {
    **dict(zip("асԁеһіјкорԛѕтиѵԝхуАВСЕНІКМОРТХУ", "acdehijkopqstuvwxyABCEHIKMOPTXY", strict=True)),
    **dict(zip("αεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeiknoptuxABEZHIKMNOPTYX", strict=True)),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe63\u30fc", "-"),
    **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4", "'"),
    **dict.fromkeys("\u3002\uff61\u2024\u00b7\u2027", "."),
    **dict.fromkeys("\u2044\u2215", "/"),
    **dict.fromkeys("\u2028\u2029\u0085", "\n"),
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "ı": "i",
    **dict.fromkeys("\u115f\u1160\u3164\uffa0\u2800", ""),
}
"""Cyrillic and Greek letters that look like Latin ones, and marks that are typed for plain ones; letters that show
nothing. Whoever writes Cyrillic keeps all other letters, which no pattern asks to be Latin."""


def _plain(character: str) -> str:
    """What one character reads as; '' for what nobody sees, and for marks that sit on the letter before."""
    if character in _ALIKE:
        return _ALIKE[character]
    kind = unicodedata.category(character)
    if kind in ("Cf", "Cc", "Mn", "Me"):
        return ""
    if kind == "Zs":
        return " "
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    parts = unicodedata.normalize("NFKD", character)[:_EXPANSION_MAX]
    if parts == character:
        return character
    return "".join(_plain(part) if not part.isascii() else part for part in parts)


class _Table(dict[int, str]):
    """Made as characters come: a text has few different ones."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _plain(chr(code))
        return found


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is the folded text; `original` tells which span of the text it was made of a span of it is."""

    text: str
    _starts: tuple[int, ...]
    _runs: tuple[tuple[int, int], ...]
    _hidden: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original text of a span (not empty) of the folded one, with what is invisible behind it."""
        if not self._starts:
            return start, end
        last = self._place(end - 1) + 1
        at = bisect_right(self._hidden, last - 1)
        while at < len(self._hidden) and self._hidden[at] == last:
            last, at = last + 1, at + 1
        return self._place(start), last

    def _place(self, at: int) -> int:
        run = bisect_right(self._starts, at) - 1
        begin, step = self._runs[run]
        return begin + (at - self._starts[run]) * step


def fold(text: str) -> Folded:
    """Fold a text, in time linear in its length."""
    if not _ODD.search(text):
        return Folded(text, (), (), ())
    odd = {character for character in set(text) if _ODD.match(character)}
    table = _Table()
    folded = text.translate({ord(c): table[ord(c)] for c in odd})
    uneven = [character for character in odd if len(table[ord(character)]) != 1]
    if not uneven:
        return Folded(folded, (), (), ())
    starts, runs, hidden, shift = [0], [(0, 1)], [], 0
    for match in re.finditer("[" + "".join(map(re.escape, sorted(uneven))) + "]", text):
        at, length = match.start(), len(table[ord(match[0])])
        if length:
            starts.append(at + shift)
            runs.append((at, 0))
        else:
            hidden.append(at)
        shift += length - 1
        starts.append(at + 1 + shift)
        runs.append((at + 1, 1))
    return Folded(folded, tuple(starts), tuple(runs), tuple(hidden))


def mixed_script(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of words that hold letters of two scripts, such as a Cyrillic 'а' in 'sale'."""
    if text.isascii() or not _FOREIGN.search(text):
        return ()
    return tuple(match.span() for match in _MIXED.finditer(text))
