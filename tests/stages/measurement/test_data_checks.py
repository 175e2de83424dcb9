"""What was left out of the figures, in sentences."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from tailorbird.stages.measurement.data_checks import compile_data_checks, told, told_kept
from tailorbird.stages.measurement.rewards_sql import compile_orders
from tailorbird.types.metric import MetricSpec

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC).replace(tzinfo=None)
METRIC = MetricSpec("order", "Order Completed")


def counts(events: list[tuple[str, float, dict[str, Any]]]) -> tuple[int, ...]:
    db = duckdb.connect()
    db.execute("CREATE TABLE decisions(decision_id VARCHAR, decided_at TIMESTAMP)")
    db.execute("INSERT INTO decisions VALUES ('d', ?)", [DECIDED])
    db.execute(
        "CREATE TABLE events(message_id VARCHAR, event VARCHAR, person_id VARCHAR, timestamp TIMESTAMP, properties VARCHAR)"
    )
    for n, (event, days, properties) in enumerate(events):
        row = [f"e{n}", event, "ann", DECIDED + timedelta(days=days), json.dumps(properties)]
        db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)
    until = (DECIDED + timedelta(days=30)).replace(tzinfo=UTC)
    db.execute(compile_orders(METRIC, until))
    (found,) = db.execute(compile_data_checks(METRIC, "winback", until)).fetchall()
    return tuple(int(one) for one in found)


def test_what_is_odd_in_the_events_is_counted() -> None:
    found = counts(
        [
            ("Email Link Clicked", 1, {"campaign": "winback", "decision_id": "nobodys"}),
            ("Email Link Clicked", -1, {"campaign": "winback", "decision_id": "d"}),
            ("Order Completed", 2, {"order_id": "o1", "total": 5}),
            ("Order Completed", 2, {"order_id": "o1", "total": 5}),
            ("Order Completed", 3, {"order_id": "o2", "total": -5}),
            *(
                ("Order Completed", 3, {"order_id": f"odd {odd}", "total": odd})
                for odd in ("inf", "nan", "1e300", "£5")
            ),
            ("Order Completed", 3, {"order_id": "without a total"}),
        ]
    )
    assert found == (1, 1, 1, 1, 4)
    unknown, before, again, negative, unreadable = told(*found)
    assert unreadable.startswith("4 orders have a total that is no amount")
    assert "nobody made here" in unknown and "clock" in before and "once" in again and "negative" in negative


def test_conversions_that_came_back_are_told() -> None:
    assert told_kept(187, 187) == ()
    (said,) = told_kept(187, 175)
    assert said.startswith("12 of the 187 treated people")


def test_sound_events_are_not_spoken_of() -> None:
    assert told(*counts([("Order Completed", 2, {"order_id": "o1", "total": 5})])) == ()
