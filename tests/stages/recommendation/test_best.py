import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.recommendation.best import best_columns

pytestmark = pytest.mark.slow


@given(
    st.lists(st.lists(st.sampled_from([-np.inf, 0.0, 1.0, 2.0]), min_size=9, max_size=9), max_size=8),
    st.integers(0, 12),
)
def test_the_best_columns_are_those_of_a_stable_sort(rows: list[list[float]], width: int) -> None:
    table = np.array(rows).reshape(-1, 9)
    assert (best_columns(table, width) == np.argsort(-table, axis=1, kind="stable")[:, :width]).all()
