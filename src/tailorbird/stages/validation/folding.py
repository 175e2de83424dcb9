"""One spelling for texts that look alike: typographic marks, wide letters and odd spaces folded before a comparison."""

import re
import unicodedata

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4`", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe63", "-"),
        **dict.fromkeys("\u00a0\u1680\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n", " "),
    }
)
_DROPPED = {"Cf", "Cc"}
_KEPT = "\ufffc\x1e"  # a slot's mask, and the border of two blocks
# Every character that stays as it is: nothing to fold where a text has no other.
_ODD = re.compile("[^\x20-\x5f\x61-\x7e\u00a1-\u00a7\u00a9\u00ab\u00ac\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf-\u017e"
                  "\u201a\u201c-\u201e\u20ac\ufffc]")  # fmt: skip


def fold(text: str) -> str:
    """The text as it reads: NFKC, straight apostrophes, plain hyphens and spaces, nothing invisible."""
    if not _ODD.search(text):
        return text
    text = text.translate(_ALIKE)  # mostly an apostrophe or a dash, and no more to do
    return fold_with_offsets(text)[0] if _ODD.search(text) else text


def fold_with_offsets(text: str) -> tuple[str, tuple[int, ...]]:
    """The folded text, and for each of its characters (and its end) the offset in `text` that it came from."""
    if not _ODD.search(text):
        return text, tuple(range(len(text) + 1))
    folded: list[str] = []
    offsets: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        # Marks that NFKC would take apart into a space and an accent are folded before it.
        cluster = text[at:end].translate(_ALIKE)
        if cluster[0] in _KEPT or unicodedata.category(cluster[0]) not in _DROPPED:
            cluster = unicodedata.normalize("NFKC", cluster).translate(_ALIKE)
            folded.append(cluster)
            offsets += [at] * len(cluster)
        at = end
    return "".join(folded), (*offsets, len(text))
