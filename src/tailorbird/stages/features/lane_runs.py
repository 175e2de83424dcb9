"""Whose rows a lane holds: runs of rows that belong to one person, and which of them a moment and a window reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.event_columns import LaneColumns

Whole = NDArray[np.int64]
Moment = int | Whole
NOBODY, SHARED = -1, -2


@dataclass(frozen=True)
class Owners:
    """Who the keys' people are, as rows of a table: `of[key]` is a row, NOBODY, or SHARED.

    A shared key is a device that had several owners: `periods` are (key, since, until, row) in microseconds, ordered,
    the end excluded.
    """

    of: NDArray[np.int32]
    periods: Sequence[tuple[int, int, int, int]] = ()


@dataclass(frozen=True)
class Runs:
    """The rows from `start` to `stop` of `lane` are of the person at `row`; `origin` is where the key's rows begin."""

    lane: LaneColumns
    row: Whole
    origin: Whole
    start: Whole
    stop: Whole

    def kept(self, which: NDArray[Any]) -> "Runs":
        """Some of the runs."""
        return Runs(self.lane, self.row[which], self.origin[which], self.start[which], self.stop[which])


def runs_of(lane: LaneColumns, owners: Owners, since_us: Moment | None, until_us: Moment) -> Runs:
    """The runs that are not empty: rows from `since_us` on (None: all) and before `until_us`, of all or of each row."""
    row = owners.of[lane.keys].astype(np.int64)
    runs = Runs(lane, row, lane.starts[:-1], lane.starts[:-1], lane.starts[1:])
    shared = _shared(runs, owners) if (row == SHARED).any() else None
    if (row < 0).any():
        runs = runs.kept(row >= 0)
    if shared is not None:
        runs = _both(runs, shared)
    until_us, stop, start = _of_rows(until_us, runs.row), runs.stop, runs.start
    if not np.all(lane.until < until_us):
        stop = before(lane.times, start, stop, until_us)
    if since_us is not None:
        start = before(lane.times, start, stop, _of_rows(since_us, runs.row))
    runs = Runs(lane, runs.row, runs.origin, start, stop)
    empty = start >= stop
    return runs.kept(~empty) if empty.any() else runs


def before(times: NDArray[np.int64], start: Whole, stop: Whole, moment_us: Moment) -> Whole:
    """Of every run, whose times ascend, the place of the first row that is not before the moment: a binary search in
    all of them at once."""
    low, high = np.array(start, dtype=np.int64), np.array(stop, dtype=np.int64)
    moments = np.broadcast_to(np.asarray(moment_us, dtype=np.int64), low.shape)
    open_ = np.flatnonzero(low < high)
    while len(open_):
        middle = (low[open_] + high[open_]) >> 1
        earlier = times[middle] < moments[open_]
        low[open_[earlier]] = middle[earlier] + 1
        high[open_[~earlier]] = middle[~earlier]
        open_ = open_[low[open_] < high[open_]]
    return low


def rows_of(start: Whole, stop: Whole) -> tuple[Whole, Whole]:
    """Every row number of the runs, and the number of the run that it is of."""
    sizes = stop - start
    run = np.repeat(np.arange(len(sizes)), sizes)
    ends = np.cumsum(sizes)
    return np.arange(len(run)) + np.repeat(start - (ends - sizes), sizes), run


def _of_rows(moment_us: Moment, row: Whole) -> Moment:
    return moment_us if isinstance(moment_us, int) else moment_us[row]


def _shared(runs: Runs, owners: Owners) -> Runs:
    """The runs of shared keys, a run per owner and period."""
    if not owners.periods:
        return runs.kept(np.zeros(len(runs.row), np.bool_))
    key, since, until, row = (np.array(column, dtype=np.int64) for column in zip(*owners.periods, strict=True))
    keys = runs.lane.keys
    place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    here = (keys[place] == key) & (row >= 0)
    place, since, until, row = place[here], since[here], until[here], row[here]
    start, stop = runs.start[place], runs.stop[place]
    first = before(runs.lane.times, start, stop, since)
    return Runs(runs.lane, row, runs.origin[place], first, before(runs.lane.times, start, stop, until))


def _both(one: Runs, other: Runs) -> Runs:
    columns = [(one.row, other.row), (one.origin, other.origin), (one.start, other.start), (one.stop, other.stop)]
    return Runs(one.lane, *(np.concatenate(pair) for pair in columns))
