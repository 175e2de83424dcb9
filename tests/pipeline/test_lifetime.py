"""Worth of decisions over a real warehouse."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.lifetime import lifetime, worth_of

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def shop(people: int) -> DuckdbWarehouse:
    rng = np.random.default_rng(2)
    orders = []
    for n in range(people):
        at, rate, worth = NOW - timedelta(days=300), rng.gamma(1.0, 1 / 60), rng.gamma(5, 8)
        while at < NOW:
            orders.append((f"p{n}", at, float(worth * rng.gamma(8, 1 / 8))))
            if rng.random() < 0.1:
                break
            at += timedelta(days=float(rng.exponential(1 / rate)))
    warehouse = DuckdbWarehouse()
    warehouse.load(
        "orders",
        {
            "person_id": [order[0] for order in orders],
            "ordered_at": [order[1] for order in orders],
            "value": [order[2] for order in orders],
            "margin": [order[2] * 0.4 for order in orders],
            "kept": [1.0] * len(orders),
        },
    )
    names = [f"p{n}" for n in range(people)]
    arms = ["holdout" if n % 2 else "treatment" for n in range(people)]
    warehouse.load("firsts", {"person_id": names, "decision_id": names, "arm": arms, "variant": [""] * people})
    warehouse.load(
        "brought",
        {"decision_id": names, "value": [10.0 * (n % 2 == 0) for n in range(people)], "margin": [4.0] * people},
    )
    return warehouse


@pytest.mark.slow
def test_arms_have_what_they_brought_and_what_is_expected_of_them() -> None:
    worth = worth_of(shop(1500), NOW)
    assert worth.to_come is not None and len(worth.to_come) == 1500
    found = lifetime(worth, 1500, split_ok=True)
    assert [(one.arm, one.people, one.revenue, one.margin) for one in found.arms] == [
        ("treatment", 750, pytest.approx(10), pytest.approx(4)),
        ("holdout", 750, pytest.approx(0), pytest.approx(4)),
    ]
    assert all(one.to_come and one.to_come > 0 for one in found.arms)
    assert found.low is not None and found.high is not None and found.low < 0 < found.high
    assert len(found.parameters) == 4


def test_customers_who_carry_no_model_leave_the_rest_standing() -> None:
    found = lifetime(worth_of(shop(40), NOW), 40, split_ok=True)
    assert found.difference is None and "bought again" in found.why
    assert found.arms[0].to_come is None and found.arms[0].revenue == pytest.approx(10)


@pytest.mark.slow
def test_a_split_that_is_off_gives_no_difference() -> None:
    found = lifetime(worth_of(shop(1500), NOW), 1500, split_ok=False)
    assert found.difference is None and "split" in found.why
