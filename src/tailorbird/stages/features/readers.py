"""What the online fold reads of one event: the rows of a feature, with the values that its tally counts."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tailorbird.stages.features.definitions import ROOTS
from tailorbird.stages.features.frequent_sql import SEPARATOR
from tailorbird.stages.features.rows_sql import DAYPARTS, WEEKDAYS
from tailorbird.stages.features.scalars import micros_of, text_of, value_at
from tailorbird.types.event import Event
from tailorbird.types.feature import EventCondition, FeatureDefinition

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NO_ZONES = ("Canada/East-Saskatchewan", "US/Pacific-New")
Rows = Sequence[tuple[int, Any]]
Reader = Callable[[Event], Rows]
"""From an event to (position, value) of every row that counts."""


def micros_since_epoch(moment: datetime) -> int:
    """A moment as whole microseconds; a moment without zone is in UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND


def reader_of(definition: FeatureDefinition, timezone: str) -> Reader:
    """The reader of one definition, for events of its name."""
    value = _value_of(definition, timezone)
    tests = [(condition, _finder(condition.field)) for condition in definition.where]
    listed = _finder(definition.each) if definition.each else None
    optional = definition.kind in ("count", "recency", "days_since") and not definition.field
    optional = optional or definition.kind == "session"

    def counted(event: Event, position: int, element: Any) -> Rows:
        for condition, find in tests:
            if not passes(condition, find(event, element)):
                return ()
        found = value(event, element)
        return ((position, found),) if found is not None or optional else ()

    if listed is None:
        return lambda event: counted(event, 0, None)

    def read(event: Event) -> Rows:
        found = listed(event, None)
        elements = found if isinstance(found, list | tuple) else ()
        return [row for position, element in enumerate(elements, 1) for row in counted(event, position, element)]

    return read


def passes(condition: EventCondition, found: Any) -> bool:
    """Whether what was found at the condition's field passes."""
    if condition.exists is not None:
        return (found is not None) is condition.exists
    if condition.at_least is not None or condition.at_most is not None:
        number = micros_of(found) if condition.field != "type" else None
        if number is None:
            return False
        if condition.at_least is not None:
            return number >= (micros_of(condition.at_least) or 0)
        return number <= (micros_of(condition.at_most) or 0)
    text = text_of(found)
    wanted = condition.one_of if condition.one_of is not None else (condition.equals,)
    return text is not None and any(text == text_of(one) for one in wanted)


def _finder(path: str) -> Callable[[Event, Any], Any]:
    """How to find a path of a condition: the event's type, or inside the event, or inside the element."""
    if path == "type":
        return lambda event, element: event.type
    return _value_finder(path)


def _value_finder(path: str) -> Callable[[Event, Any], Any]:
    root, _, rest = path.partition(".")
    if root not in ROOTS:
        steps = tuple(path.split("."))
        return lambda event, element: value_at(element, steps)
    inner = tuple(rest.split("."))
    return lambda event, element: value_at(getattr(event, root), inner)


def _value_of(definition: FeatureDefinition, timezone: str) -> Callable[[Event, Any], Any]:
    kind = definition.kind
    if kind in ("daypart", "weekday"):
        names = DAYPARTS if kind == "daypart" else WEEKDAYS
        default = ZoneInfo(timezone)

        def local(event: Event, element: Any) -> str:
            moment = event.timestamp if event.timestamp.tzinfo else event.timestamp.replace(tzinfo=UTC)
            named = event.context.get("timezone")
            there = moment.astimezone((_zone(named) if isinstance(named, str) else None) or default)
            return names[there.hour // 6 if kind == "daypart" else there.weekday()]

        return local
    if kind == "place":
        level = definition.level
        finders = [_finder(f"{root}.{level}") for root in ("context.location", "traits", "traits.address")]
        return lambda event, element: next(
            (text for text in (text_of(find(event, element)) for find in finders) if text is not None), None
        )
    if not definition.field:
        return lambda event, element: None
    find = _value_finder(definition.field)
    if kind in ("count", "recency", "days_since"):
        return lambda event, element: None if find(event, element) is None else 1
    make = _maker(definition)
    return lambda event, element: make(find(event, element))


def _maker(definition: FeatureDefinition) -> Callable[[Any], Any]:
    if definition.kind in ("sum", "mean"):
        return micros_of
    if definition.kind == "top_k":
        return lambda found: None if (text := text_of(found)) is None else text.replace(SEPARATOR, " ")
    if definition.kind in ("last", "first") and definition.type == "number":
        return micros_of
    if definition.kind in ("last", "first") and definition.type == "boolean":
        return lambda found: {"true": True, "false": False}.get(text_of(found) or "")
    return text_of


@lru_cache(maxsize=1000)
def _zone(name: str) -> ZoneInfo | None:
    if ("/" not in name and name != "UTC") or name in _NO_ZONES:
        return None
    if name.startswith(("SystemV/", "posix/", "right/")):
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None
