"""Sessions: cut where the silence is longer than the gap, not where it is as long."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tailorbird.types.feature import FeatureDefinition

START = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def define(name: str, measure: Any, **more: Any) -> FeatureDefinition:
    return FeatureDefinition(name=name, kind="session", purpose="p", measure=measure, **more)


def page(minute: int, path: str | None) -> dict[str, Any]:
    context = {"page": {"path": path}} if path else {}
    return {"timestamp": START + timedelta(minutes=minute), "event": None, "type": "page", "context": context}


PAGES = [page(0, "/old"), page(31, None), page(61, "/a"), page(70, "/b")]
ALL = [
    define("n", "count"),
    define("events", "events"),
    define("seconds", "seconds"),
    define("landing", "landing", field="context.page.path"),
    define("now", "events", current=True, default=0),
]


def test_the_last_session_is_told(compute: Any) -> None:
    assert compute(ALL, PAGES, START + timedelta(minutes=100)) == [2, 3, 39 * 60, "/a", 3]


def test_a_session_that_has_ended_is_not_current(compute: Any) -> None:
    assert compute(ALL, PAGES, START + timedelta(minutes=101)) == [2, 3, 39 * 60, "/a", 0]


def test_nobody_came(compute: Any) -> None:
    assert compute(ALL, PAGES, START) == [0, None, None, None, 0]


def test_the_gap_is_the_definitions_own(compute: Any) -> None:
    sessions = [define("a", "count", gap_minutes=31), define("b", "count", gap_minutes=5)]
    assert compute(sessions, PAGES, START + timedelta(minutes=100)) == [1, 4]
