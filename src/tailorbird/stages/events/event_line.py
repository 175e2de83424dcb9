"""The line: one event as the log keeps it, written from checked parts, and whether readers of the log can bear it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

DEPTH_MAX = 32
_BUT_OPENERS = bytes(byte for byte in range(256) if byte not in b"[{\n")
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


_ENCODER = msgspec.json.Encoder()


def encode_lines(events: Sequence[EventLine]) -> bytes:
    """One line per event, each with its end."""
    return _ENCODER.encode_lines(events)


def are_plain(lines: bytes, longest_bytes: int = 1 << 60) -> bool:
    """Whether all lines are short, and surely without what `trouble` looks for; False means that it must look."""
    few = lines.count(b"{") + lines.count(b"[") <= DEPTH_MAX
    if not few and max(map(len, lines.translate(None, _BUT_OPENERS).split(b"\n"))) > DEPTH_MAX:
        return False
    if b"\\" in lines and b"\\u0000" in lines:
        return False
    if len(lines) > longest_bytes and max(map(len, lines.split(b"\n"))) > longest_bytes:
        return False
    noughts = lines.translate(_DIGITS_AS_NOUGHTS)
    # The shorter search is the quicker one, and mostly finds nothing.
    return b"0" * 10 not in noughts or b"0" * 19 not in noughts


def trouble(event: EventLine) -> str | None:
    """Why some reader of the log could not bear this event; None if all can.

    The data engine's reader of JSON ends at a depth, no column holds whole numbers beyond 64 bits, and PostgreSQL takes
    no NUL in a text.
    """
    for depth, values in enumerate(_levels(event), 1):
        if depth > DEPTH_MAX:
            return f"nested deeper than {DEPTH_MAX} levels"
        for value in values:
            if isinstance(value, int) and not -(2**63) <= value < 2**64:
                return f"the number {str(value)[:12]}… needs more than 64 bits; send it as text"
            if isinstance(value, str) and "\0" in value:
                return "a text holds the character NUL"
    return None


def _levels(event: EventLine) -> Iterator[list[Any]]:
    """The keys and values of properties, traits and context, level by level."""
    level: list[Any] = [event.properties, event.traits, event.context]
    while level := [part for value in level for part in _parts(value)]:
        yield level


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else ()
