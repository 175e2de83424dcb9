"""Arms compared over a real warehouse: metrics, guardrails, variants, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.compare import Compared, compare_arms, metrics_of
from tailorbird.pipeline.observe import load_decisions
from tailorbird.stages.measurement import outcomes_sql
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision
from tailorbird.types.experiment import ExperimentSpec, VariantSpec
from tailorbird.types.guardrail import GuardrailSpec
from tailorbird.types.metric import MetricSpec
from tests.loaded_events import load_events

pytestmark = pytest.mark.slow

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC)
UNTIL = DECIDED + timedelta(days=30)
PEOPLE = 3000
EXPERIMENT = ExperimentSpec({"plain": VariantSpec(), "warm": VariantSpec()}, "plain")


def world(rates: dict[str, float], extra: dict[str, dict[str, float]] | None = None) -> DuckdbWarehouse:
    """PEOPLE people in equal arms who order with these rates; `extra` are rates of other events."""
    rng = np.random.default_rng(11)
    names = list(rates)
    decided = []
    events: list[tuple[str, str, datetime, dict[str, Any]]] = [("Page Viewed", "nobody", DECIDED, {})]
    for n in range(PEOPLE):
        name, person = names[n % len(names)], f"p{n}"
        arm: Any = "holdout" if name == "holdout" else "treatment"
        variant = "" if name in ("holdout", "treatment") else name
        decided.append(
            Decision(f"d{n}", "winback", "1", person, arm, DECIDED, (), "", "en-GB", "", "", variant=variant)
        )
        if arm == "treatment":
            events.append(("Email Sent", person, DECIDED, {"decision_id": f"d{n}"}))
        for event, of in {"Order Completed": rates, **(extra or {})}.items():
            if rng.random() < of.get(name, 0.0):
                at = DECIDED + timedelta(days=float(rng.uniform(0.1, 13)))
                events.append((event, person, at, {"total": float(rng.lognormal(3, 0.4)), "order_id": f"o{n}"}))
    warehouse = DuckdbWarehouse()
    load_events(warehouse, events)
    load_decisions(warehouse, decided)
    warehouse.run(outcomes_sql.compile_outcomes(example_campaign().metric, UNTIL))
    return warehouse


def compared(warehouse: DuckdbWarehouse, campaign: Campaign | None = None, **more: Any) -> Compared:
    return compare_arms(campaign or example_campaign(), warehouse, UNTIL, PEOPLE, more.pop("split_ok", True), **more)


def test_a_large_effect_ships_and_says_how_many_orders_it_brought() -> None:
    found = compared(world({"treatment": 0.35, "holdout": 0.2}))
    (only,) = found.comparisons
    assert (only.arm, only.control, only.people, only.control_people) == ("treatment", "holdout", 1500, 1500)
    assert only.verdict.kind == "ship"
    assert only.exposed == 1 and only.on_exposed is not None and only.fixed is not None
    assert found.changed is not None and found.changed.low > 0
    assert found.changed.low < 0.15 * 1500 < found.changed.high


def test_every_variant_is_held_against_the_experiments_control() -> None:
    warehouse = world({"plain": 0.2, "warm": 0.35, "holdout": 0.2})
    found = compared(warehouse, replace(example_campaign(), experiment=EXPERIMENT)).comparisons
    assert [(one.arm, one.control) for one in found] == [("treatment", "holdout"), ("warm", "plain")]
    assert found[1].verdict.kind == "ship" and found[1].on_exposed is None


def test_who_was_written_to_before_the_experiment_is_in_it_from_its_first_step() -> None:
    warehouse = world({"plain": 0.2, "warm": 0.35, "holdout": 0.2})
    rows = warehouse.rows("SELECT person_id, arm, variant FROM decisions ORDER BY person_id")
    before = [
        Decision(f"before-{n}", "winback", "0", person, arm, DECIDED - timedelta(days=20), (), "", "en-GB", "", "")
        for n, (person, arm, _) in enumerate(rows)
        if n % 4
    ]
    now = [
        Decision(f"now-{n}", "winback", "1", person, arm, DECIDED, (), "", "en-GB", "", "", variant=variant)
        for n, (person, arm, variant) in enumerate(rows)
    ]
    load_decisions(warehouse, [*before, *now])
    warehouse.run(outcomes_sql.compile_outcomes(example_campaign().metric, UNTIL))
    whole, warm = compared(warehouse, replace(example_campaign(), experiment=EXPERIMENT)).comparisons
    assert (warm.arm, warm.people, warm.control_people) == ("warm", 1000, 1000)
    assert warm.results[0].effect is not None and warm.results[0].effect.low > 0
    # Against the holdout people count from their first decision, whose window was over before they ordered.
    assert whole.people == 2000 and whole.results[0].estimate.treated < 0.1
    firsts = warehouse.rows("SELECT count(*), sum(CASE WHEN decision_id LIKE 'before%' THEN 1 ELSE 0 END) FROM firsts")
    assert firsts == [(PEOPLE, len(before))]


def test_guardrails_and_further_metrics_are_judged_with_the_campaigns_own() -> None:
    guard = GuardrailSpec("complaints", "Email Marked as Spam", absolute=0.02)
    money = MetricSpec("revenue", "Order Completed", kind="value")
    campaign = replace(example_campaign(), guardrails=(guard,), metrics=(money,))
    spam = {"Email Marked as Spam": {"treatment": 0.2}}
    found = compared(world({"treatment": 0.35, "holdout": 0.2}, spam), campaign).comparisons[0]
    assert [(one.name, one.role) for one in found.results] == [
        ("ordered again", "success"),
        ("revenue", "success"),
        ("complaints", "guardrail"),
    ]
    assert found.results[1].ruling == "better"
    assert (found.results[2].ruling, found.verdict.kind) == ("worse", "do_not_ship")


def test_returns_per_order_and_tickets_are_watched_where_there_are_any() -> None:
    more = {"Order Refunded": {"treatment": 0.3, "holdout": 0.3}, "Support Ticket Opened": {"treatment": 0.1}}
    warehouse = world({"treatment": 0.35, "holdout": 0.2}, more)
    found = {one.name: one for one in compared(warehouse).comparisons[0].results}
    assert found["returns per order"].role == "watched"
    assert found["support tickets"].ruling == "worse"
    assert [spec.name for spec, *_ in metrics_of(example_campaign(), warehouse, UNTIL)] == [
        "ordered again",
        "support tickets",
    ]


def test_orders_of_long_ago_narrow_the_interval() -> None:
    warehouse = world({"treatment": 0.12, "holdout": 0.1})
    buyers = [row[0] for row in warehouse.rows("SELECT DISTINCT person_id FROM events WHERE event = 'Order Completed'")]
    long_ago = (DECIDED - timedelta(days=200)).strftime("%Y-%m-%d %H:%M:%S")
    for person in buyers[::2]:
        warehouse.run(
            f'INSERT INTO events (message_id, event, person_id, "timestamp", properties, context) VALUES '
            f"('old-{person}', 'Order Completed', '{person}', TIMESTAMP '{long_ago}', '{{\"total\": 20}}', '{{}}')"
        )
    assert compared(warehouse).comparisons[0].results[0].estimate.kept < 0.8


def test_one_arm_is_compared_with_nothing() -> None:
    found = compared(world({"treatment": 0.3}))
    assert (found.comparisons, found.changed) == ((), None) and "two arms" in found.why


def test_a_split_that_is_off_gives_no_effect_anywhere() -> None:
    found = compared(world({"treatment": 0.35, "holdout": 0.2}), split_ok=False)
    assert found.changed is None
    assert found.comparisons[0].verdict.kind == "blocked" and found.comparisons[0].fixed is None
