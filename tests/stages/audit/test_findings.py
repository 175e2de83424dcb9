"""What is found when somebody has changed a log."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.audit.findings import FINDINGS_MAX, compare_heads, compare_leaves, compare_positions
from tailorbird.stages.audit.tree import hash_leaf, tree_root
from tailorbird.types.audit import TreeHead

LEAVES = [hash_leaf(bytes([n])) for n in range(12)]
OTHER = hash_leaf(b"another")


def at_places(leaves: Sequence[bytes]) -> list[tuple[int, bytes]]:
    return list(enumerate(leaves))


def told(found: Sequence[tuple[int, bytes]], recorded: Sequence[bytes] = LEAVES) -> list[tuple[str, int]]:
    return [(finding.problem, finding.position) for finding in compare_leaves(found, recorded, True)]


def test_a_log_as_it_was_recorded_and_one_that_grew_are_fine() -> None:
    assert told(at_places(LEAVES)) == []
    assert told(at_places([*LEAVES, OTHER])) == []


@pytest.mark.parametrize("place", [0, 5, 11])
def test_an_altered_row_is_named(place: int) -> None:
    assert told(at_places([*LEAVES[:place], OTHER, *LEAVES[place + 1 :]])) == [("altered", place)]


@pytest.mark.parametrize("place", [0, 5, 10])
def test_a_removed_row_is_named_whether_or_not_the_others_closed_the_gap(place: int) -> None:
    gap = [(n, leaf) for n, leaf in at_places(LEAVES) if n != place]
    assert told(gap) == [("removed", place)]
    assert told(at_places([leaf for _, leaf in gap])) == [("removed", place)]


@pytest.mark.parametrize("place", [0, 5, 11])
def test_a_row_that_was_put_in_is_named(place: int) -> None:
    assert told(at_places([*LEAVES[:place], OTHER, *LEAVES[place:]])) == [("inserted", place)]


def test_rows_that_changed_places_are_both_named() -> None:
    swapped = [*LEAVES[:2], LEAVES[7], *LEAVES[3:7], LEAVES[2], *LEAVES[8:]]
    assert told(at_places(swapped)) == [("moved", 2), ("moved", 7)]


def test_a_log_that_was_cut_short_is_told_where() -> None:
    assert told(at_places(LEAVES[:9])) == [("removed", 9)]
    assert told([]) == [("removed", 0)]
    findings = compare_leaves(at_places(LEAVES[:9]), LEAVES, True)
    assert "entries 9 to 11 were cut off" in findings[0].detail


def test_findings_come_to_an_end() -> None:
    strangers = [hash_leaf(bytes([1, n])) for n in range(200)]
    recorded = [hash_leaf(bytes([2, n])) for n in range(200)]
    assert len(compare_leaves(at_places(strangers), recorded, True)) == FINDINGS_MAX


def test_positions_that_do_not_count_up_are_told() -> None:
    assert compare_positions(range(5)) == []
    assert [(f.position, f.detail) for f in compare_positions([0, 1, 4])] == [(2, "entries 2 to 3 are missing")]
    assert [f.position for f in compare_positions([1, 3])] == [0, 2]


def test_every_head_must_fit_the_rows() -> None:
    heads = [TreeHead(size, tree_root(LEAVES[:size]).hex(), "then") for size in (12, 3, 7)]
    assert compare_heads(LEAVES, heads, "the state") == []
    assert [f.position for f in compare_heads(LEAVES[:5], heads, "the state")] == [5, 5]
    changed = [OTHER, *LEAVES[1:]]
    assert [f.problem for f in compare_heads(changed, heads, "the state")] == ["head"] * 3
    late = [*LEAVES[:8], OTHER, *LEAVES[9:]]
    assert [f.position for f in compare_heads(late, heads, "the state")] == [12]


@pytest.mark.slow
@given(st.data())
def test_any_change_to_any_log_is_found(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    recorded = LEAVES[:size]
    order = data.draw(st.lists(st.sampled_from([*recorded, OTHER]), max_size=14))
    findings = compare_leaves(at_places(order), recorded, True)
    assert bool(findings) == (order[:size] != recorded)
