"""Layers: people of one campaign of a layer are in no other one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.assignment.layers import in_range, layer_ranges

PEOPLE = [f"p{i}" for i in range(20_000)]


@pytest.mark.slow
@given(st.lists(st.floats(0.0001, 0.2), min_size=1, max_size=5))
def test_ranges_follow_each_other_without_a_gap(shares: list[float]) -> None:
    ranges = list(layer_ranges({str(at): share for at, share in enumerate(shares)}).values())
    assert ranges[0][0] == 0
    assert all(one[1] == other[0] for one, other in pairwise(ranges))


def test_nobody_is_in_two_campaigns_of_a_layer_and_shares_are_kept() -> None:
    ranges = layer_ranges({"a": 0.5, "b": 0.3})
    a, b = (in_range(PEOPLE, "layer", ranges[name]) for name in "ab")
    assert not any(one and other for one, other in zip(a, b, strict=True))
    assert abs(sum(a) - 10_000) < 300 and abs(sum(b) - 6_000) < 300


def test_a_campaign_that_comes_at_the_end_moves_nobody() -> None:
    before, after = layer_ranges({"a": 0.5, "b": 0.3}), layer_ranges({"a": 0.5, "b": 0.3, "c": 0.2})
    assert before == {name: after[name] for name in before}


def test_two_layers_cross_each_other_at_random() -> None:
    half = layer_ranges({"a": 0.5})["a"]
    one, other = in_range(PEOPLE, "one", half), in_range(PEOPLE, "other", half)
    assert abs(sum(x and y for x, y in zip(one, other, strict=True)) - 5_000) < 300


def test_more_than_a_whole_layer_is_refused() -> None:
    with pytest.raises(ValueError, match=r"add up to 1\.1"):
        layer_ranges({"a": 0.6, "b": 0.5})
    with pytest.raises(ValueError, match="must be above 0"):
        layer_ranges({"a": float("nan")})
