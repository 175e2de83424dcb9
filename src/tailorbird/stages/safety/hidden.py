"""Characters that nobody sees and a model reads: tags, selectors, zero widths, turned directions, controls."""

import re
import unicodedata

# Line ends and tabs are spaces. Controls, soft hyphen, fillers, zero widths, directions, selectors, tags, interlinear
# and musical marks that show nothing.
_HIDDEN_CHARS = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
HIDDEN = re.compile(f"[{_HIDDEN_CHARS}]+")
_LINE_ENDS = re.compile("[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
_JOINED = re.compile("[\u0590-\u0dff\u1780-\u17ff]")
"""Scripts that need a joiner, a non-joiner or a mark of direction to be written well."""
_TAG_BASE, _SELECTOR, _SELECTOR_MORE = 0xE0000, 0xFE00, 0xE0100


def hidden_spans(text: str) -> list[tuple[int, int]]:
    """The spans of characters that show nothing, without those that a script or a picture needs."""
    if text.isascii() and text.isprintable():
        return []
    spans: list[tuple[int, int]] = []
    for match in HIDDEN.finditer(text):
        for at in range(*match.span()):
            if _belongs(text, at):
                continue
            if spans and spans[-1][1] == at:
                spans[-1] = (spans[-1][0], at + 1)
            else:
                spans.append((at, at + 1))
    return spans


def _belongs(text: str, at: int) -> bool:
    """Whether a character shows something with its neighbours: a picture's selector, a joiner between letters."""
    character, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if character == "\ufe0f":
        return before != "" and (unicodedata.category(before) in ("So", "Sm", "Po") or before in "0123456789#*")
    if character == "\u200d" and before and after:
        picture = before == "\ufe0f" or unicodedata.category(before) in ("So", "Sk")
        return (picture and unicodedata.category(after) == "So") or bool(_JOINED.match(before) and _JOINED.match(after))
    if character in "\u200c\u200e\u200f":
        return bool(_JOINED.match(before) or _JOINED.match(after))
    return False


def strip_hidden(text: str) -> tuple[str, int]:
    """The text as one line without what nobody sees, and how many characters that were."""
    if text.isascii() and text.isprintable():
        return text, 0
    text = _LINE_ENDS.sub(" ", text)
    spans = hidden_spans(text)
    if not spans:
        return text, 0
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(text[at:start])
        at = end
    return "".join([*pieces, text[at:]]), sum(end - start for start, end in spans)


def hidden_message(text: str) -> str:
    """What hidden characters spell: tags are ASCII, and selectors stand for bytes; '' where they spell nothing."""
    tags = "".join(chr(ord(c) - _TAG_BASE) for c in text if _TAG_BASE + 0x20 <= ord(c) <= _TAG_BASE + 0x7E)
    values = bytes(value for c in text if (value := _byte_of(ord(c))) is not None)
    spelled = values.decode("utf-8", "ignore") if len(values) > 2 else ""
    return tags or (spelled if spelled.isprintable() else "")


def _byte_of(code: int) -> int | None:
    if _SELECTOR <= code < _SELECTOR + 16:
        return code - _SELECTOR
    if _SELECTOR_MORE <= code < _SELECTOR_MORE + 240:
        return code - _SELECTOR_MORE + 16
    return None
