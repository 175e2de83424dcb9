"""Credit over a real warehouse."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.attribute import attribute, credit_of_decisions
from tailorbird.stages.measurement.rewards_sql import compile_orders
from tailorbird.types.attribution import Attribution, AttributionSettings
from tailorbird.types.effect import Effect
from tailorbird.types.metric import MetricSpec
from tests.loaded_events import load_events

START = datetime(2026, 9, 1, 8, tzinfo=UTC)
UNTIL = START + timedelta(days=60)
MAIL: tuple[str, dict[str, Any], dict[str, Any]] = (
    "Email Link Clicked",
    {"campaign": "winback", "decision_id": "d"},
    {},
)
AD: tuple[str, dict[str, Any], dict[str, Any]] = (
    "Page Viewed",
    {},
    {"campaign": {"source": "google", "medium": "cpc", "name": "tea"}},
)
ORDER: tuple[str, dict[str, Any], dict[str, Any]] = ("Order Completed", {"total": 20}, {})


def credited(*paths: tuple[Any, ...], changed: Effect | None = None) -> tuple[Attribution, DuckdbWarehouse]:
    events = [
        (event, f"p{n}", START + timedelta(days=1 + i), properties, context)
        for n, path in enumerate(paths)
        for i, (event, properties, context) in enumerate(path)
    ] or [("Page Viewed", "nobody", START, {}, {})]
    warehouse = DuckdbWarehouse()
    load_events(warehouse, [event[:4] for event in events], [event[4] for event in events])
    warehouse.run(compile_orders(MetricSpec("order", "Order Completed", margin=0.5), UNTIL))
    found = attribute(warehouse, AttributionSettings(), "winback", START, UNTIL, changed, "nobody was held out")
    return found, warehouse


def test_all_rules_credit_all_touched_orders_and_the_holdout_stands_beside_them() -> None:
    paths = [(AD, MAIL, ORDER)] * 6 + [(AD, ORDER)] * 2 + [(MAIL,)] * 4 + [(ORDER,)] * 3
    found, _ = credited(*paths, changed=Effect(3, 1, 5, 0.01))
    assert (found.orders, found.untouched) == (11, 3)
    assert sum(row.last_touch for row in found.rows) == pytest.approx(8)
    assert sum(row.removal for row in found.rows) == pytest.approx(8)
    assert sum(row.shapley or 0 for row in found.rows) == pytest.approx(8)
    own = next(row for row in found.rows if row.own)
    assert own.label == "winback" and own.last_touch == 6 and own.removal < 6
    assert own.value_last_touch == 120 and own.margin_last_touch == 60
    assert found.calibration == pytest.approx(0.5)


def test_a_decision_has_its_share_of_each_order() -> None:
    _, warehouse = credited((AD, MAIL, ORDER))
    last, removal, margin_last, _ = credit_of_decisions(warehouse)["d"]
    assert (last, margin_last) == (1, 10) and 0 < removal <= 1


def test_without_touches_nothing_is_credited_and_nothing_is_known() -> None:
    found, warehouse = credited()
    assert (found.rows, found.orders, found.changed) == ((), 0, None)
    assert found.why == "nobody was held out"
    assert credit_of_decisions(warehouse) == {}
