"""What the fold reads of an event: no event can break it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird.stages.features.readers import micros_since_epoch, passes, reader_of
from tailorbird.types.event import Event
from tailorbird.types.feature import EventCondition, FeatureDefinition

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def event(**parts: Any) -> Event:
    return Event("track", "m", NOON, NOON, event="Bought", **parts)


def test_an_element_that_is_no_object_has_no_values() -> None:
    define = FeatureDefinition(name="x", kind="last", purpose="p", each="properties.list", field="a")
    listed = [{"a": 1}, "x", None, {"a": None}, {"a": [2]}, {"a": "b"}]
    assert list(reader_of(define, "UTC")(event(properties={"list": listed}))) == [(1, "1"), (6, "b")]
    for odd in (None, 3, "text", {"a": 1}):
        assert list(reader_of(define, "UTC")(event(properties={"list": odd}))) == []


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "../../etc/passwd", "/", 5, None, {}, "CST", "posix/Europe/London", "a\0/b"]
)
def test_a_zone_that_is_none_falls_back_to_the_projects(zone: Any) -> None:
    define = FeatureDefinition(name="x", kind="daypart", purpose="p")
    assert list(reader_of(define, "Asia/Tokyo")(event(context={"timezone": zone}))) == [(0, "evening")]


@pytest.mark.parametrize(
    ("test", "found", "expected"),
    [
        ({"equals": 1}, "1", True),
        ({"equals": True}, "true", True),
        ({"equals": "a"}, ["a"], False),
        ({"one_of": ("a", 2)}, 2.0, True),
        ({"at_least": 5}, "5", True),
        ({"at_least": 5}, True, False),
        ({"at_most": 5}, None, False),
        ({"exists": True}, [], True),
        ({"exists": False}, None, True),
    ],
)
def test_a_condition_passes_by_value(test: dict[str, Any], found: Any, expected: bool) -> None:
    assert passes(EventCondition("properties.a", **test), found) is expected


def test_moments_are_whole_microseconds_and_naive_ones_are_utc() -> None:
    assert micros_since_epoch(NOON) == micros_since_epoch(NOON.replace(tzinfo=None)) == 1_767_268_800_000_000
