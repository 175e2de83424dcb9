"""Benjamini and Hochberg's adjustment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.fairness.discoveries import adjust_p


def test_the_example_of_the_step_up_rule_comes_out() -> None:
    found = adjust_p([0.01, 0.04, 0.03, 0.005])
    assert found == pytest.approx([0.02, 0.04, 0.04, 0.02])


def test_what_was_not_tested_is_no_test() -> None:
    assert adjust_p([None, 0.02, None]) == [None, 0.02, None]
    assert adjust_p([]) == []


@pytest.mark.slow
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_discoveries_are_those_of_the_step_up_rule(p_values: list[float]) -> None:
    adjusted = adjust_p(p_values)
    ordered = sorted(p_values)
    passing = [at for at, p in enumerate(ordered, start=1) if p <= 0.05 * at / len(ordered)]
    limit = ordered[passing[-1] - 1] if passing else -1.0
    for p, q in zip(p_values, adjusted, strict=True):
        assert q is not None
        if abs(q - 0.05) > 1e-12:
            assert (q <= 0.05) == (p <= limit)
        assert q >= p - 1e-12
