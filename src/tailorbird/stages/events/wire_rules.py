"""What the wire's rules ask of one event: its type, its ids, its name, and when it happened by our clock."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, get_args

import msgspec

from tailorbird.stages.events.event_line import EventLine
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.event import TOLD_TIME, EventType
from tailorbird.types.identity import IDENTITIES_MERGED, IDENTITIES_SPLIT
from tailorbird.types.reserved import MESSAGE_PREFIXES, PERSON_PREFIXES, reserved_prefix

ID_CHARS_MAX = 250
"""A person's id may get 'anon:' before it, and every database takes 255 characters."""
TEXT_CHARS_MAX = 1000
"""Names of events, pages and screens."""
CLOCK_OFF_MAX = timedelta(days=1)
"""A client's clock that is off by more is believed only as far as its own two times fit together."""
QUEUED_MAX = timedelta(days=30)

CONTROL = r"[\x00-\x1f\x7f]"
"""What no id and no name may hold, as a regular expression that the data engine reads as well."""
_CONTROL = re.compile(CONTROL)
EVENT_TYPES: frozenset[str] = frozenset(get_args(EventType))
OUR_EVENTS = frozenset({
    "Email Sent", "Email Opened", "Email Link Clicked", "Email Delivered", "Email Bounced", "Email Marked as Spam",
    "Unsubscribed", IDENTITIES_MERGED, IDENTITIES_SPLIT,
})  # fmt: skip
"""Events that Tailorbird alone records: what is learned and reported rests on them, so nobody may send them in."""


def _told(words: str) -> Any:
    return msgspec.Meta(description=words)


class SegmentCall(msgspec.Struct, rename="camel", gc=False):
    """One event of a body, as its sender wrote it; a field that is not here is not kept."""

    type: Annotated[str | None, _told("track, identify, page, screen, group or alias; a route of one type adds it")] = (
        None
    )
    message_id: Annotated[str | None, _told("the dedupe key; without one, a hash of what was sent")] = None
    user_id: Annotated[str | int | None, _told("the person, if known; at most 250 characters")] = None
    anonymous_id: Annotated[str | int | None, _told("the device or browser; this or userId is needed")] = None
    previous_id: Annotated[str | int | None, _told("the former id; alias needs it")] = None
    group_id: Annotated[str | int | None, _told("the group; group needs it")] = None
    event: Annotated[str | None, _told("the event's name; track needs it")] = None
    name: Annotated[str | None, _told("the name of a page or screen")] = None
    category: Annotated[str | None, _told("the category of a page or screen")] = None
    timestamp: Annotated[datetime | None, _told("when it happened, by the sender's clock")] = None
    original_timestamp: Annotated[datetime | None, _told("the same, and preferred to timestamp")] = None
    sent_at: Annotated[datetime | None, _told("when it was sent, by the sender's clock: tells how far that is off")] = (
        None
    )
    properties: Annotated[dict[str, Any] | None, _told("of the event")] = None
    traits: Annotated[dict[str, Any] | None, _told("of the person or group")] = None
    context: Annotated[dict[str, Any] | None, _told("of the sender: library, page, locale and so on")] = None
    write_key: Annotated[str | None, _told("the write key, where no Basic user name carries it")] = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What all events of one body share. With `ahead` events may lie in the future, as simulated ones do. `judge`
    says why an event that keeps to the wire may still not come in, and may write into its context."""

    received_at: datetime
    kind: str | None = None
    ahead: bool = False
    sent_at: datetime | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    judge: Callable[[EventLine], str | None] | None = None


class EventError(TailorbirdError):
    """An event that breaks a rule of the wire; says which."""


def line_of(wire: SegmentCall, frame: Frame, default_id: str | None) -> EventLine:
    """The event as the log keeps it; EventError says which rule it breaks. `default_id` stands in for a messageId."""
    event_type = _type(wire, frame.kind)
    user_id, anonymous_id = read_id(wire.user_id, "userId"), read_id(wire.anonymous_id, "anonymousId")
    if event_type == "alias":
        # The former id takes the anonymous place: an event with both ids is what joins them.
        anonymous_id = read_id(wire.previous_id, "previousId") or anonymous_id
        if not (user_id and anonymous_id):
            raise EventError("alias needs userId and previousId")
    if not user_id and not anonymous_id:
        raise EventError("one of userId and anonymousId is needed")
    message_id = read_id(wire.message_id, "messageId") or default_id
    if message_id is None:
        raise EventError("messageId is needed")
    happened = when(wire, frame)
    context = wire.context if wire.context is not None else frame.context
    if happened > frame.received_at and not frame.ahead:
        context = {**context, TOLD_TIME: _utc(wire.original_timestamp or wire.timestamp or happened).isoformat()}
        happened = frame.received_at
    event = EventLine(
        event_type,
        message_id,
        happened,
        frame.received_at,
        user_id,
        anonymous_id,
        _name(wire, event_type),
        _properties(wire, event_type),
        wire.traits or {},
        dict(context),
    )
    if frame.judge is not None and (reason := frame.judge(event)):
        raise EventError(reason)
    return event


def _type(wire: SegmentCall, kind: str | None) -> str:
    found = wire.type or kind
    if found not in EVENT_TYPES:
        told = f"{found[:40]!r}" if found else "missing"
        raise EventError(f"type is {told}; it is one of {', '.join(sorted(EVENT_TYPES))}")
    if kind and found != kind:
        raise EventError(f"type is {found!r}, but it was posted to /v1/{kind}")
    return str(found)


def _name(wire: SegmentCall, event_type: str) -> str | None:
    if event_type == "track":
        name = wire.event
        if not name:
            raise EventError("track needs an event name in `event`")
    elif event_type in ("page", "screen"):
        # A page's name is its event's name, as in an import, so that features and metrics count both alike.
        name = wire.name
    else:
        return None
    check_name(name)
    return name


def check_name(name: str | None) -> None:
    """EventError if an event may not have this name; it may have none."""
    if name is None:
        return
    if name in OUR_EVENTS:
        raise EventError(f"{name!r} is recorded by Tailorbird only; it cannot be sent in")
    if len(name) > TEXT_CHARS_MAX:
        raise EventError(f"the event's name has {len(name)} characters; at most {TEXT_CHARS_MAX} are taken")
    if not name.isprintable() and _CONTROL.search(name):
        raise EventError("the event's name holds a control character")


def _properties(wire: SegmentCall, event_type: str) -> dict[str, Any]:
    properties = wire.properties or {}
    if event_type in ("page", "screen"):
        if wire.name:
            properties["name"] = wire.name
        if wire.category:
            properties["category"] = wire.category
    elif event_type == "group":
        group_id = read_id(wire.group_id, "groupId")
        if not group_id:
            raise EventError("group needs groupId")
        properties["groupId"] = group_id
    return properties


def read_id(value: str | int | None, name: str) -> str | None:
    """An id as text, None where nothing is said; EventError says what is wrong with field `name`."""
    # This is all that happens to most ids. Those of ours have a colon.
    if isinstance(value, str) and 0 < len(value) <= ID_CHARS_MAX and value.isprintable() and ":" not in value:
        return value
    if value is None or value == "":
        return None
    text = value if isinstance(value, str) else str(value)
    if len(text) > ID_CHARS_MAX:
        raise EventError(f"{name} has {len(text)} characters; at most {ID_CHARS_MAX} are taken")
    if not text.isprintable() and _CONTROL.search(text):
        raise EventError(f"{name} holds a control character")
    ours = {"messageId": MESSAGE_PREFIXES, "groupId": ()}.get(name, PERSON_PREFIXES)
    if (prefix := reserved_prefix(text, ours)) is not None:
        raise EventError(f"{name} begins with {prefix!r}, which is Tailorbird's own; send another id")
    return text


def when(wire: SegmentCall, frame: Frame) -> datetime:
    """When it happened by our clock, which the sender's is off by (its sentAt - our receipt).

    A sentAt that is far from our clock is believed only if it fits the event's own time: a telephone that thinks it is
    1970 is corrected, a sentAt that somebody left at the year 1 is not.
    """
    told, sent = wire.original_timestamp or wire.timestamp, wire.sent_at or frame.sent_at
    if told is None:
        return frame.received_at
    try:
        happened = _utc(told)
        if sent is None:
            return happened
        sent = _utc(sent)
        off = frame.received_at - sent
        if not -CLOCK_OFF_MAX <= off <= CLOCK_OFF_MAX and not -CLOCK_OFF_MAX <= sent - happened <= QUEUED_MAX:
            return happened
        return happened + off
    except OverflowError:
        raise EventError("timestamp or sentAt is out of range") from None


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
