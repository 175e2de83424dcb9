"""Rewards as a policy learns from them."""

import numpy as np
import pytest

from tailorbird.stages.learning.rewards import money_cap, rewards

COLUMNS = {
    "converted": np.array([1, 0, 1, 1]),
    "clicked": np.array([1, 1, 0, 0]),
    "value": np.array([10.0, 0.0, 20.0, 400.0]),
    "margin": np.array([4.0, 0.0, 8.0, -3.0]),
}


def test_conversions_count_whatever_was_clicked() -> None:
    assert rewards(COLUMNS, "conversion")[0].tolist() == [1, 0, 1, 1]
    assert rewards(COLUMNS, "click")[0].tolist() == [1, 1, 0, 0]


def test_money_lies_between_0_and_1_and_one_large_order_counts_no_more_than_the_cap() -> None:
    earned, cap = rewards(COLUMNS, "value")
    assert cap is not None and cap == pytest.approx(np.quantile([10, 20, 400], 0.95))
    assert earned.max() == 1 and earned.min() == 0
    assert earned[0] == pytest.approx(10 / cap)


def test_a_loss_is_no_reward() -> None:
    assert rewards(COLUMNS, "margin")[0][3] == 0


def test_an_earlier_cap_keeps_the_scale() -> None:
    assert rewards(COLUMNS, "value", cap=40.0)[0].tolist() == [0.25, 0, 0.5, 1]


def test_without_money_there_is_no_cap_and_no_reward() -> None:
    nothing = {**COLUMNS, "value": np.zeros(4)}
    assert money_cap(nothing["value"]) is None
    earned, cap = rewards(nothing, "value")
    assert (earned.tolist(), cap) == ([0, 0, 0, 0], None)
