"""The line: one event as the log keeps it, written from checked parts, and whether readers of the log can bear it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

DEPTH_MAX = 32
CARRIES_CONSENT = b'"consent'
"""Every line has it whose context holds a consent platform's string."""
_BUT_OPENERS = bytes(byte for byte in range(256) if byte not in b"[{\n")
_ESCAPED_ASCII = re.compile(rb"\\u00[0-7]")
_DIGITS_AS_NOUGHTS = bytes.maketrans(b"123456789", b"000000000")


class EventLine(msgspec.Struct, gc=False):
    """The fields of `Event`, by name; a plain struct, because one is made for each event that comes in."""

    type: str
    message_id: str
    timestamp: datetime
    received_at: datetime
    user_id: str | None
    anonymous_id: str | None
    event: str | None
    properties: dict[str, Any]
    traits: dict[str, Any]
    context: dict[str, Any]


class RawLine(msgspec.Struct, gc=False):
    """The same, its objects as JSON that nobody has decoded."""

    type: str
    message_id: str
    timestamp: datetime
    received_at: datetime
    user_id: str | None
    anonymous_id: str | None
    event: str | None
    properties: msgspec.Raw
    traits: msgspec.Raw
    context: msgspec.Raw


_ENCODER = msgspec.json.Encoder()


def encode_lines(events: Sequence[EventLine] | Sequence[RawLine]) -> bytes:
    """One line per event, each with its end."""
    return _ENCODER.encode_lines(events)


def are_plain(lines: bytes) -> bool:
    """Whether all lines are surely without what `trouble` looks for; False means that it must look."""
    few = lines.count(b"{") + lines.count(b"[") <= DEPTH_MAX
    if not few and max(map(len, lines.translate(None, _BUT_OPENERS).split(b"\n"))) > DEPTH_MAX:
        return False
    if b"\\" in lines and b"\\u0000" in lines:
        return False
    noughts = lines.translate(_DIGITS_AS_NOUGHTS)
    # The shorter search is the quicker one, and mostly finds nothing.
    return b"0" * 10 not in noughts or b"0" * 19 not in noughts


def are_surely_plain(text: bytes) -> bool:
    """Whether unread JSON texts, each behind a line end, are surely objects in which decoding and `trouble` find
    nothing wrong: nested not too deeply, no number out of range, no NUL. False means that somebody must decode them.

    Nor does a letter of English hide behind an escape: whoever looks for a word in the bytes finds it.
    """
    # Imported here, so that commands that read no batch do not load it.
    import numpy as np

    codes = np.frombuffer(text, np.uint8)
    lowered = codes | 32  # '[' becomes '{', and 'E' becomes 'e'.
    begins, openers = np.flatnonzero(codes == 10), np.flatnonzero(lowered == 123)
    if not (codes[begins + 1] == 123).all() or (b"\\" in text and _ESCAPED_ASCII.search(text)):
        return False
    opened = [*np.searchsorted(openers, begins).tolist(), len(openers)]
    if max(map(int.__sub__, opened[1:], opened), default=0) >= DEPTH_MAX:
        return False
    digit = (codes - 48) < 10
    twos = digit[:-1] & digit[1:]
    fours = twos[:-2] & twos[2:]
    eights = fours[:-4] & fours[4:]
    sixteens = eights[:-8] & eights[8:]
    if (sixteens[:-3] & sixteens[3:]).any():  # 19 digits: a number of more than 64 bits, perhaps.
        return False
    if b"+" in text and (b"e+" in text or b"E+" in text):
        return False
    # A digit, an e, and three more digits: 1e400, or a part of some id. Numbers come after one of four characters.
    exponents = np.flatnonzero(digit[:-4] & (lowered[1:-3] == 101) & twos[2:-1] & digit[4:])
    starts = [text[max(place - 20, 0) : place + 1].rstrip(b"0123456789.-")[-1:] for place in exponents.tolist()]
    return not any(start in b":,[ \t" for start in starts)


def trouble(event: EventLine) -> str | None:
    """Why some reader of the log could not bear this event; None if all can."""
    return trouble_in([event.properties, event.traits, event.context])


def trouble_in(objects: list[Any]) -> str | None:
    """Why some reader of the log could not bear an event of which these are the objects; None if all can.

    The data engine's reader of JSON ends at a depth, no column holds whole numbers beyond 64 bits, and PostgreSQL takes
    no NUL in a text.
    """
    for depth, values in enumerate(_levels(objects), 1):
        if depth > DEPTH_MAX:
            return f"nested deeper than {DEPTH_MAX} levels"
        for value in values:
            if isinstance(value, int) and not -(2**63) <= value < 2**64:
                return f"the number {str(value)[:12]}… needs more than 64 bits; send it as text"
            if isinstance(value, str) and "\0" in value:
                return "a text holds the character NUL"
    return None


def _levels(level: list[Any]) -> Iterator[list[Any]]:
    """The keys and values inside of some values, level by level."""
    while level := [part for value in level for part in _parts(value)]:
        yield level


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else ()
