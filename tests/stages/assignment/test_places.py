"""Places of units in splits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, chisquare

from tailorbird.stages.assignment.places import PLACES, place_of, places_of, turn_of, unit_hash, unit_hashes

PEOPLE = [f"u-{i:08d}" for i in range(40_000)]


@pytest.mark.slow
@given(st.lists(st.text(), max_size=30), st.text())
def test_one_by_one_and_together_are_equal(units: list[str], salt: str) -> None:
    turn = turn_of(salt)
    together = places_of(unit_hashes(units), turn)
    assert together.tolist() == [place_of(unit_hash(unit), turn) for unit in units]


def test_places_of_ids_that_follow_each_other_are_uniform() -> None:
    hashed = unit_hashes(PEOPLE)
    least = min(
        chisquare(
            np.bincount((places_of(hashed, turn_of(f"exp{k}")) >> np.uint64(58)).astype(int), minlength=64)
        ).pvalue
        for k in range(100)
    )
    assert least > 0.0001


@pytest.mark.slow
def test_any_two_of_twenty_splits_cross_each_other_at_random() -> None:
    """190 tables of 10 by 10 arms: their p values are as spread as chance makes them."""
    hashed = unit_hashes(PEOPLE)
    arms = [(places_of(hashed, turn_of(f"exp{k}")) // np.uint64(PLACES // 10 + 1)).astype(int) for k in range(20)]
    p = []
    for one in range(20):
        for other in range(one):
            table = np.bincount(arms[one] * 10 + arms[other], minlength=100).reshape(10, 10)
            p.append(chi2_contingency(table).pvalue)
    assert min(p) > 0.0001
    assert 0.4 < np.mean(p) < 0.6
