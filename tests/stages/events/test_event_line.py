import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tailorbird.adapters.segments.log import event_lines
from tailorbird.stages.events.event_line import EventLine, are_plain, encode_lines, trouble
from tailorbird.types.event import Event

NOW = datetime(2026, 6, 1, 12, 0, 0, 5, tzinfo=UTC)


def line(properties: dict[str, Any]) -> EventLine:
    return EventLine("track", "m", NOW, NOW, "u", None, "A", properties, {}, {"ip": "::1"})


def test_a_line_is_what_the_log_writes_of_the_same_event() -> None:
    event = Event("track", "m", NOW, NOW, "u", None, "A", {"a": [1, "Grüße\n"]}, {}, {"ip": "::1"})
    assert encode_lines([line({"a": [1, "Grüße\n"]})]) == event_lines([event]).lines


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def nested(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


@pytest.mark.slow
@given(VALUES, st.integers(0, 60))
@example(2**64, 0)
@example(-(2**63) - 1, 0)
@example("\0", 0)
@example({"\0": 1}, 0)
@example(["]", "}", "\\u0000"], 31)
def test_lines_that_look_plain_give_no_trouble(value: Any, depth: int) -> None:
    row = line({"a": value, "b": nested(depth)})
    if are_plain(encode_lines([row])):
        assert trouble(row) is None


def test_usual_lines_look_plain_together_and_each_troublesome_one_is_seen_among_them() -> None:
    usual = [line({"id": f"SKU-{n}", "price": 12.5, "products": [{"a": 1}] * 5}) for n in range(100)]
    assert are_plain(encode_lines(usual))
    for bad in (nested(32), 2**64, "\0"):
        troublesome = line({"a": bad})
        assert trouble(troublesome)
        assert not are_plain(encode_lines([*usual[:50], troublesome, *usual[50:]]))
    assert trouble(line({"a": nested(31)})) is None
    assert json.loads(encode_lines([line({})]))["properties"] == {}
