"""Running sums of people, run on DuckDB: those of the people's own rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tailorbird.stages.measurement import metrics_sql, outcomes_sql, rewards_sql
from tailorbird.stages.measurement.moments import Moments
from tailorbird.stages.measurement.sums_sql import compile_sums
from tailorbird.types.metric import MetricSpec

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC).replace(tzinfo=None)
UNTIL = datetime(2026, 10, 20, tzinfo=UTC)


@pytest.fixture
def db() -> Any:
    db = duckdb.connect()
    db.execute(
        "CREATE TABLE decisions(decision_id VARCHAR, step VARCHAR, person_id VARCHAR, arm VARCHAR, "
        "decided_at TIMESTAMP, subject VARCHAR, locale VARCHAR, variant VARCHAR, stratum VARCHAR DEFAULT '')"
    )
    db.execute(
        "CREATE TABLE events(message_id VARCHAR, event VARCHAR, person_id VARCHAR, timestamp TIMESTAMP, "
        "properties VARCHAR)"
    )
    people = [("ann", "treatment", "warm", 0), ("ben", "treatment", "", 0), ("cleo", "holdout", "", 1)]
    for person, arm, variant, day in people:
        row = [person, "1", person, arm, DECIDED + timedelta(days=day), "all", "en", variant]
        db.execute("INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, DEFAULT)", row)
    for person, days, total in (("ann", 3, 10), ("ann", 4, 30), ("ann", -2, 5), ("cleo", 5, 7)):
        row = [f"{person}{days}", "Order Completed", person, DECIDED + timedelta(days=days), f'{{"total": {total}}}']
        db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)
    return db


def sums(db: Any, metric: MetricSpec) -> dict[tuple[str, str, str], Moments]:
    db.execute(outcomes_sql.compile_outcomes(metric, UNTIL))
    db.execute(metrics_sql.compile_firsts(UNTIL))
    db.execute(rewards_sql.compile_orders(metric, UNTIL))
    rows = db.execute(compile_sums(metric, UNTIL)).fetchall()
    return {(arm, stratum, day): Moments(*map(float, each)) for arm, stratum, day, *each in rows}


def test_people_become_sums_by_variant_locale_and_day(db: Any) -> None:
    assert sums(db, MetricSpec("ordered", "Order Completed")) == {
        ("warm", "en", "2026-09-01"): Moments(1, 1, 0, 1, 1, 0, 1, 0, 1, 0),
        ("treatment", "en", "2026-09-01"): Moments(1),
        ("holdout", "en", "2026-09-02"): Moments(1, 1, yy=1),
    }


@pytest.mark.slow
def test_money_and_ratios_have_their_squares_and_products(db: Any) -> None:
    money = sums(db, MetricSpec("money", "Order Completed", kind="value"))["warm", "en", "2026-09-01"]
    assert (money.y, money.b, money.x, money.yy, money.yx) == (40, 1, 5, 1600, 200)
    ratio = sums(db, MetricSpec("basket", "Order Completed", kind="ratio"))["warm", "en", "2026-09-01"]
    assert (ratio.y, ratio.b, ratio.yb, ratio.bb) == (40, 2, 80, 4)


def test_a_quantile_has_no_sums() -> None:
    with pytest.raises(ValueError, match="no running sums"):
        compile_sums(MetricSpec("p90", "Order Completed", kind="quantile"), UNTIL)
