"""A hostile stream of events, by seed, and a feature of every kind over it: for comparing ways to compute features."""

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tailorbird.types.feature import EventCondition, FeatureDefinition

START = datetime(2026, 3, 20, tzinfo=UTC).replace(tzinfo=None)  # UTC; the clocks of Europe change within the stream.
DAYS = 20
EVENTS = ("Bought", "Seen", None)
TEXTS = (
    *(
        "mugs",
        "tins",
        "käse ☕",
        "日本",
        "NaN",
        "null",
        "true",
        "1",
        "1.0",
        " 5",
        "5\n",
        "1_000",
        "1e3",
        "-0",
        "x" * 60,
    ),
    *(
        "0.0000005",
        "999999999999.9999996",
        'a"b',
        "a\\b",
        "it's",
        "\u200b",
        "",
        "0",
        "1.50",
        "Infinity",
        "１",
        "a\x1fb",
    ),
)
NUMBERS = (
    *(0, 1, -5, 7.5, 0.1, 0.2, 1e-7, 0.0000005, 2.5, 1e2, 123456789.123457, 999999999999.0, 9e11, 8999999999.123457),
    *(1e22, True, False, None, -0.0, 3.0, 10**12, -(10**11)),
)
ZONES = ("America/New_York", "Asia/Kolkata", "Mars/Olympus", "Europe/London", 5, None, "CST")


class Stream(NamedTuple):
    """Events in columns, and the spine: at which moments of whom features are asked for."""

    events: dict[str, list[Any]]
    spine: dict[str, list[Any]]


def make_stream(rows: int, seed: int, names: Sequence[str] = ()) -> Stream:
    """About as many events as rows, and `rows` rows of the spine; some people have no event at all.

    Many events share a moment, and message ids are in no order of time. Values are of every JSON type, so that a
    field is a number here and a list there. `names` are further names of events.
    """
    draw = random.Random(seed)
    people = [f"p{i:05}" for i in range(max(3, rows // 12))]
    ids = draw.sample(range(10 * rows + 10), rows)
    known = (*EVENTS, *names)
    events = [_event(draw, people, known, ids[i]) for i in range(rows)]
    columns = {name: [event[name] for event in events] for name in events[0]} if events else {}
    asked = [(draw.choice([*people, "nobody"]), _moment(draw)) for _ in range(2 * rows)]
    spine = sorted(set(asked))
    draw.shuffle(spine)
    kept = spine[:rows]
    return Stream(columns, {"person_id": [one for one, _ in kept], "as_of": [moment for _, moment in kept]})


def _moment(draw: random.Random) -> datetime:
    if draw.random() < 0.5:
        return START + timedelta(hours=draw.randrange(DAYS * 24))
    return START + timedelta(microseconds=draw.randrange(DAYS * 86_400 * 1_000_000))


def _value(draw: random.Random) -> Any:
    return draw.choice(TEXTS) if draw.random() < 0.5 else draw.choice(NUMBERS)


def _event(draw: random.Random, people: Sequence[str], names: Sequence[str | None], number: int) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    if draw.random() < 0.8:
        properties["total"] = _value(draw)
    if draw.random() < 0.3:
        properties["currency"] = draw.choice(["GBP", 1, 2.5, "EUR"])
    if draw.random() < 0.3:
        properties["gift"] = draw.choice([True, False, "true", "x", 1])
    if draw.random() < 0.6:
        lines = [{"family": _value(draw), "quantity": _value(draw)} for _ in range(draw.randrange(4))]
        properties["products"] = draw.choice([lines, lines, 5, None, [1, None, "x", {"family": "mugs", "quantity": 2}]])
    context: dict[str, Any] = {}
    if draw.random() < 0.6:
        context["timezone"] = draw.choice(ZONES)
    if draw.random() < 0.5:
        context["location"] = {
            "country": draw.choice(["GB", "DE", _value(draw)]),
            "city": draw.choice(["Köln", "Leeds", None]),
        }
    if draw.random() < 0.5:
        context["page"] = _value(draw)
    return {
        "person_id": draw.choice(people),
        "event": draw.choice(names),
        "type": draw.choice(["track", "identify"]),
        "message_id": f"m{number:08}",
        "timestamp": _moment(draw),
        "properties": json.dumps(properties, ensure_ascii=draw.random() < 0.3),
        "traits": json.dumps({"country": "FR"} if draw.random() < 0.2 else {}),
        "context": json.dumps(context, ensure_ascii=False),
    }


def _of(name: str, kind: Any, event: str | None = "Bought", **more: Any) -> FeatureDefinition:
    return FeatureDefinition(name=name, kind=kind, event=event, purpose="comparison", **more)


_WRITTEN = """SELECT person_id, as_of, count(*) FILTER (WHERE type = 'track') AS tracked,
max(CASE WHEN event = 'Bought' THEN 'buyer' ELSE 'guest' END) AS role FROM events GROUP BY person_id, as_of"""

DEFINITIONS = (
    _of("bought", "count"),
    _of("anything", "count", None),
    _of("bought_well_3_days", "count", window_days=3, where=(EventCondition("properties.total", at_least=10),)),
    _of("in_pounds", "count", where=(EventCondition("properties.currency", one_of=("GBP", 1, 2.5)),)),
    _of("without_total", "count", where=(EventCondition("properties.total", exists=False),)),
    _of("lines", "count", each="properties.products"),
    _of("spent", "sum", field="properties.total"),
    _of("mugs", "sum", each="properties.products", field="quantity", where=(EventCondition("family", equals="mugs"),)),
    _of("usual_total_60_hours", "mean", field="properties.total", window_hours=60),
    _of("last_total", "last", field="properties.total"),
    _of("last_total_number", "last", field="properties.total", type="number"),
    _of("first_gift", "first", field="properties.gift", type="boolean"),
    _of("first_family", "first", each="properties.products", field="family", default="none"),
    _of("families", "distinct", each="properties.products", field="family"),
    _of("totals", "distinct", field="properties.total", window_days=5),
    _of("top_families", "top_k", each="properties.products", field="family", k=3),
    _of("hours_since", "recency", unit="hours"),
    _of("minutes_since_first_seen", "recency", "Seen", unit="minutes", pick="first"),
    _of("days_since", "days_since"),
    _of("per_order", "ratio", None, numerator="spent", denominator="bought", when_zero=0.0),
    _of("sessions", "session", None, gap_minutes=120),
    _of("session_events", "session", None, gap_minutes=120, measure="events"),
    _of("session_seconds", "session", None, gap_minutes=120, measure="seconds", window_days=5),
    _of("landing", "session", None, gap_minutes=120, measure="landing", field="context.page"),
    _of("part_of_day", "daypart", None),
    _of("day_of_week", "weekday", "Seen"),
    _of("country", "place", None),
    _of("usual_city", "place", None, level="city", pick="most"),
    _of("tracked", "sql", None, type="number", query=_WRITTEN),
    _of("role", "sql", None, type="text", query=_WRITTEN),
)
"""Every kind of feature, and what their options change."""
