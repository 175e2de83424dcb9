import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tailorbird.adapters.segments.soundness import sound_line
from tailorbird.pipeline.screening import Screening
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.stages.events.quick_batch import read_quickly
from tailorbird.stages.events.segment_wire import EVENT_BYTES_MAX, Reading, WireError, read_batch
from tailorbird.stages.events.wire_rules import Frame
from tailorbird.types.tracking_plan import EventRule, FieldRule, TrackingPlan

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLAN = TrackingPlan({"Viewed": EventRule(properties={"price": FieldRule("number")}, required=("price",))})
SCREENINGS = {"no plan": Screening(), "a plan": Screening(PlanChecks(PLAN))}
BOT = '{"userAgent":"Googlebot/2.1"}'


def event(**parts: str) -> str:
    """An event whose fields are JSON texts."""
    told = {"type": '"track"', "messageId": '"m"', "userId": '"u"', "event": '"A"', **parts}
    return "{" + ",".join(f'"{name}":{text}' for name, text in told.items() if text) + "}"


def batch(*events: str, more: str = "") -> bytes:
    return ('{"batch":[' + ",".join(events) + "]" + more + "}").encode()


def quick(body: bytes, screening: Screening = SCREENINGS["no plan"], ahead: bool = False) -> object:
    return read_quickly(body, Frame(NOW, None, ahead, judge=screening.judge), screening.quick, EVENT_BYTES_MAX)


def told(body: bytes, screening: Screening, ahead: bool, is_quick: bool) -> tuple[object, ...]:
    """All that a reading says, its lines as they are sealed."""
    try:
        found: Reading = read_batch(body, NOW, ahead, screening.judge, screening.quick if is_quick else None)
    except WireError as error:
        return (str(error),)
    lines = [sound_line(line + b"\n") for line in found.events.lines.split(b"\n")[:-1]]
    assert all(b'"consent' not in line for line in lines if line and found.silent)
    return found.events.message_ids, lines, found.refused, found.write_key


TEXTS = st.sampled_from(
    ["", "a", "u:1", "anon:x", "sent:1", "gpc:1", "\0", "a\nb", "Grüße", "\u2028", "\x7f", '"', "\\", "1e400", "Viewed",
     "Unsubscribed", "consent", "x" * 251, "y" * 1001, "😀" * 250, "{[", "}]", "0" * 25, "2026-06-01T11:00:00Z"]
)  # fmt: skip
NUMBERS = st.sampled_from(
    ["0", "-0", "1.50", "1e5", "1E+400", "-1e400", "1e308", "1.7976931348623159e308", "1e-400", "9" * 18, "9" * 19,
     str(2**63), str(2**64), str(-(2**63) - 1), "0.1234567890123456789", "12.0", "NaN", "-Infinity", "01",
     "123456789012345678.123456789012345678e300"]
)  # fmt: skip
ESCAPES = st.sampled_from(
    [
        '"\\u0000"',
        '"\\ud800"',
        '"\\ud83d\\ude00"',
        '"\\u00e9"',
        '"\\/"',
        '"a\\u0062"',
        '"\\x"',
        '"\t"',
        '"\x01"',
        '"a\nb"',
        '"\r"',
    ]
)
SPACE = st.sampled_from(["", "", "", " ", "\n", "\r\n\t"])
VALUES = st.recursive(
    NUMBERS | ESCAPES | TEXTS.map(json.dumps) | TEXTS.map(lambda text: json.dumps(text, ensure_ascii=False))
    | st.sampled_from(["null", "true", "tru", "[]", "{}"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: "[" + " ,".join(parts) + "]")
    | st.lists(st.tuples(TEXTS.map(json.dumps) | ESCAPES, SPACE, inner), max_size=4).map(
        lambda pairs: "{" + ",".join(f"{key}{space}:{space}{value}" for key, space, value in pairs) + "}"
    ),
    max_leaves=6,
)  # fmt: skip
OBJECTS = VALUES.map(lambda value: '{"a": ' + value + "}") | st.sampled_from(
    ["{}", "null", "[1]", '{"price":1}', '{"price":"x"}', '{"a":1,"a":2}', '{"consents":{"x":false}}',
     '{"a":' + "[" * 31 + "]" * 31 + "}", '{"a":' + "[" * 32 + "]" * 32 + "}", '{"a":' + "[" * 2000 + "]" * 2000 + "}",
     '{"a":"' + "x" * 33_000 + '"}', '{"a":"' + "[" * 40 + '"}']
)  # fmt: skip
CONTEXTS = OBJECTS | st.sampled_from(
    [BOT, '{"userAgent":"a","userAgent":"Googlebot/2.1"}', '{"user\\u0041gent":"Googlebot/2.1"}', '{"userAgent":7}',
     '{"consent":{"tcString":"x"}}', '{"\\u0063onsent":{}}', '{"test":true}']
)  # fmt: skip
TIMES = st.sampled_from(
    ['"2026-06-01T11:00:00Z"', '"2026-06-01T11:00:00.123Z"', '"2026-06-01T13:00:00+02:00"', '"2026-06-01T11:00:00"',
     '"2099-01-01T00:00:00Z"', '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59Z"', '"1970-01-01T00:00:00Z"',
     '"2026-02-31T00:00:00Z"', "null", "5", '"2026-06-01T12:00:00Z"', '"2026-05-31T11:00:00Z"']
)  # fmt: skip
IDS = TEXTS.map(json.dumps) | ESCAPES | st.sampled_from(["null", "7", "-1", "1.5", "true", '"u1"', '"d1"'])
FIELDS: Mapping[str, st.SearchStrategy[str]] = {
    "type": st.sampled_from(['"track"', '"identify"', '"page"', '"screen"', '"group"', '"alias"', '"dance"', "null"]),
    "messageId": IDS, "userId": IDS, "anonymousId": IDS, "previousId": IDS, "groupId": IDS,
    "event": TEXTS.map(json.dumps) | ESCAPES | st.sampled_from(['"Viewed"', "null", "3"]),
    "name": TEXTS.map(json.dumps), "category": TEXTS.map(json.dumps), "timestamp": TIMES, "originalTimestamp": TIMES,
    "sentAt": TIMES, "properties": OBJECTS, "traits": OBJECTS, "context": CONTEXTS, "writeKey": IDS,
    "unknown": VALUES,
}  # fmt: skip
PAIRS = st.sampled_from(sorted(FIELDS)).flatmap(lambda name: st.tuples(st.just(name), FIELDS[name]))
USUAL = [("type", '"track"'), ("messageId", '"m1"'), ("userId", '"u"'), ("event", '"Viewed"'), ("properties", '{"price":1}')]  # fmt: skip


@st.composite
def hostile_events(draw: st.DrawFn) -> str:
    """Usual events of which a few fields are something else, absent, or there twice."""
    absent = draw(st.sets(st.sampled_from([name for name, _ in USUAL]), max_size=1))
    pairs = [pair for pair in USUAL if pair[0] not in absent] + draw(st.lists(PAIRS, max_size=3))
    space = draw(SPACE)
    return "{" + f",{space}".join(f'"{name}":{space}{text}' for name, text in pairs) + space + "}"


@pytest.mark.slow
@given(
    st.lists(hostile_events() | st.sampled_from([event(), "3", "null", "[]"]), max_size=4),
    st.lists(st.tuples(st.sampled_from(["sentAt", "context", "writeKey"]), TIMES | CONTEXTS | IDS), max_size=2),
    st.sampled_from(sorted(SCREENINGS)),
    st.booleans(),
)
@example([event(properties='{"a":1e400}', messageId='"3a1e400b"')], [], "no plan", False)
@example([event(properties="5")[:-1] + ',"properties":{}}'], [], "no plan", False)
@example([event(context='{"\\u0063onsent":{"a":1}}')], [], "no plan", False)
@example([event(properties='{"a":1,\n"b":2}')], [], "a plan", False)
@example([event(properties='{"a":"1\n2"}')], [], "no plan", False)
@example([event(unknown='"\r"')], [], "no plan", False)
def test_the_quick_way_says_what_reading_each_event_says(
    events: list[str], shared: list[tuple[str, str]], screening: str, ahead: bool
) -> None:
    body = batch(*events, more="".join(f',"{name}":{text}' for name, text in shared))
    judge = SCREENINGS[screening]
    assert told(body, judge, ahead, is_quick=True) == told(body, judge, ahead, is_quick=False)


def usual(n: int) -> str:
    more: dict[str, Any] = {
        "type": ("track", "identify", "page", "group", "alias")[n % 5], "messageId": f"3a1e400b-{n:04}",
        "userId": n if n % 3 else f"user:{n}", "previousId": "p", "groupId": "g", "event": "Order Completed",
        "name": "Home", "properties": {"price": n + 0.5, "note": 'Größe "M"', "products": [{"a": []}] * 5},
        "context": {"page": {"path": f"/{n}"}, "userAgent": "Googlebot" if n == 7 else "Mozilla"},
        "timestamp": "2026-06-01T11:00:00.000Z" if n % 2 else "2099-01-01T00:00:00Z",
    }  # fmt: skip
    return json.dumps(more, indent=n % 2 or None, ensure_ascii=n % 4 == 0)


def test_usual_batches_are_read_the_quick_way_and_say_the_same() -> None:
    body = batch(*map(usual, range(100)), more=',"sentAt":"2026-06-01T11:59:59Z","context":{"ip":"1"},"writeKey":"k"')
    assert quick(body) is not None
    judge = SCREENINGS["no plan"]
    assert told(body, judge, False, is_quick=True) == told(body, judge, False, is_quick=False)
    assert quick(batch(event(event='"Viewed"', properties='{"price":2}')), SCREENINGS["a plan"]) is not None
    assert quick(batch()) is not None


@pytest.mark.parametrize("text", ["1e400", "9" * 19, '"\\u0000"', "[" * 31 + "]" * 31, "1E+400"])
def test_one_object_that_might_give_trouble_sends_its_batch_the_long_way(text: str) -> None:
    rest = [event(properties='{"price":12.5}')] * 50
    assert quick(batch(*rest)) is not None
    for field in ("properties", "traits", "context"):
        assert quick(batch(*rest, event(**{field: '{"a":' + text + "}"}), *rest)) is None


def test_a_long_line_sends_its_batch_the_long_way_and_many_short_ones_do_not() -> None:
    short = event(properties='{"a":"' + "x" * 20_000 + '"}')
    assert quick(batch(*[short] * 5)) is not None
    assert quick(batch(short, event(properties='{"a":"' + "x" * EVENT_BYTES_MAX + '"}'))) is None
