"""The baseline of a campaign, run on DuckDB."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tailorbird.stages.measurement import rewards_sql
from tailorbird.stages.measurement.baseline_sql import compile_baseline, compile_event_share
from tailorbird.stages.measurement.moments import Moments
from tailorbird.types.metric import MetricSpec

START = datetime(2026, 9, 1, tzinfo=UTC)
SHARE = MetricSpec("ordered", "Order Completed")
MONEY = MetricSpec("money", "Order Completed", kind="value")


@pytest.fixture
def db() -> Any:
    """Ann orders before and after, Ben before only, Cleo on two days after, of which one is too late; Dan never."""
    db = duckdb.connect()
    db.execute("CREATE TABLE selected(person_id VARCHAR)")
    db.executemany("INSERT INTO selected VALUES (?)", [["ann"], ["ben"], ["cleo"], ["dan"]])
    db.execute(
        "CREATE TABLE events(message_id VARCHAR, event VARCHAR, person_id VARCHAR, timestamp TIMESTAMP, "
        "properties VARCHAR)"
    )
    acts = [("ann", -3, 10), ("ann", 2, 20), ("ben", -5, 30), ("cleo", 6, 40), ("cleo", 15, 50), ("eve", 1, 60)]
    for person, days, total in acts:
        moment = (START + timedelta(days=days)).replace(tzinfo=None)
        row = [f"{person}{days}", "Order Completed", person, moment, json.dumps({"total": total})]
        db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)
    return db


def sums(db: Any, metric: MetricSpec) -> Moments:
    db.execute(rewards_sql.compile_orders(metric, START + timedelta(days=14)))
    (row,) = db.execute(compile_baseline(metric, START)).fetchall()
    return Moments(*map(float, row))


def test_people_are_counted_after_the_moment_and_before_it(db: Any) -> None:
    found = sums(db, SHARE)
    assert (found.n, found.y, found.yy, found.x, found.xx, found.yx) == (4, 2, 2, 2, 2, 1)


def test_money_is_added_up_by_person(db: Any) -> None:
    found = sums(db, MONEY)
    assert (found.n, found.y, found.yy) == (4, 60, 20**2 + 40**2)
    assert (found.x, found.xx, found.yx) == (40, 1000, 200)


def test_people_with_an_event_are_counted_once(db: Any) -> None:
    assert db.execute(compile_event_share("Order Completed", 14, START)).fetchall() == [(2,)]
    assert db.execute(compile_event_share("Unsubscribed", 14, START)).fetchall() == [(0,)]


def test_a_quantile_cannot_be_planned_from_sums() -> None:
    with pytest.raises(ValueError, match="quantile"):
        compile_baseline(MetricSpec("p90", "Order Completed", kind="quantile"), START)
