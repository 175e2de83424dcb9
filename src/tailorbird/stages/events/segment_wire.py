"""The wire: Segment-shaped JSON bodies, read into lines for the log; an event that may not go there has a reason."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from tailorbird.stages.events.event_line import DEPTH_MAX, EventLine, are_plain, encode_lines, trouble
from tailorbird.stages.events.quick_batch import QuickJudge, read_quickly
from tailorbird.stages.events.wire_rules import EventError, Frame, SegmentCall, line_of
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.event import EventLines

EVENT_BYTES_MAX = 32 * 1024
BATCH_BYTES_MAX = 500 * 1024

SHARED_BYTES_MAX = 4096
"""A batch's context that is longer is not kept with each of its refused events."""

Judge = Callable[[EventLine], str | None]
_T = TypeVar("_T")
_TEXT, _ID, _TIME, _OBJECT = "text", "text or a whole number", "a time such as 2026-06-01T09:30:00Z", "a JSON object"
_KINDS = {
    **dict.fromkeys(("type", "messageId", "event", "name", "category", "writeKey"), _TEXT),
    **dict.fromkeys(("userId", "anonymousId", "previousId", "groupId"), _ID),
    **dict.fromkeys(("timestamp", "originalTimestamp", "sentAt"), _TIME),
    **dict.fromkeys(("properties", "traits", "context"), _OBJECT),
    "batch": "a list of events",
}
_FIELD = re.compile(r"at `\$\.(?:batch\[[^\]]*\]\.)?(\w+)")


class WireError(TailorbirdError):
    """A body that cannot be read at all, or is too long: none of it was taken."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One event that is not as the rules ask: its place in the body from 0, why, and all that was sent of it."""

    index: int
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What a body holds: events for the log, events that were refused, and the write key if the body names one.
    `silent`: surely no context in it holds a word on consent."""

    events: EventLines
    refused: tuple[Refused, ...] = ()
    write_key: str | None = None
    silent: bool = False


class SegmentBatch(msgspec.Struct, rename="camel"):
    """Many events; `sentAt` and `context` hold for those that have none of their own."""

    batch: list[SegmentCall]
    sent_at: datetime | None = None
    context: dict[str, Any] | None = None
    write_key: str | None = None


class _Envelope(msgspec.Struct, rename="camel"):
    """A batch whose parts are read one by one."""

    batch: list[msgspec.Raw]
    sent_at: msgspec.Raw = msgspec.Raw(b"null")
    context: msgspec.Raw = msgspec.Raw(b"null")
    write_key: msgspec.Raw = msgspec.Raw(b"null")


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_WIRE = msgspec.json.Decoder(SegmentCall)
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NOTHING = EventLines((), b"")
_NO_JUDGE = QuickJudge(lambda _: False)


def read_event(
    kind: str, body: bytes, received_at: datetime, ahead: bool = False, judge: Judge | None = None
) -> Reading:
    """The event of a body posted to `/v1/<kind>`; WireError if it is no JSON object, or over 32 KB.

    No event happens after its receipt, whatever a client's clock says, unless a simulation runs `ahead` of ours.
    `judge` says why an event is refused that keeps to the wire.
    """
    if len(body) > EVENT_BYTES_MAX:
        raise WireError(f"the event has {len(body)} bytes; at most {EVENT_BYTES_MAX} are taken")
    frame = Frame(received_at, kind, ahead, judge=judge)
    try:
        wire = _decode(body, "the body")
        event = line_of(wire, frame, None if wire.message_id else _id_of(body))
        lines = encode_lines([event])
        if not are_plain(lines) and (bad := trouble(event)):
            raise EventError(bad)
    except EventError as error:
        told = _read_loosely(body, str(error))
        if not isinstance(told, dict):
            raise WireError("the body must be a JSON object") from None
        return Reading(_NOTHING, (Refused(0, str(error), body),), _text(told.get("writeKey")))
    return Reading(EventLines((event.message_id,), lines), (), wire.write_key)


def read_batch(
    body: bytes,
    received_at: datetime,
    ahead: bool = False,
    judge: Judge | None = None,
    quick: QuickJudge | None = None,
) -> Reading:
    """The events of a body posted to `/v1/batch`; WireError if it is no batch, or over 500 KB. The rest as above.

    An event that breaks a rule does not stop those beside it. `quick` asks what `judge` asks, in parts: with both, or
    without either, a batch in which every event is right is read the quick way.
    """
    if len(body) > BATCH_BYTES_MAX:
        raise WireError(f"the batch has {len(body)} bytes; at most {BATCH_BYTES_MAX} are taken")
    frame = Frame(received_at, None, ahead, judge=judge)
    if judge is None or quick is not None:
        try:
            if (read := read_quickly(body, frame, quick or _NO_JUDGE, EVENT_BYTES_MAX)) is not None:
                return Reading(read.events, (), read.write_key, read.silent)
        except (EventError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError):
            pass  # One of its events is not right: all are read one by one.
    return _one_by_one(body, frame)


def _one_by_one(body: bytes, frame: Frame) -> Reading:
    envelope = _open(body)
    frame = replace(frame, sent_at=_part(envelope.sent_at, datetime), context=_part(envelope.context, dict) or {})
    events, refused = [], []
    for index, part in enumerate(envelope.batch):
        raw = bytes(part)
        try:
            events.append(_read_one(raw, frame))
        except EventError as bad:
            refused.append(Refused(index, str(bad), _alone(raw, envelope)))
    return Reading(_lines(events), tuple(refused), _part(envelope.write_key, str))


def _alone(raw: bytes, envelope: _Envelope) -> bytes:
    """One event of a batch so that it can be read again as it was: with what the batch said for all, unless that is
    long, because many events may be refused."""
    shared = [(b"sentAt", bytes(envelope.sent_at)), (b"context", bytes(envelope.context))]
    told = [b'"%b":%b,' % (name, part) for name, part in shared if part != b"null" and len(part) <= SHARED_BYTES_MAX]
    return b'{%b"batch":[%b]}' % (b"".join(told), raw) if told else raw


def _read_one(raw: bytes, frame: Frame) -> EventLine:
    if len(raw) > EVENT_BYTES_MAX:
        raise EventError(f"the event has {len(raw)} bytes; at most {EVENT_BYTES_MAX} are taken")
    wire = _decode(raw, "an event")
    return _checked(line_of(wire, frame, None if wire.message_id else _id_of(raw)))


def _checked(event: EventLine) -> EventLine:
    if not are_plain(encode_lines([event])) and (bad := trouble(event)):
        raise EventError(bad)
    return event


def _lines(events: Sequence[EventLine]) -> EventLines:
    return EventLines(tuple([event.message_id for event in events]), encode_lines(events))


def _id_of(raw: bytes) -> str:
    """The same for the same bytes, so that a repetition counts once."""
    return hashlib.sha256(raw).hexdigest()[:32]


def _open(body: bytes) -> _Envelope:
    """The parts of a batch; WireError if it is none."""
    try:
        body.decode()  # The parts are passed over unread, so nobody else has looked.
        return _ENVELOPE.decode(body)
    except msgspec.ValidationError as error:
        raise WireError(f"not a batch: {_plain(str(error), 'the body')}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        told = _read_loosely(body, _unreadable(error, body))
    if not isinstance(told, dict) or not isinstance(told.get("batch"), list):
        raise WireError("not a batch: it needs a list `batch` of events")
    parts = [told.get(name) for name in ("sentAt", "context", "writeKey")]
    return _Envelope([_raw(event) for event in told["batch"]], *map(_raw, parts))


def _read_loosely(body: bytes, reason: str) -> Any:
    """The value of a body as lenient parsers read it: with NaN and Infinity, as some clients write them.

    WireError with the `reason` why strict ones do not, if these do not either.
    """
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError):
        raise WireError(reason) from None


def _raw(value: Any) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(value).encode())


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _part(part: msgspec.Raw, kind: type[_T]) -> _T | None:
    """A part of the envelope if it is what it should be: nothing depends on these alone."""
    try:
        return msgspec.json.decode(part, type=kind)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _decode(body: bytes, what: str) -> SegmentCall:
    """One event; of a field that it has twice the last counts, whatever the others held."""
    try:
        try:
            return _WIRE.decode(body)
        except msgspec.ValidationError:
            return _WIRE.decode(msgspec.json.encode(_FIELDS.decode(body)))
    except msgspec.ValidationError as error:
        raise EventError(_plain(str(error), what)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EventError(_unreadable(error, body)) from None


def _unreadable(error: Exception, body: bytes) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not valid UTF-8 at byte {error.start}"
    if isinstance(error, RecursionError):
        return f"nested deeper than {DEPTH_MAX} levels"
    if b"NaN" in body or b"Infinity" in body:
        return "not valid JSON: NaN and Infinity are no numbers of JSON; send null, or leave the field out"
    return f"not valid JSON: {str(error).removeprefix('JSON is malformed: ')}"


def _plain(found: str, what: str) -> str:
    """The decoder's complaint in the words of the wire."""
    field = _FIELD.search(found)
    if "out of range" in found:
        return f"{field[1] if field else what} holds a number out of range; send it as text"
    if field and field[1] in _KINDS:
        return f"{field[1]} must be {_KINDS[field[1]]}"
    if "missing required field" in found:
        return "it needs a list `batch` of events"
    return f"{what} must be a JSON object"
