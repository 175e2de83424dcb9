"""The rows that features read: local times, places and conditions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.features.compile import compile_features
from tailorbird.types.feature import EventCondition, FeatureDefinition

# In the night to 29 March 2026 London's clocks went from 01:00 to 02:00; it was a Sunday.
SATURDAY = datetime(2026, 3, 28, 23, 59, 59, 999_999, tzinfo=UTC).replace(tzinfo=None)
PART = FeatureDefinition(name="part", kind="daypart", event="Bought", purpose="p")
DAY = FeatureDefinition(name="day", kind="weekday", event="Bought", purpose="p")


def day(timestamp: datetime, **context: Any) -> dict[str, Any]:
    return {"timestamp": timestamp, "context": context}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("after", "zone", "expected"),
    [
        (timedelta(0), None, ["evening", "saturday"]),
        (timedelta(microseconds=1), None, ["night", "sunday"]),
        (timedelta(hours=5, microseconds=1), None, ["morning", "sunday"]),
        (timedelta(hours=5), "UTC", ["night", "sunday"]),
        (timedelta(0), "Asia/Kolkata", ["night", "sunday"]),
        (timedelta(hours=5), "CST", ["night", "sunday"]),
    ],
)
def test_local_time_follows_the_clock_of_the_place(
    compute: Any, after: timedelta, zone: Any, expected: list[str]
) -> None:
    events = [day(SATURDAY + after, timezone=zone)]
    assert compute([PART, DAY], events, SATURDAY + timedelta(days=2)) == expected


def test_the_engine_knows_the_zones_that_python_knows() -> None:
    warehouse = DuckdbWarehouse(threads=1)
    sql = compile_features([PART])
    start = sql.index("zones AS (") + len("zones AS (")
    known = {row[0] for row in warehouse.rows(sql[start : sql.index(")", sql.index("OR name"))])}
    assert known - available_timezones() == set()
    assert len(known) > 500


def test_both_agree_on_local_hours_of_many_zones_and_years() -> None:
    warehouse = DuckdbWarehouse(threads=1)
    # Zones whose rules have not changed this year: each engine brings its own edition of the tz database.
    zones = ["America/Sao_Paulo", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York"]
    moments = [datetime(2009, 1, 1, tzinfo=UTC) + timedelta(hours=1003 * i) for i in range(180)]
    pairs = [(zone, moment) for zone in zones for moment in moments]
    warehouse.load(
        "pairs", {"n": list(range(len(pairs))), "zone": [z for z, _ in pairs], "moment": [m for _, m in pairs]}
    )
    rows = warehouse.rows("SELECT timezone(zone, timezone('UTC', moment)) FROM pairs ORDER BY n")
    assert [row[0] for row in rows] == [m.astimezone(ZoneInfo(z)).replace(tzinfo=None) for z, m in pairs]


def test_a_place_is_where_the_event_came_from_else_where_the_person_lives(compute: Any) -> None:
    place = FeatureDefinition(name="c", kind="place", purpose="p")
    home = {"timestamp": SATURDAY, "traits": {"address": {"country": "DE"}}}
    later = SATURDAY + timedelta(hours=1)
    assert compute([place], [home], later) == ["DE"]
    assert compute([place], [{**home, "context": {"location": {"country": "GB"}}}], later) == ["GB"]
    assert compute([place], [{**home, "traits": {"country": "FR", "address": {"country": "DE"}}}], later) == ["FR"]


def test_with_each_a_condition_is_about_the_element_unless_it_begins_with_a_root(compute: Any) -> None:
    def lines(*conditions: EventCondition) -> FeatureDefinition:
        return FeatureDefinition(
            name=f"n{len(str(conditions))}",
            kind="count",
            event="Bought",
            purpose="p",
            each="properties.products",
            where=conditions,
        )

    products = [{"type": "mug", "total": 3}, {"type": "tin", "total": 8}]
    events = [{"timestamp": SATURDAY, "properties": {"total": 11, "products": products}}]
    definitions = [
        lines(EventCondition("total", at_least=5)),
        lines(EventCondition("properties.total", at_least=10)),
        lines(EventCondition("type", equals="track")),
    ]
    assert compute(definitions, events, SATURDAY + timedelta(hours=1)) == [1, 2, 2]
