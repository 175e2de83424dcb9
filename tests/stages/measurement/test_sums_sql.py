"""Running sums of people, run on DuckDB: those of the people's own rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tailorbird.stages.measurement import metrics_sql, outcomes_sql, rewards_sql
from tailorbird.stages.measurement.moments import Moments
from tailorbird.stages.measurement.sums_sql import compile_people, compile_sums, weeks_kept
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
    db.execute("ALTER TABLE decisions ALTER stratum SET DEFAULT 'north'")
    people = [("ann", "treatment", "warm", 0), ("ben", "treatment", "", 0), ("cleo", "holdout", "", 1)]
    for person, arm, variant, day in people:
        row = [person, "1", person, arm, DECIDED + timedelta(days=day), "all", "en", variant]
        db.execute("INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, DEFAULT)", row)
    for person, days, total in (("ann", 3, 10), ("ann", 4, 30), ("ann", -2, 5), ("cleo", 5, 7)):
        row = [f"{person}{days}", "Order Completed", person, DECIDED + timedelta(days=days), f'{{"total": {total}}}']
        db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)
    return db


def counted(db: Any, metric: MetricSpec, query: str) -> list[tuple[Any, ...]]:
    db.execute(outcomes_sql.compile_outcomes(metric, UNTIL))
    db.execute(metrics_sql.compile_firsts(UNTIL))
    db.execute(rewards_sql.compile_orders(metric, UNTIL))
    rows: list[tuple[Any, ...]] = db.execute(query).fetchall()
    return rows


def sums(db: Any, metric: MetricSpec, returns: bool = False) -> dict[tuple[str, ...], tuple[float, Moments]]:
    rows = counted(db, metric, compile_sums(metric, UNTIL, returns))
    return {tuple(place): (did, Moments(*map(float, each))) for *place, did, each in _split(rows)}


def _split(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(*row[:5], row[5], row[6:]) for row in rows]


WARM = ("warm", "north", "2026-09-01", "en", "1")


def test_people_become_sums_by_variant_stratum_day_locale_and_step(db: Any) -> None:
    assert sums(db, MetricSpec("ordered", "Order Completed")) == {
        WARM: (1, Moments(1, 1, 0, 1, 1, 0, 1, 0, 1, 0)),
        ("treatment", "north", "2026-09-01", "en", "1"): (0, Moments(1)),
        ("holdout", "north", "2026-09-02", "en", "1"): (1, Moments(1, 1, yy=1)),
    }


@pytest.mark.slow
def test_money_and_ratios_have_their_squares_and_products(db: Any) -> None:
    did, money = sums(db, MetricSpec("money", "Order Completed", kind="value"))[WARM]
    assert (did, money.y, money.x, money.yy, money.yx) == (1, 40, 5, 1600, 200)
    did, ratio = sums(db, MetricSpec("basket", "Order Completed", kind="ratio"))[WARM]
    assert (did, ratio.y, ratio.b, ratio.yb, ratio.bb) == (1, 40, 2, 80, 4)


@pytest.mark.slow
def test_returns_are_per_order_and_count_who_ordered_even_if_all_came_back(db: Any) -> None:
    db.execute('UPDATE events SET properties = \'{"total": 10, "order_id": "o\' || message_id || \'"}\'')
    for days in (3, 4):
        at = DECIDED + timedelta(days=days)
        row = [f"back{days}", "Order Refunded", "ann", at + timedelta(hours=1), f'{{"order_id": "oann{days}"}}']
        db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)
    own = MetricSpec("ordered", "Order Completed")
    did, returns = sums(db, own, returns=True)[WARM]
    assert (did, returns.n, returns.y, returns.b, returns.x) == (1, 1, 2, 2, 0)
    assert sums(db, own)[WARM][0] == 0


@pytest.mark.slow
def test_people_are_counted_with_who_was_reached_and_the_week_in_which_they_first_did_it(db: Any) -> None:
    row = ["sent", "Email Sent", "ann", DECIDED + timedelta(hours=1), '{"decision_id": "ann"}']
    db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)
    late = ["late", "Order Completed", "ben", DECIDED + timedelta(days=9), '{"total": 1}']
    db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", late)
    metric = MetricSpec("ordered", "Order Completed", window_days=15)
    found = counted(db, metric, compile_people(metric, UNTIL))
    assert weeks_kept(metric) == 2
    assert {row[0]: row[5:] for row in found} == {
        "warm": (1, 1, 1, 0), "treatment": (1, 0, 0, 1), "holdout": (1, 0, 1, 0)
    }  # fmt: skip


def test_a_quantile_has_no_sums() -> None:
    with pytest.raises(ValueError, match="no running sums"):
        compile_sums(MetricSpec("p90", "Order Completed", kind="quantile"), UNTIL)
