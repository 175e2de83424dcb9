"""Money to come of simulated customers."""

import numpy as np
import pytest

from tailorbird.stages.lifetime.to_come import money_to_come


@pytest.mark.slow
def test_money_to_come_is_more_for_those_who_buy_often_and_lately() -> None:
    rng = np.random.default_rng(1)
    n = 3000
    rate = rng.gamma(1.0, 0.15, n)
    repeats = rng.poisson(rate * 30).astype(float)
    recency = np.where(repeats > 0, 30 * rng.beta(np.maximum(repeats, 1), 1), 0)
    value = np.where(repeats > 0, rng.gamma(4, 5, n), 0)
    found = money_to_come(repeats, recency, np.full(n, 30.0), value, np.full(n, 0.4), 52)
    assert found.why == "" and found.purchases is not None and found.worth is not None
    assert (found.money >= 0).all()
    assert found.money[repeats > 5].mean() > 3 * found.money[repeats == 0].mean()
    longer = money_to_come(repeats, recency, np.full(n, 30.0), value, np.full(n, 0.4), 104)
    assert (longer.money >= found.money).all()


def test_customers_who_carry_no_model_are_told_why() -> None:
    few = np.ones(5)
    found = money_to_come(few, few, few * 9, few, few, 52)
    assert found.money.tolist() == [] and "bought again" in found.why
