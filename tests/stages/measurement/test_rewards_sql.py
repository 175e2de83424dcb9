"""Rewards from events, run on DuckDB: turns, refunds, late orders, long-run guardrails."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tailorbird.stages.measurement import outcomes_sql, rewards_sql
from tailorbird.types.metric import MetricSpec

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC)
METRIC = MetricSpec("order", "Order Completed", window_days=14, margin=0.4)


class Scene:
    """Decisions, their lines and human events in an in-memory DuckDB."""

    def __init__(self) -> None:
        self.db, self.told = duckdb.connect(), 0
        self.db.execute(
            "CREATE TABLE decisions(decision_id VARCHAR, step VARCHAR, person_id VARCHAR, arm VARCHAR, "
            "decided_at TIMESTAMP, subject VARCHAR, locale VARCHAR, variant VARCHAR)"
        )
        self.db.execute(
            "CREATE TABLE slates(decision_id VARCHAR, block VARCHAR, creative_id VARCHAR, eligible INTEGER, "
            "propensity DOUBLE, among VARCHAR)"
        )
        self.db.execute(
            "CREATE TABLE events(message_id VARCHAR, event VARCHAR, person_id VARCHAR, timestamp TIMESTAMP, "
            "properties VARCHAR)"
        )

    def decide(self, person: str, line: str = "c1", days: float = 0, step: str = "1", arm: str = "treatment") -> None:
        at = (DECIDED + timedelta(days=days)).replace(tzinfo=None)
        decision = f"d-{person}-{step}"
        self.db.execute(
            "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, 'all', 'en', '')", [decision, step, person, arm, at]
        )
        if arm == "treatment":
            self.db.execute("INSERT INTO slates VALUES (?, 'subject', ?, 2, 0.25, 's_1')", [decision, line])

    def happen(self, event: str, person: str, days: float, **properties: Any) -> None:
        self.told += 1
        at = (DECIDED + timedelta(days=days)).replace(tzinfo=None)
        self.db.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?)", [f"e{self.told}", event, person, at, json.dumps(properties)]
        )

    def rewards(self, days: float = 60, metric: MetricSpec = METRIC, all_exposed: bool = True) -> list[dict[str, Any]]:
        until = DECIDED + timedelta(days=days)
        self.db.execute(outcomes_sql.compile_outcomes(metric, until))
        self.db.execute(rewards_sql.compile_orders(metric, until))
        self.db.execute(rewards_sql.compile_rewards(metric, until))
        rows = self.db.execute(rewards_sql.compile_reward_rows(all_exposed)).fetchall()
        return [dict(zip(rewards_sql.REWARD_COLUMNS, row, strict=True)) for row in rows]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_an_order_in_the_turn_is_a_reward_with_its_margin(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", 2, total=50, order_id="o1")
    (row,) = scene.rewards()
    assert (row["converted"], row["value"], row["margin"], row["mature"]) == (1, 50, 20, 1)
    assert (row["set_id"], row["propensity"], row["eligible"]) == ("s_1", 0.25, 2)


def test_an_order_after_two_steps_rewards_the_later_one_alone(scene: Scene) -> None:
    scene.decide("ann", "c1")
    scene.decide("ann", "c2", days=5, step="2")
    scene.happen("Order Completed", "ann", 6, total=50)
    assert [(row["creative_id"], row["converted"]) for row in scene.rewards()] == [("c1", 0), ("c2", 1)]


def test_a_delayed_order_revises_the_reward_of_an_earlier_look(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", 10, total=50)
    early, late = scene.rewards(days=9)[0], scene.rewards(days=11)[0]
    assert (early["converted"], early["mature"], early["age_days"]) == (0, 0, 9)
    assert (late["converted"], late["mature"]) == (1, 0)


@pytest.mark.slow
def test_a_whole_refund_takes_the_conversion_back_even_after_the_window(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", 2, total=50, order_id="o1")
    scene.happen("Order Refunded", "ann", 30, total=50, order_id="o1")
    assert scene.rewards(days=29)[0]["converted"] == 1
    row = scene.rewards(days=31)[0]
    assert (row["converted"], row["value"], row["margin"], row["returned"]) == (0, 0, 0, 1)


@pytest.mark.slow
def test_a_partial_refund_leaves_the_rest_and_two_sources_of_it_count_once(scene: Scene) -> None:
    scene.decide("ann")
    for _ in range(2):
        scene.happen("Order Completed", "ann", 2, total=50, order_id="o1")
        scene.happen("Order Refunded", "ann", 4, total=10, order_id="o1")
    (row,) = scene.rewards()
    assert (row["converted"], row["value"], row["returned"]) == (1, 40, 1)


def test_a_refund_that_names_nothing_is_of_the_whole_last_order(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", 2, total=50, order_id="o1")
    scene.happen("Order Completed", "ann", 3, total=20, order_id="o2")
    scene.happen("Order Refunded", "ann", 4)
    (row,) = scene.rewards()
    assert (row["converted"], row["value"]) == (1, 50)


@pytest.mark.slow
def test_a_negative_total_is_an_order_without_money(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", 2, total=-50)
    (row,) = scene.rewards()
    assert (row["converted"], row["value"], row["margin"]) == (1, 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("odd", ["inf", "NaN", 1e300])
def test_an_amount_that_is_no_number_counts_nowhere(scene: Scene, odd: object) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", 2, total=odd, earned=odd)
    metric = MetricSpec("order", "Order Completed", margin="properties.earned")
    (row,) = scene.rewards(metric=metric)
    assert (row["converted"], row["value"], row["margin"]) == (1, 0, 0)


@pytest.mark.slow
def test_a_margin_may_be_an_amount_of_the_event(scene: Scene) -> None:
    scene.decide("ann")
    scene.happen("Order Completed", "ann", 2, total=50, earned=7)
    metric = MetricSpec("order", "Order Completed", margin="properties.earned")
    assert scene.rewards(metric=metric)[0]["margin"] == 7


@pytest.mark.slow
def test_complaints_and_tickets_belong_to_the_decision_that_they_name_or_follow(scene: Scene) -> None:
    scene.decide("ann", "c1")
    scene.decide("ann", "c2", days=5, step="2")
    scene.happen("Email Marked as Spam", "ann", 9, decision_id="d-ann-1")
    scene.happen("Support Ticket Opened", "ann", 6)
    first, second = scene.rewards()
    assert (first["complained"], first["ticket"]) == (1, 0)
    assert (second["complained"], second["ticket"]) == (0, 1)


@pytest.mark.slow
def test_a_line_that_was_replaced_or_never_left_was_not_shown(scene: Scene) -> None:
    for person in ("ann", "bob", "cat"):
        scene.decide(person)
    scene.happen("Email Sent", "ann", 0.1, decision_id="d-ann-1", lines={"subject": "c1"})
    scene.happen("Email Sent", "bob", 0.1, decision_id="d-bob-1", lines={"subject": "other"})
    assert [row["shown"] for row in scene.rewards(all_exposed=False)] == [1, 0, 0]


def test_the_held_out_have_no_line_and_no_reward(scene: Scene) -> None:
    scene.decide("ann", arm="holdout")
    scene.happen("Order Completed", "ann", 2, total=50)
    assert scene.rewards() == []
