"""What each person did before and after the decision, run on DuckDB."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tailorbird.stages.measurement import metrics_sql, outcomes_sql, rewards_sql
from tailorbird.types.metric import MetricSpec

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC).replace(tzinfo=None)
UNTIL = (DECIDED + timedelta(days=40)).replace(tzinfo=UTC)
METRIC = MetricSpec("order", "Order Completed", window_days=14)


class Scene:
    """Ann, decided for twice, and what she did."""

    def __init__(self) -> None:
        self.db = duckdb.connect()
        self.db.execute(
            "CREATE TABLE decisions(decision_id VARCHAR, step VARCHAR, person_id VARCHAR, arm VARCHAR, "
            "decided_at TIMESTAMP, subject VARCHAR, locale VARCHAR, variant VARCHAR, stratum VARCHAR)"
        )
        self.db.execute(
            "CREATE TABLE events(message_id VARCHAR, event VARCHAR, person_id VARCHAR, timestamp TIMESTAMP, "
            "properties VARCHAR)"
        )
        for step, days in (("1", 0), ("2", 5)):
            row = [f"d{step}", step, "ann", "treatment", DECIDED + timedelta(days=days), "all", "en", "b", "gold"]
            self.db.execute("INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def happen(self, event: str, days: float, **properties: Any) -> None:
        row = [f"{event}{days}", event, "ann", DECIDED + timedelta(days=days), json.dumps(properties)]
        self.db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)

    def row(self, metric: MetricSpec = METRIC) -> dict[str, Any]:
        self.db.execute(outcomes_sql.compile_outcomes(METRIC, UNTIL))
        self.db.execute(metrics_sql.compile_firsts(UNTIL))
        self.db.execute(rewards_sql.compile_orders(metric, UNTIL))
        (row,) = self.db.execute(metrics_sql.compile_metric_rows(metric, UNTIL)).fetchall()
        return dict(zip(metrics_sql.METRIC_COLUMNS, row, strict=True))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_person_counts_once_from_the_first_decision(scene: Scene) -> None:
    scene.happen("Order Completed", 3, total=10)
    scene.happen("Order Completed", 20, total=10)
    row = scene.row()
    assert (row["count"], row["value"], row["day"], row["age_days"]) == (1, 10, 3, 40)
    assert scene.db.execute(metrics_sql.compile_first_rows()).fetchall() == [
        ("treatment", "b", "en", "2026-09-01", 0, "gold", "ann")
    ]


def test_what_was_done_in_as_many_days_before_is_the_covariate(scene: Scene) -> None:
    scene.happen("Order Completed", -3, total=10)
    scene.happen("Order Completed", -20, total=10)
    row = scene.row()
    assert (row["count"], row["count_before"], row["value_before"]) == (0, 1, 10)


def test_an_order_that_came_back_counts_as_a_return_and_not_as_an_order(scene: Scene) -> None:
    scene.happen("Order Completed", 3, total=10, order_id="o")
    scene.happen("Order Refunded", 9, total=10, order_id="o")
    row = scene.row()
    assert (row["count"], row["value"], row["refunds"], row["per"]) == (0, 0, 1, 1)


def test_the_events_of_a_ratio_are_counted_in_the_window(scene: Scene) -> None:
    scene.happen("Order Completed", 3, total=10)
    for days in (-1, 1, 2, 30):
        scene.happen("Product Viewed", days)
    assert scene.row(MetricSpec("money a view", "Order Completed", kind="ratio", per="Product Viewed"))["per"] == 2


def test_a_person_who_did_nothing_has_a_row_of_zeros(scene: Scene) -> None:
    row = scene.row()
    assert [row[name] for name in metrics_sql.METRIC_COLUMNS[:-1]] == [0] * 7


def test_events_that_are_known_are_counted(scene: Scene) -> None:
    scene.happen("Support Ticket Opened", 1)
    assert scene.db.execute(metrics_sql.compile_known("Support Ticket Opened", UNTIL)).fetchall() == [(1,)]


def test_the_worth_of_a_first_decision_is_that_of_its_window_after_refunds(scene: Scene) -> None:
    scene.happen("Order Completed", 7, total=10, order_id="after the second step")
    scene.happen("Order Refunded", 9, total=4, order_id="after the second step")
    scene.happen("Order Completed", 20, total=50, order_id="after the window")
    scene.row()
    scene.db.execute(metrics_sql.compile_brought(METRIC))
    assert scene.db.execute(metrics_sql.compile_worth()).fetchall() == [("d1", "ann", "treatment", "b", 6, 6)]
    assert scene.db.execute(metrics_sql.compile_kept()).fetchall() == [(1,)]


def test_the_past_of_a_person_ends_at_the_decision(scene: Scene) -> None:
    scene.happen("Order Completed", -100, total=10)
    scene.happen("Order Completed", -60, total=5)
    scene.happen("Order Completed", 3, total=99)
    scene.row()
    assert scene.db.execute(metrics_sql.compile_history_rows()).fetchall() == [(2, 15, 60)]
