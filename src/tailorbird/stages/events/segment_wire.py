"""The wire: Segment-shaped JSON bodies, checked and parsed into events."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast, get_args

import msgspec

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.event import Event, EventType
from tailorbird.types.identity import IDENTITIES_MERGED, IDENTITIES_SPLIT, IDENTITY_EVENT_PREFIX

EVENT_BYTES_MAX = 32 * 1024
BATCH_BYTES_MAX = 500 * 1024
DEPTH_MAX = 32
ID_CHARS_MAX = 250
"""A person's id may get 'anon:' before it, and every database takes 255 characters."""

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_T = TypeVar("_T")
EVENT_TYPES: frozenset[str] = frozenset(get_args(EventType))
OUR_EVENTS = frozenset({
    "Email Sent", "Email Opened", "Email Link Clicked", "Email Delivered", "Email Bounced", "Email Marked as Spam",
    "Unsubscribed", IDENTITIES_MERGED, IDENTITIES_SPLIT,
})  # fmt: skip
"""Events that Tailorbird alone records: what is learned and reported rests on them, so nobody may send them in."""
_TEXT, _ID, _TIME, _OBJECT = "text", "text or a whole number", "a time such as 2026-06-01T09:30:00Z", "a JSON object"
_KINDS = {
    **dict.fromkeys(("type", "messageId", "event", "name", "category"), _TEXT),
    **dict.fromkeys(("userId", "anonymousId", "previousId", "groupId"), _ID),
    **dict.fromkeys(("timestamp", "originalTimestamp", "sentAt"), _TIME),
    **dict.fromkeys(("properties", "traits", "context"), _OBJECT),
    "batch": "a list of events",
}
_LONG = re.compile(rb"\d{19}")
_FIELD = re.compile(r"at `\$\.(\w+)")


@dataclass(frozen=True, slots=True)
class WireProblem:
    """What is wrong with one event of a body; `index` is its place in the batch, from 0 (0 for a single event)."""

    index: int
    message: str


class WireError(TailorbirdError):
    """A body that is refused as a whole, with one problem per bad event; none of its events counts."""

    def __init__(self, problems: tuple[WireProblem, ...]) -> None:
        self.problems = problems
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"event {problems[0].index}: {problems[0].message}{more}")


class _Batch(msgspec.Struct, rename="camel"):
    batch: list[msgspec.Raw]
    sent_at: datetime | None = None
    context: dict[str, Any] | None = None


class _Wire(msgspec.Struct, rename="camel"):
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
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: dict[str, Any] | None = None


_BATCH = msgspec.json.Decoder(_Batch)
_WIRE = msgspec.json.Decoder(_Wire)


def read_event(kind: str, body: bytes, received_at: datetime, ahead: bool = False) -> Event:
    """The event of a body posted to `/v1/<kind>`; WireError if it is malformed or over 32 KB.

    No event happens after its receipt, whatever a client's clock says, unless a simulation runs `ahead` of ours.
    """
    try:
        return _parse(body, kind, _Batch([]), received_at, ahead)
    except _EventError as bad:
        raise WireError((WireProblem(0, str(bad)),)) from None


def read_batch(body: bytes, received_at: datetime, ahead: bool = False) -> list[Event]:
    """The events of a body posted to `/v1/batch`; WireError lists every bad event, and then none is taken.

    `ahead` as in `read_event`.
    """
    if len(body) > BATCH_BYTES_MAX:
        raise WireError((WireProblem(0, f"the batch has {len(body)} bytes; at most {BATCH_BYTES_MAX} are taken"),))
    try:
        batch = _decode(_BATCH, body)
    except _EventError as bad:
        raise WireError((WireProblem(0, f"not a batch: {bad}"),)) from None
    events, problems = [], []
    for index, raw in enumerate(batch.batch):
        try:
            events.append(_parse(bytes(raw), None, batch, received_at, ahead))
        except _EventError as bad:
            problems.append(WireProblem(index, str(bad)))
    if problems:
        raise WireError(tuple(problems))
    return events


class _EventError(Exception):
    pass


def _decode(decoder: "msgspec.json.Decoder[_T]", body: bytes, what: str = "the body") -> _T:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _EventError(_plain(str(error), what)) from None
    except msgspec.DecodeError as error:
        raise _EventError(f"not valid JSON: {str(error).removeprefix('JSON is malformed: ')}") from None
    except UnicodeDecodeError as error:
        raise _EventError(f"not valid UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise _EventError(f"nested deeper than {DEPTH_MAX} levels") from None


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


def _parse(raw: bytes, kind: str | None, batch: _Batch, received_at: datetime, ahead: bool) -> Event:
    if len(raw) > EVENT_BYTES_MAX:
        raise _EventError(f"the event has {len(raw)} bytes; at most {EVENT_BYTES_MAX} are taken")
    wire = _decode(_WIRE, raw, "the body" if kind else "an event")
    event_type = _event_type(wire, kind)
    user_id, anonymous_id = _id(wire.user_id, "userId"), _id(wire.anonymous_id, "anonymousId")
    if event_type == "alias":
        # The former id takes the anonymous place: an event with both ids is what joins them.
        anonymous_id = _id(wire.previous_id, "previousId") or anonymous_id
        if not (user_id and anonymous_id):
            raise _EventError("alias needs userId and previousId")
    if not user_id and not anonymous_id:
        raise _EventError("one of userId and anonymousId is needed")
    if event_type == "track" and not wire.event:
        raise _EventError("track needs an event name in `event`")
    # A page's name is its event's name, as in an import, so that features and metrics count both alike.
    event = wire.event if event_type == "track" else wire.name if event_type in ("page", "screen") else None
    if event in OUR_EVENTS:
        raise _EventError(f"{event!r} is recorded by Tailorbird only; it cannot be sent in")
    properties = {**(wire.properties or {}), **dict(_extra_properties(wire, event_type))}
    context = wire.context if wire.context is not None else batch.context or {}
    happened = _timestamp(wire, batch, received_at)
    _check_depth(raw, (properties, wire.traits, context))
    _check_integers(raw, (properties, wire.traits, context))
    return Event(
        type=event_type,
        message_id=_id(wire.message_id, "messageId") or hashlib.sha256(raw).hexdigest()[:32],
        timestamp=happened if ahead else min(happened, received_at),
        received_at=received_at,
        user_id=user_id,
        anonymous_id=anonymous_id,
        event=event,
        properties=properties,
        traits=wire.traits or {},
        context=context,
    )


def _event_type(wire: _Wire, kind: str | None) -> EventType:
    found = wire.type or kind
    if found is None or found not in EVENT_TYPES:
        raise _EventError(f"type is {found!r}; it is one of {', '.join(sorted(EVENT_TYPES))}")
    if kind and found != kind:
        raise _EventError(f"type is {found!r}, but it was posted to /v1/{kind}")
    return cast(EventType, found)


def _extra_properties(wire: _Wire, event_type: str) -> Iterator[tuple[str, str]]:
    if event_type in ("page", "screen"):
        if wire.name:
            yield "name", wire.name
        if wire.category:
            yield "category", wire.category
    if event_type == "group":
        group_id = _id(wire.group_id, "groupId")
        if not group_id:
            raise _EventError("group needs groupId")
        yield "groupId", group_id


def _id(value: str | int | None, name: str) -> str | None:
    if value is None or value == "":
        return None
    text = str(value)
    if len(text) > ID_CHARS_MAX:
        raise _EventError(f"{name} has {len(text)} characters; at most {ID_CHARS_MAX} are taken")
    if _CONTROL.search(text):
        raise _EventError(f"{name} holds a control character")
    if name == "messageId" and text.startswith(("sent:", IDENTITY_EVENT_PREFIX)):
        raise _EventError(f"a messageId that begins with '{text.split(':')[0]}:' is Tailorbird's own")
    return text


def _timestamp(wire: _Wire, batch: _Batch, received_at: datetime) -> datetime:
    """When it happened, by our clock: the client's clock is off by (its sentAt - our receivedAt)."""
    happened, sent = wire.original_timestamp or wire.timestamp, wire.sent_at or batch.sent_at
    if happened is None:
        return received_at
    try:
        return _utc(happened) if sent is None else received_at - (_utc(sent) - _utc(happened))
    except OverflowError:
        raise _EventError("timestamp or sentAt is out of range") from None


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _check_depth(raw: bytes, values: tuple[Mapping[str, Any] | None, ...]) -> None:
    if raw.count(b"{") + raw.count(b"[") <= DEPTH_MAX:
        return
    level: list[Any] = [value for value in values if value]
    for _ in range(DEPTH_MAX):
        level = [
            child
            for value in level
            for child in (value.values() if isinstance(value, dict) else value)
            if isinstance(child, (dict, list))
        ]
        if not level:
            return
    raise _EventError(f"nested deeper than {DEPTH_MAX} levels")


def _check_integers(raw: bytes, values: tuple[Mapping[str, Any] | None, ...]) -> None:
    """Refuse whole numbers that 64 bits do not hold: no column of a warehouse does, and no float either."""
    if not _LONG.search(raw):
        return
    level: list[Any] = [value for value in values if value]
    while level:
        children = [child for value in level for child in (value.values() if isinstance(value, dict) else value)]
        for child in children:
            if isinstance(child, int) and not -(2**63) <= child < 2**64:
                raise _EventError(f"the number {str(child)[:12]}… needs more than 64 bits; send it as text")
        level = [child for child in children if isinstance(child, (dict, list))]
