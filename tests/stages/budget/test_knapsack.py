"""A budget over groups, each with several options."""

import numpy as np
import pytest

from tailorbird.stages.budget.knapsack import BudgetError, allocate, allocate_exactly


@pytest.mark.slow
def test_against_the_exact_answer_on_two_hundred_random_cases() -> None:
    """Never above the budget, never better than the best, and at most one step's value below it."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        groups, options = int(rng.integers(1, 12)), int(rng.integers(2, 5))
        costs = np.column_stack([np.zeros(groups), np.sort(rng.integers(0, 30, (groups, options - 1)), axis=1)])
        values = np.column_stack([np.zeros(groups), rng.uniform(-5, 40, (groups, options - 1))])
        budget = int(rng.integers(0, 120))
        found, best = allocate(values, costs, budget), allocate_exactly(values, costs.astype(np.int64), budget)
        assert found.cost <= budget
        assert found.value <= best + 1e-9
        assert best - found.value <= max(found.gap, float(values.max())) + 1e-9
        assert found.value == pytest.approx(float(values[np.arange(groups), found.options].sum()))


def test_with_enough_money_everybody_has_the_best_and_with_none_nothing() -> None:
    values, costs = np.array([[0.0, 3, 2], [0, 1, 5]]), np.array([[0.0, 1, 2], [0, 1, 2]])
    assert allocate(values, costs, 100).options.tolist() == [1, 2]
    assert allocate(values, costs, 0).options.tolist() == [0, 0]


def test_what_does_not_come_back_is_not_spent() -> None:
    values, costs = np.array([[0.0, 0.5, 3.0], [0.0, 2.0, 2.4]]), np.array([[0.0, 1, 2], [0, 1, 2]])
    # The second group's step up brings .4 for 1; the first one's first option is dominated.
    told = allocate(values, costs, 100, least_return=1.0)
    assert told.options.tolist() == [2, 1]
    assert told.cost == 3


def test_an_option_that_a_group_does_not_have_is_not_taken() -> None:
    assert allocate(np.array([[0.0, np.nan, 1.0]]), np.array([[0.0, 0.1, 0.5]]), 1.0).options.tolist() == [2]


def test_nobody_costs_nothing() -> None:
    assert allocate(np.zeros((0, 3)), np.zeros((0, 3)), 5).cost == 0


def test_budgets_and_costs_that_make_no_sense_are_refused() -> None:
    values, costs = np.array([[0.0, 1]]), np.array([[0.0, 1]])
    for budget in (-1.0, float("nan"), float("inf")):
        with pytest.raises(BudgetError, match="a budget"):
            allocate(values, costs, budget)
    with pytest.raises(BudgetError, match="from 0 on"):
        allocate(values, -costs, 1)
    with pytest.raises(BudgetError, match="first option"):
        allocate(values, costs + 1, 5)
    with pytest.raises(BudgetError, match="same groups"):
        allocate(values, costs[:, :1], 5)
