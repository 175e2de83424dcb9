"""What people did in a calendar period, on a real warehouse."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.measurement.program_sql import PERIOD_COLUMNS, compile_period_rows
from tailorbird.stages.measurement.rewards_sql import compile_orders
from tailorbird.types.metric import MetricSpec
from tests.loaded_events import load_events

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, tzinfo=UTC)


def period(events: list[tuple[str, str, float, dict[str, Any]]], since: float, until: float) -> dict[str, Any]:
    """The rows by person: 'a' is admitted on day 0, 'b' on day 10."""
    warehouse = DuckdbWarehouse()
    load_events(warehouse, [(e, p, (START + at * DAY).replace(tzinfo=None), told) for e, p, at, told in events])
    times = [(START + day * DAY).replace(tzinfo=None) for day in (0, 10)]
    warehouse.load("admitted", {"person_id": ["a", "b"], "admitted_at": times})
    end = START + until * DAY
    warehouse.run(compile_orders(MetricSpec("", "Order Completed", margin=0.5), end))
    rows = warehouse.rows(compile_period_rows(START + since * DAY, end))
    return {name: dict(zip(PERIOD_COLUMNS, row, strict=True)) for name, row in zip("ab", rows, strict=True)}


def order(person: str, day: float, total: float, name: str) -> tuple[str, str, float, dict[str, Any]]:
    return ("Order Completed", person, day, {"total": total, "order_id": name})


def test_an_order_counts_after_the_person_came_and_inside_the_period() -> None:
    events = [order("a", -3, 10, "1"), order("a", 2, 20, "2"), order("a", 6, 30, "3"), order("a", 25, 40, "4"),
              order("b", 6, 50, "5"), order("b", 12, 60, "6")]  # fmt: skip
    found = period(events, 5, 20)
    a, b = found["a"], found["b"]
    assert (a["orders"], a["revenue"], a["margin"]) == (1, 30, 15)
    assert (b["orders"], b["revenue"]) == (1, 60)
    assert (a["count_before"], a["count_ever"], a["value_ever"], a["days_since"]) == (1, 1, 10, 3)
    assert (b["count_ever"], b["value_before"]) == (1, 50)
    assert (a["exposure_days"], b["exposure_days"]) == (15, 10)


def test_what_was_paid_back_is_no_order_and_words_count_once() -> None:
    events = [order("a", 6, 30, "3"), ("Order Refunded", "a", 8.0, {"order_id": "3"}),
              *[("Unsubscribed", "a", day, {}) for day in (1.0, 7.0, 8.0)],
              ("Email Marked as Spam", "b", 9.0, {}), ("Email Marked as Spam", "b", 11.0, {}),
              ("Email Sent", "b", 10.0, {})]  # fmt: skip
    found = period(events, 5, 20)
    assert (found["a"]["orders"], found["a"]["revenue"], found["a"]["unsubscribed"]) == (0, 0, 1)
    assert (found["b"]["complained"], found["b"]["sent"], found["a"]["sent"]) == (1, 1, 0)
