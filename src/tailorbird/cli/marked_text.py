"""A text on the terminal with a place in it underlined."""

import unicodedata

COLUMNS = 100
_AROUND = 36
_RIGHT_TO_LEFT = {"R", "AL", "AN", "RLE", "RLO", "RLI"}


def marked(text: str, span: tuple[int, int], columns: int = COLUMNS) -> list[str]:
    """The line of the text that has the span's beginning, and a line of carets under it.

    A long line is cut around the span, and a span that goes on in the next line is marked as far as this one.
    Characters that a terminal would act on, or not show, are written out ('\\x1b'). In a line with right-to-left
    letters a terminal shows characters in another order than they stand in: there the words are quoted instead.
    """
    start, end = span
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    line = text[first : last if last >= 0 else len(text)]
    start, end = start - first, min(end - first, len(line))
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in line):
        return [f"at {span[0]} to {span[1]}: “{_shown(line[start:end])[:columns]}”"]
    left, right = 0, len(line)
    if _width(_shown(line)) > columns:
        left, right = max(0, start - _AROUND), min(len(line), max(end, start) + _AROUND, start + columns)
    before, words, after = line[left:start], line[start : min(end, right)], line[max(end, start) : right]
    lead = "… " if left else ""
    indent = _width(lead + _shown(before))
    tail = " …" if right < len(line) else ""
    return [lead + _shown(before + words + after) + tail, " " * indent + "^" * max(1, _width(_shown(words)))]


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() or _is_mark(char) else ascii(char)[1:-1] for char in text)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me")


def _width(shown: str) -> int:
    """How many columns a terminal needs for it."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in shown)
    return len(shown) + wide - sum(_is_mark(char) for char in shown)
