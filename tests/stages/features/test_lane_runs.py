"""Runs of rows, and the places in them."""

import bisect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.features.lane_runs import NOBODY, SHARED, Owners, before, rows_of, runs_of
from tailorbird.types.event_columns import LaneColumns

sorted_runs = st.lists(st.lists(st.integers(-5, 5)).map(sorted), max_size=6)


def lane_of(runs: list[list[int]]) -> LaneColumns:
    starts = np.cumsum([0, *map(len, runs)]).astype(np.int64)
    times = np.array([time for run in runs for time in run], np.int64)
    keys = np.arange(len(runs), dtype=np.int32)
    return LaneColumns(keys, starts, times, None, None, None, None, max(times.tolist(), default=0), 0)


@pytest.mark.slow
@given(sorted_runs, st.lists(st.integers(-6, 6), min_size=6, max_size=6))
def test_a_search_in_all_runs_at_once_finds_what_a_search_in_each_finds(
    runs: list[list[int]], moments: list[int]
) -> None:
    lane = lane_of(runs)
    found = before(lane.times, lane.starts[:-1], lane.starts[1:], np.array(moments[: len(runs)], np.int64))
    pairs = zip(lane.starts, runs, moments[: len(runs)], strict=False)
    wanted = [start + bisect.bisect_left(run, moment) for start, run, moment in pairs]
    assert found.tolist() == wanted


def test_a_window_keeps_what_it_reaches_and_drops_who_has_nothing_in_it() -> None:
    lane = lane_of([[1, 2, 3], [1], [9]])
    runs = runs_of(lane, Owners(np.array([4, 5, NOBODY], np.int32)), 2, 3)
    assert (runs.row.tolist(), runs.origin.tolist(), runs.start.tolist(), runs.stop.tolist()) == ([4], [0], [1], [2])
    each = runs_of(lane, Owners(np.array([1, 0, NOBODY], np.int32)), None, np.array([1, 3]))
    assert list(zip(each.row.tolist(), (each.stop - each.start).tolist(), strict=True)) == [(1, 2)]


def test_a_shared_device_is_cut_at_the_moments_at_which_its_owner_changes() -> None:
    lane = lane_of([[7], [1, 2, 3, 4]])
    periods = ((1, -(2**62), 2, 0), (1, 2, 4, 1), (1, 4, 2**62, NOBODY), (3, 0, 9, 1))
    runs = runs_of(lane, Owners(np.array([NOBODY, SHARED, 0, SHARED], np.int32), periods), None, 100)
    assert (runs.row.tolist(), runs.start.tolist(), runs.stop.tolist()) == ([0, 1], [1, 2], [2, 4])


def test_rows_of_runs_are_numbered() -> None:
    rows, run = rows_of(np.array([3, 9, 5]), np.array([5, 9, 6]))
    assert (rows.tolist(), run.tolist()) == ([3, 4, 5], [0, 0, 2])
