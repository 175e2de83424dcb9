"""The reward table, over real stores: DuckDB for events, decisions as the pipeline makes them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.reward_table import reward_table
from tailorbird.stages.measurement.rewards_sql import REWARD_COLUMNS
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.decision import Decision, Placement

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC)
UNTIL = DECIDED + timedelta(days=30)


def decision(person: str, arm: Any = "treatment", line: str | None = "c1") -> Decision:
    slate = (Placement("subject", "subject", None, line, 0.5, 2, "s_1"),) if arm == "treatment" else ()
    return Decision(
        f"d-{person}", "winback", "1", person, arm, DECIDED, slate, "all", "en-GB", "prior", "", variant="b"
    )


@pytest.fixture
def warehouse() -> DuckdbWarehouse:
    warehouse = DuckdbWarehouse()
    told = [
        ("Email Sent", "ann", {"decision_id": "d-ann"}),
        ("Email Sent", "bob", {"decision_id": "d-bob"}),
        ("Order Completed", "ann", {"total": 30, "order_id": "o1"}),
        ("Order Completed", "dan", {"total": 30, "order_id": "o2"}),
        ("Email Link Clicked", "bob", {"decision_id": "d-bob"}),
    ]
    warehouse.load(
        "events",
        {
            "message_id": [f"e{n}" for n in range(len(told))],
            "event": [event for event, _, _ in told],
            "person_id": [person for _, person, _ in told],
            "timestamp": [DECIDED + timedelta(days=1)] * len(told),
            "properties": [json.dumps(properties) for *_, properties in told],
        },
    )
    return warehouse


def test_every_treated_line_has_a_row_with_its_draw_and_its_reward(warehouse: DuckdbWarehouse) -> None:
    decided = [decision("ann"), decision("bob"), decision("dan", "holdout")]
    table = reward_table(example_campaign(), decided, warehouse, UNTIL)
    assert set(table.columns) == {*REWARD_COLUMNS, "reward"}
    assert table.columns["decision_id"].tolist() == ["d-ann", "d-bob"]
    assert table.columns["reward"].tolist() == [1, 0]
    assert table.columns["clicked"].tolist() == [0, 1]
    assert table.columns["propensity"].tolist() == [0.5, 0.5]
    assert table.columns["set_id"].tolist() == ["s_1", "s_1"]
    assert table.columns["variant"].tolist() == ["b", "b"]
    assert table.cap is None


def test_a_campaign_without_lines_has_an_empty_table(warehouse: DuckdbWarehouse) -> None:
    assert len(reward_table(example_campaign(), [decision("ann", line=None)], warehouse, UNTIL)) == 0
