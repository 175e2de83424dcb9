"""Touches and credit from events, run on DuckDB."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tailorbird.stages.attribution import touches_sql
from tailorbird.stages.measurement import rewards_sql
from tailorbird.types.attribution import AttributionSettings
from tailorbird.types.metric import MetricSpec

START = datetime(2026, 9, 1, 8, tzinfo=UTC)
METRIC = MetricSpec("order", "Order Completed", margin=0.5)


class Scene:
    """Events of people in an in-memory DuckDB."""

    def __init__(self) -> None:
        self.db, self.told = duckdb.connect(), 0
        self.db.execute(
            "CREATE TABLE events(message_id VARCHAR, event VARCHAR, person_id VARCHAR, timestamp TIMESTAMP, "
            "properties VARCHAR, context VARCHAR)"
        )

    def happen(self, event: str, person: str, days: float, context: Any = None, **properties: Any) -> None:
        self.told += 1
        at = (START + timedelta(days=days)).replace(tzinfo=None)
        row = [f"e{self.told}", event, person, at, json.dumps(properties), json.dumps(context or {})]
        self.db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", row)

    def mail(self, person: str, days: float, campaign: str = "win_back") -> None:
        self.happen("Email Link Clicked", person, days, campaign=campaign, decision_id=f"d-{person}-{campaign}")

    def ad(self, person: str, days: float) -> None:
        self.happen("Page Viewed", person, days, {"campaign": {"source": "google", "medium": "cpc", "name": "teapots"}})

    def order(self, person: str, days: float, total: float = 10) -> None:
        self.happen("Order Completed", person, days, total=total)

    def prepare(self, settings: AttributionSettings | None = None) -> None:
        until = START + timedelta(days=90)
        self.db.execute(rewards_sql.compile_orders(METRIC, until))
        self.db.execute(touches_sql.compile_touches(settings or AttributionSettings(), START, until))

    def paths(self, settings: AttributionSettings | None = None) -> list[tuple[str, bool, list[str]]]:
        self.prepare(settings)
        return self.db.execute(
            "SELECT any_value(person_id), ordered, list(label ORDER BY place) FROM touches GROUP BY path_id, ordered "
            "ORDER BY min(met_at)"
        ).fetchall()

    def credit(self, **weights: float) -> dict[str, tuple[float, ...]]:
        self.prepare()
        self.db.execute("CREATE OR REPLACE TABLE label_weights(label VARCHAR, removal DOUBLE, shapley DOUBLE)")
        for label, weight in weights.items():
            self.db.execute(
                "INSERT INTO label_weights VALUES (?, ?, 1)",
                [{"ad": "google / cpc / teapots"}.get(label, label), weight],
            )
        return {row[0]: row[1:] for row in self.db.execute(touches_sql.compile_credit()).fetchall()}


@pytest.fixture
def scene() -> Scene:
    return Scene()


AD = "google / cpc / teapots"


def test_touches_before_an_order_are_its_path_and_those_after_it_another(scene: Scene) -> None:
    scene.ad("ann", 1)
    scene.mail("ann", 2)
    scene.order("ann", 3)
    scene.mail("ann", 4)
    assert scene.paths() == [("ann", True, [AD, "win_back"]), ("ann", False, ["win_back"])]


def test_a_click_outside_its_window_gets_no_credit(scene: Scene) -> None:
    scene.mail("ann", 1)
    scene.order("ann", 10)
    assert scene.paths(AttributionSettings(click_days=5)) == [("ann", False, ["win_back"])]
    assert scene.paths(AttributionSettings(click_days=9)) == [("ann", True, ["win_back"])]


def test_a_message_that_was_only_sent_counts_where_the_window_says_so(scene: Scene) -> None:
    scene.happen("Email Sent", "ann", 1, campaign="win_back", decision_id="d")
    scene.order("ann", 2)
    assert scene.paths() == []
    assert scene.paths(AttributionSettings(sent_days=2)) == [("ann", True, ["win_back"])]


def test_the_landing_page_of_a_click_is_no_second_touch(scene: Scene) -> None:
    scene.mail("ann", 1)
    scene.happen("Page Viewed", "ann", 1.001, {"campaign": {"source": "shop", "medium": "email", "name": "win_back"}})
    scene.order("ann", 2)
    assert scene.paths() == [("ann", True, ["win_back"])]


def test_credit_adds_up_to_the_orders_by_every_rule(scene: Scene) -> None:
    scene.ad("ann", 1)
    scene.mail("ann", 2)
    scene.order("ann", 3, 100)
    scene.ad("bob", 1)
    scene.order("bob", 2, 20)
    scene.ad("cat", 1)
    found = scene.credit(ad=3, win_back=1)
    assert found[AD] == (3, 1, pytest.approx(1.75), pytest.approx(1.5), 20, pytest.approx(95), 10, pytest.approx(47.5))
    assert found["win_back"] == (1, 1, pytest.approx(0.25), 0.5, 100, pytest.approx(25), 50, pytest.approx(12.5))


def test_a_decision_has_the_credit_of_its_own_clicks(scene: Scene) -> None:
    scene.mail("ann", 1, "win_back")
    scene.mail("ann", 2, "replenish")
    scene.order("ann", 3, 100)
    scene.credit(win_back=1, replenish=1)
    assert scene.db.execute(touches_sql.compile_decision_credit()).fetchall() == [
        ("d-ann-replenish", 1, 0.5, 50, 25),
        ("d-ann-win_back", 0, 0.5, 0, 25),
    ]


@pytest.mark.slow
def test_steps_make_a_chain_from_start_to_an_order_or_to_nothing(scene: Scene) -> None:
    scene.ad("ann", 1)
    scene.mail("ann", 2)
    scene.order("ann", 3)
    scene.mail("bob", 2)
    scene.prepare()
    assert scene.db.execute(touches_sql.compile_steps()).fetchall() == [
        ("(start)", AD, 1),
        ("(start)", "win_back", 1),
        (AD, "win_back", 1),
        ("win_back", "(nothing)", 1),
        ("win_back", "(ordered)", 1),
    ]
    assert scene.db.execute(touches_sql.compile_sets()).fetchall() == [([AD, "win_back"], 1, 1), (["win_back"], 1, 0)]


def test_a_refunded_order_is_nobodys(scene: Scene) -> None:
    scene.mail("ann", 1)
    scene.happen("Order Completed", "ann", 2, total=10, order_id="o")
    scene.happen("Order Refunded", "ann", 3, order_id="o")
    assert scene.paths() == [("ann", False, ["win_back"])]
