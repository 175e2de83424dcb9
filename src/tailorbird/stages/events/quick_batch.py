"""The quick way through a batch: what is surely right is checked in columns and copied; all else is looked at closely.

Properties, traits and contexts are never decoded here: they go into the log as they were sent, and are written in one
form when the segment is sealed. That is allowed only where nobody who decodes them could find anything: so the quick
way answers None as soon as it is not sure, and the batch is read event by event.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

import msgspec

from tailorbird.stages.events.event_line import CARRIES_CONSENT, RawLine, are_surely_plain, encode_lines, trouble
from tailorbird.stages.events.wire_rules import (
    CLOCK_OFF_MAX,
    ID_CHARS_MAX,
    EventError,
    Frame,
    SegmentCall,
    check_name,
    line_of,
    read_id,
)
from tailorbird.types.event import EventLines

_SLACK_BYTES = 8192
"""More than ids, name and times of one line can have."""
_EMPTY = msgspec.Raw(b"{}")
_SPACES = bytes.maketrans(b"\n\r", b"  ")
_ENCODE = msgspec.json.Encoder().encode


class _Call(msgspec.Struct, rename="camel", gc=False):
    """As `SegmentCall`, its objects unread."""

    type: str | None = None
    message_id: str | None = None
    user_id: str | int | None = None
    anonymous_id: str | int | None = None
    previous_id: str | int | None = None
    group_id: str | int | None = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    timestamp: datetime | None = None
    original_timestamp: datetime | None = None
    sent_at: datetime | None = None
    properties: msgspec.Raw = _EMPTY
    traits: msgspec.Raw = _EMPTY
    context: msgspec.Raw = _EMPTY
    write_key: str | None = None


class _Batch(msgspec.Struct, rename="camel"):
    batch: list[_Call]
    sent_at: datetime | None = None
    context: dict[str, Any] | None = None
    write_key: str | None = None


class _Sender(msgspec.Struct, rename="camel"):
    user_agent: Any = None


_AS_SENT = (
    "type", "message_id", "user_id", "anonymous_id", "previous_id", "group_id", "event", "name", "category",
    "timestamp", "original_timestamp", "sent_at",
)  # fmt: skip
_BATCH = msgspec.json.Decoder(_Batch)
_SENDER = msgspec.json.Decoder(_Sender)
_OBJECT = msgspec.json.Decoder(dict[str, Any])
_OBJECT_OR_NOT = msgspec.json.Decoder(dict[str, Any] | None)
Planned = Callable[[str, str | None, Mapping[str, Any], Mapping[str, Any]], str | None]


@dataclass(frozen=True, slots=True)
class QuickJudge:
    """What a judge of whole events asks, in parts: `marks` says whether a context with this user agent would be
    written to, `plan` why an event of this type, name, properties and traits may not come in (None: there is no plan).
    """

    marks: Callable[[object], bool]
    plan: Planned | None = None


class QuickReading(NamedTuple):
    """The lines of a batch, its write key, and whether surely no context in it holds a word on consent."""

    events: EventLines
    write_key: str | None
    silent: bool


def read_quickly(body: bytes, frame: Frame, judge: QuickJudge, longest: int) -> QuickReading | None:
    """A batch in which every event is surely right, and its line has at most `longest` bytes.

    None, or an error of msgspec's, EventError, UnicodeDecodeError or RecursionError: it must be read closely.
    """
    body.decode()  # Strings that are passed over are not looked at elsewhere.
    body = body.strip()
    batch = _BATCH.decode(body)
    if b"\n" in body or b"\r" in body:  # They stand between values only, or it were no JSON; a line has none.
        batch = _BATCH.decode(body.translate(_SPACES))
    frame = replace(frame, sent_at=batch.sent_at, context=batch.context or {})
    lines, parts = _read_calls(batch.batch, frame, judge)
    ids = [line.message_id for line in lines]
    if not _are_right(ids, {line.user_id for line in lines} | {line.anonymous_id for line in lines}):
        return None
    for name in {line.event for line in lines}:
        check_name(name)
    text = b"\n" + b"\n".join(parts)
    if not are_surely_plain(text):
        return None
    written = encode_lines(lines)
    may_be_long = len(written) > longest and 3 * max(map(len, parts)) + _SLACK_BYTES > longest
    if may_be_long and max(map(len, written.split(b"\n"))) > longest:
        return None
    return QuickReading(EventLines(tuple(ids), written), batch.write_key, CARRIES_CONSENT not in text)


def _read_calls(calls: Sequence[_Call], frame: Frame, judge: QuickJudge) -> tuple[list[RawLine], list[msgspec.Raw]]:
    """A line for each event, and all the unread objects in them, repeated contexts once."""
    shift, received = _shift(frame), frame.received_at
    latest = datetime.max.replace(tzinfo=UTC) - max(shift, timedelta(0)) if frame.ahead else received - shift
    shared = _raw(frame.context)
    contexts: dict[bytes, msgspec.Raw | None] = {}
    lines: list[RawLine] = []
    parts = [shared]
    plan, marked = judge.plan, judge.marks(frame.context.get("userAgent"))
    for call in calls:
        kind, message_id, told, context = call.type, call.message_id, call.timestamp, call.context
        user_id, device_id, properties, traits = call.user_id, call.anonymous_id, call.properties, call.traits
        if context is _EMPTY:
            kept = None if marked else shared
        else:
            key = bytes(context)
            kept = contexts.get(key)
            if kept is None and key not in contexts:
                kept = contexts[key] = None if judge.marks(_SENDER.decode(key).user_agent) else context
                parts.append(context)
        if (
            kept is None
            or not message_id
            or not (user_id or device_id)
            or not (user_id is None or user_id.__class__ is str)
            or not (device_id is None or device_id.__class__ is str)
            or not ((kind == "track" and call.event) or kind == "identify")
            or not (told is None or (told.tzinfo is UTC and told <= latest))
            or call.original_timestamp is not None
            or call.sent_at is not None
        ):
            line = _read_closely(call, frame)
        else:
            name = call.event if kind == "track" else None
            if plan is not None and (reason := plan(kind, name, _OBJECT.decode(properties), _OBJECT.decode(traits))):
                raise EventError(reason)
            happened = received if told is None else told + shift if shift else told
            line = RawLine(
                kind, message_id, happened, received, user_id or None, device_id or None, name, properties, traits, kept
            )  # fmt: skip
        lines.append(line)
        if line.properties is not _EMPTY:
            parts.append(line.properties)
        if line.traits is not _EMPTY:
            parts.append(line.traits)
    return lines, parts


def _shift(frame: Frame) -> timedelta:
    """By how much the sender's clock is off; EventError where that depends on each event."""
    if frame.sent_at is None:
        return timedelta(0)
    if frame.sent_at.tzinfo is None:
        raise EventError("sentAt needs a closer look")
    off = frame.received_at - frame.sent_at
    if not -CLOCK_OFF_MAX <= off <= CLOCK_OFF_MAX:
        raise EventError("sentAt needs a closer look")
    return off


def _read_closely(call: _Call, frame: Frame) -> RawLine:
    """The line of one event by all the rules; EventError if it breaks one."""
    told = {name: getattr(call, name) for name in _AS_SENT}
    context = None if call.context is _EMPTY else _OBJECT_OR_NOT.decode(call.context)
    wire = SegmentCall(
        **told,
        properties=_OBJECT_OR_NOT.decode(call.properties),
        traits=_OBJECT_OR_NOT.decode(call.traits),
        context=context,
    )
    event = line_of(wire, frame, None)
    if bad := trouble(event):
        raise EventError(bad)
    return RawLine(
        event.type, event.message_id, event.timestamp, event.received_at, event.user_id, event.anonymous_id,
        event.event, _raw(event.properties), _raw(event.traits), _raw(event.context),
    )  # fmt: skip


def _raw(value: Mapping[str, Any]) -> msgspec.Raw:
    return msgspec.Raw(_ENCODE(value))


def _are_right(message_ids: Sequence[str], others: set[str | None]) -> bool:
    """Whether all ids are short and printable and surely not like ours; EventError: one is not."""
    sent = "".join(message_ids)
    if ":" in sent or not sent.isprintable() or max(map(len, message_ids), default=0) > ID_CHARS_MAX:
        return False
    others.discard(None)
    listed = cast("set[str]", others)
    text = "".join(listed)
    if ":" in text:
        for one in listed:
            read_id(one, "userId")
    return text.isprintable() and max(map(len, listed), default=0) <= ID_CHARS_MAX
