"""Arms by hash and by blocks."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.assignment.arms import block_arms, draw_arm, draw_arms, keep_arms, shares_of

PEOPLE = [f"p{i}" for i in range(20_000)]
SHARES = {"holdout": 0.1, "plain": 0.45, "warm": 0.45}


@pytest.mark.slow
@given(st.lists(st.text(), max_size=30), st.text(), st.lists(st.floats(0.01, 10), min_size=1, max_size=5))
def test_one_by_one_and_together_are_equal(units: list[str], salt: str, weights: list[float]) -> None:
    shares = shares_of({str(at): weight for at, weight in enumerate(weights)})
    assert draw_arms(units, salt, shares) == [draw_arm(unit, salt, shares) for unit in units]


def test_each_arm_has_its_share_by_hash() -> None:
    found = Counter(draw_arms(PEOPLE, "s", SHARES))
    for arm, share in SHARES.items():
        assert abs(found[arm] - share * 20_000) < 4 * (20_000 * share * (1 - share)) ** 0.5


def test_a_block_has_its_share_of_every_arm_one_person_more_or_less() -> None:
    strata = [i % 7 for i in range(1_000)]
    arms = block_arms(PEOPLE[:1_000], strata, "s", SHARES)
    for stratum in range(7):
        inside = [arm for arm, where in zip(arms, strata, strict=True) if where == stratum]
        for arm, share in SHARES.items():
            assert abs(inside.count(arm) - share * len(inside)) <= 1


@pytest.mark.slow
def test_by_blocks_everybody_has_each_arm_with_the_probability_of_its_share() -> None:
    """Of 4,000 shuffles of blocks of three, too small for their shares, each person is in each arm as often as it says."""
    held = np.zeros(6)
    for salt in range(4_000):
        held += [arm == "holdout" for arm in block_arms(PEOPLE[:6], "aaabbb", str(salt), SHARES)]
    assert abs(held / 4_000 - 0.1).max() < 4 * (0.1 * 0.9 / 4_000) ** 0.5


def test_the_order_in_which_people_come_changes_nothing_in_a_block() -> None:
    there = dict(zip(PEOPLE[:50], block_arms(PEOPLE[:50], ["x"] * 50, "s", SHARES), strict=True))
    back = PEOPLE[:50][::-1]
    assert [there[p] for p in back] == block_arms(back, ["x"] * 50, "s", SHARES)


def test_who_has_an_arm_keeps_it() -> None:
    assert keep_arms(["a", "a", "b"], [None, "b", None]) == ["a", "b", "b"]


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        shares_of({"a": weight, "b": 1.0})
