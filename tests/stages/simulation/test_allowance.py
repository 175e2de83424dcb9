import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.simulation.allowance import hold_to_allowance

AMOUNTS = st.lists(st.tuples(st.floats(0, 1e6), st.booleans()), max_size=8)


@pytest.mark.slow
@given(AMOUNTS, st.floats(0, 1e6))
def test_what_rests_on_simulation_alone_is_never_more_than_a_fifth(
    spends: list[tuple[float, bool]], budget: float
) -> None:
    held = hold_to_allowance([s for s, _ in spends], [b for _, b in spends], budget)
    assert sum(h for h, (_, b) in zip(held, spends, strict=True) if b) <= 0.2 * budget * (1 + 1e-9) + 1e-9
    assert all(h == s for h, (s, b) in zip(held, spends, strict=True) if not b)


def test_within_the_allowance_nothing_changes() -> None:
    assert hold_to_allowance([10.0, 80.0], [True, False], 100.0) == [10.0, 80.0]
    assert hold_to_allowance([30.0, 10.0], [True, True], 100.0) == [15.0, 5.0]


def test_a_budget_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        hold_to_allowance([1.0], [True], -1.0)
