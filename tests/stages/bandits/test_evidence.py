import numpy as np
import pytest

from tailorbird.stages.bandits.evidence import comparable, delay_curve, discounts


def test_an_exposure_counts_as_much_as_answers_have_come_by_its_age() -> None:
    delays = np.repeat(np.arange(1.0, 11.0), 10)
    assert delay_curve(delays, np.array([0.0, 1.0, 5.0, 14.0]), 14).tolist() == [0.0, 0.1, 0.5, 1.0]


def test_of_few_answers_no_curve_is_made() -> None:
    assert delay_curve(np.array([1.0, 2.0]), np.array([0.0, 1.0]), 14).tolist() == [1.0, 1.0]


def test_a_half_life_halves_and_none_forgets_nothing() -> None:
    assert discounts(np.array([0.0, 14.0, 28.0]), 14).tolist() == [1.0, 0.5, 0.25]
    assert discounts(np.array([0.0, 900.0]), 0).tolist() == [1.0, 1.0]


def test_a_cell_that_buys_a_lot_gives_its_line_no_credit() -> None:
    """Two cells, one buys four times as often; in both its own line is as good as the other."""
    strata, arms, reward = [], [], []
    for cell, own, rate in (("rich", "r", 0.4), ("poor", "p", 0.1)):
        for arm in (own, "all"):
            strata += [cell] * 1000
            arms += [arm] * 1000
            reward += [1.0] * int(1000 * rate) + [0.0] * (1000 - int(1000 * rate))
    counted = comparable(strata, arms, np.array(reward), np.ones(4000))
    rates = {arm: np.array(reward)[np.array(arms) == arm].sum() / counted[np.array(arms) == arm].sum() for arm in "rp"}
    assert rates["r"] == pytest.approx(rates["p"]) == pytest.approx(0.25)


def test_where_a_line_is_alone_nothing_is_learned_of_it() -> None:
    counted = comparable(["a", "a", "b"], ["x", "y", "z"], np.array([1.0, 0.0, 1.0]), np.ones(3))
    assert counted[2] == 0 and counted[:2].sum() == 2


def test_without_any_reward_nothing_is_learned() -> None:
    assert comparable(["a", "a"], ["x", "y"], np.zeros(2), np.ones(2)).tolist() == [0.0, 0.0]
