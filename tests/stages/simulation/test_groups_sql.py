"""Groups of people by what they did before, on a real engine."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.simulation.groups_sql import GROUPS, compile_group_outcomes, compile_groups
from tailorbird.types.metric import MetricSpec

METRIC = MetricSpec("ordered", "Order Completed")
AT = datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None)


def group_of(*days_before: float, event: str = "Order Completed") -> int:
    warehouse = DuckdbWarehouse()
    times = [AT - timedelta(days=days) for days in days_before] or [AT - timedelta(days=2)]
    names = [event] * len(times) if days_before else ["Page Viewed"]
    warehouse.load(
        "events",
        {"message_id": [str(i) for i in range(len(times))], "person_id": ["a"] * len(times), "event": names, "timestamp": times},
    )  # fmt: skip
    warehouse.load("people", {"key": ["k"], "person_id": ["a"], "at": [AT]})
    ((key, group),) = warehouse.rows(compile_groups("people", METRIC))
    assert key == "k"
    return int(group)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("days", "group"),
    [((), 0), ((400,), 0), ((-3,), 0), ((5,), 1), ((60,), 2), ((200,), 3), ((5, 70), 4), ((1, 2, 3, 4), 7), ((300,) * 9, 9)],
)  # fmt: skip
def test_a_group_is_how_often_and_how_long_ago_and_never_what_came_later(days: Any, group: int) -> None:
    assert group_of(*days) == group < GROUPS


def test_only_the_metrics_own_event_counts() -> None:
    assert group_of(5, event="Order's Draft") == 0


def test_outcomes_are_counted_by_arm_and_group_where_the_window_is_over() -> None:
    warehouse = DuckdbWarehouse()
    warehouse.load(
        "outcomes",
        {
            "decision_id": ["a", "b", "c", "d"], "arm": ["treatment", "treatment", "holdout", "treatment"],
            "first": [1, 1, 1, 0], "open_window": [0, 0, 0, 0], "conversion_day": [3, None, None, 1],
        },
    )  # fmt: skip
    warehouse.load("grouped", {"key": ["a", "b", "c", "d"], "people_group": [2, 2, 0, 2]})
    assert warehouse.rows(compile_group_outcomes("grouped")) == [("holdout", 0, 1, 0), ("treatment", 2, 2, 1)]
