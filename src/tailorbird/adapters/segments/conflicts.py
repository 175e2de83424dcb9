"""Whether two lines under one message id tell of the same event: a repetition, or another event under a taken id."""

import msgspec

from tailorbird.types.event import TOLD_TIME


class _Told(msgspec.Struct):
    """A line, its objects unread."""

    message_id: str
    type: str
    user_id: str | None = None
    anonymous_id: str | None = None
    event: str | None = None
    properties: msgspec.Raw = msgspec.Raw(b"{}")
    traits: msgspec.Raw = msgspec.Raw(b"{}")
    context: msgspec.Raw = msgspec.Raw(b"{}")
    timestamp: str = ""


_TOLD = msgspec.json.Decoder(_Told)


def tell_the_same(one: bytes, other: bytes) -> bool:
    """Whether two lines differ in nothing but their times."""
    return _without_times(_TOLD.decode(one)) == _without_times(_TOLD.decode(other))


def _without_times(told: _Told) -> tuple[object, ...]:
    """What a repetition has in common with its original; the times depend on when it was sent."""
    context = msgspec.json.decode(told.context)
    context.pop(TOLD_TIME, None)
    named = (told.type, told.user_id, told.anonymous_id, told.event)
    return (*named, bytes(_in_one_form(told.properties)), bytes(_in_one_form(told.traits)), context)


def _in_one_form(raw: msgspec.Raw) -> msgspec.Raw:
    """JSON as sealed segments have it: the intake may have left it as it was sent."""
    return msgspec.Raw(msgspec.json.encode(msgspec.json.decode(raw)))


def line_with_id(lines: bytes, message_id: str) -> bytes | None:
    """The line of this id among whole lines; None if it is not there."""
    needle = b'"message_id":' + msgspec.json.encode(message_id)
    at = lines.find(needle)
    while at >= 0:
        begin, end = lines.rfind(b"\n", 0, at) + 1, lines.find(b"\n", at)
        line = lines[begin : end if end >= 0 else len(lines)]
        if _TOLD.decode(line).message_id == message_id:
            return line
        at = lines.find(needle, at + 1)
    return None


class _Wire(msgspec.Struct, rename="camel", omit_defaults=True):
    type: str
    message_id: str
    timestamp: str | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    event: str | None = None
    name: str | None = None
    previous_id: str | None = None
    properties: msgspec.Raw = msgspec.Raw(b"{}")
    traits: msgspec.Raw = msgspec.Raw(b"{}")
    context: msgspec.Raw = msgspec.Raw(b"{}")


def wire_of(line: bytes) -> str:
    """A line as its sender might have written it, so that it can be sent once more under an id of its own."""
    told = _TOLD.decode(line)
    alias = told.type == "alias"
    wire = _Wire(
        told.type,
        told.message_id,
        told.timestamp,
        told.user_id,
        None if alias else told.anonymous_id,
        told.event if told.type == "track" else None,
        None if told.type == "track" else told.event,
        told.anonymous_id if alias else None,
        _in_one_form(told.properties),
        _in_one_form(told.traits),
        _in_one_form(told.context),
    )
    return msgspec.json.encode(wire).decode()
