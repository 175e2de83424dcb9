"""Features out of lanes: the same values as the compiled SQL gives, for everybody at once, without reading most rows.

A run's rows are sorted by time, so that a window is two places in it, a count their distance, a sum the difference of
two running sums (exact: whole numbers modulo 2**64), the last value the one before the end. People may have runs in
several parts and under several ids, which are added up or compared here. What this cannot decide, because a sum may
leave 64 bits or two runs have different values at one moment, is left to SQL: such people are `unsure`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.features.aggregates_sql import UNIT_US
from tailorbird.stages.features.compile import default_of
from tailorbird.stages.features.definitions import value_type, window_hours
from tailorbird.stages.features.lane_runs import Moment, Owners, Runs, Whole, rows_of, runs_of
from tailorbird.stages.features.scalars import MICRO
from tailorbird.types.event_columns import LaneColumns
from tailorbird.types.feature import FeatureDefinition

HOUR_US = 3_600_000_000
_SUM_END = 9.2e18
_TABLE_CELLS = 1 << 26
"""Up to so many pairs of person and value, a table of bits tells which there are; above, they are sorted."""
_LONG_AGO = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Column:
    """One feature of everybody: `values` where `known`; texts are codes. `unsure` are the people left to SQL."""

    values: NDArray[Any]
    known: NDArray[np.bool_]
    unsure: NDArray[np.bool_]


def lane_column(
    definition: FeatureDefinition, lanes: Sequence[LaneColumns], owners: Owners, people: int, as_of_us: Moment
) -> Column:
    """The feature at a moment, of all or of each person, out of its lane in every part."""
    hours = window_hours(definition)
    since = None if hours is None else as_of_us - hours * HOUR_US
    runs = [runs_of(lane, owners, since, as_of_us) for lane in lanes]
    kind = definition.kind
    if kind == "count":
        return _sure(_counted(runs, people))
    if kind == "distinct":
        return _sure(_distinct(runs, people))
    if kind in ("sum", "mean"):
        return _summed(runs, people, kind == "mean")
    if kind in ("recency", "days_since"):
        found, known, _ = _extreme(runs, people, definition.pick != "first", lambda runs, place: runs.lane.times[place])
        return _sure((as_of_us - found) // UNIT_US[definition.unit], known)
    found, known, unsure = _extreme(runs, people, kind != "first", lambda runs, place: runs.lane.values[place])
    if value_type(definition) == "number":
        return Column(doubles_of(found), known, unsure)
    return Column(found, known, unsure)


def doubles_of(micros: Whole) -> NDArray[np.float64]:
    """Millionths as floats; see `scalars.double_of`."""
    exact = np.abs(micros) <= 2**53
    if exact.all():
        return micros / MICRO
    size = np.abs(micros)
    split = (size // MICRO).astype(np.float64) + (size % MICRO) / MICRO
    return np.where(exact, micros / MICRO, np.where(micros > 0, split, -split))


def listed(definition: FeatureDefinition, column: Column, texts: Sequence[str]) -> list[Any]:
    """The feature's values as Python's own, defaults included; `texts` are those of the codes."""
    wanted, default = value_type(definition), default_of(definition)
    found: NDArray[Any] = column.values[column.known]
    if wanted not in ("whole", "number"):
        said = np.empty(len(texts), dtype=object)
        said[:] = [text == "true" for text in texts] if wanted == "boolean" else list(texts)
        found = said[found]
    if len(found) == len(column.known):
        return list(found.tolist())
    values = np.full(len(column.known), default, dtype=object)
    values[column.known] = found
    return list(values.tolist())


def _sure(values: NDArray[Any], known: NDArray[np.bool_] | None = None) -> Column:
    everybody = np.ones(len(values), np.bool_) if known is None else known
    return Column(values, everybody, np.zeros(len(values), np.bool_))


def _counted(runs: Sequence[Runs], people: int) -> Whole:
    counts = np.zeros(people, np.int64)
    for each in runs:
        np.add.at(counts, each.row, each.stop - each.start)
    return counts


def _summed(runs: Sequence[Runs], people: int, mean: bool) -> Column:
    counts, sums = _counted(runs, people), np.zeros(people, np.int64)
    for each in runs:
        np.add.at(sums, each.row, each.lane.sums[each.stop] - each.lane.sums[each.start])
    peak = max((each.lane.peak for each in runs), default=0)
    unsure = counts * float(peak) > _SUM_END
    known = counts > 0
    values = doubles_of(sums)
    if mean:
        values = values / np.maximum(counts, 1)
    return Column(values, known, unsure & known)


def _extreme(
    runs: Sequence[Runs], people: int, last: bool, value_of: Callable[[Runs, Whole], Any]
) -> tuple[Whole, NDArray[np.bool_], NDArray[np.bool_]]:
    """The last (or first) row's value of everybody; who has one; and who has two different ones at that moment."""
    best = np.full(people, _LONG_AGO, np.int64)
    found = np.zeros(people, np.int64)
    unsure = np.zeros(people, np.bool_)
    ends = []
    for each in runs:
        place = each.stop - 1 if last else each.start
        times = each.lane.times[place] if last else -each.lane.times[place]
        np.maximum.at(best, each.row, times)
        ends.append((each.row, times, value_of(each, place)))
    for row, times, values in ends:
        winning = times == best[row]
        found[row[winning]] = values[winning]
    for row, times, values in ends:
        other = (times == best[row]) & (values != found[row])
        unsure[row[other]] = True
    return found, best != _LONG_AGO, unsure


def _distinct(runs: Sequence[Runs], people: int) -> Whole:
    """How many different texts: of who has one run from its origin on, by what was counted when the lane was made."""
    counts = np.zeros(people, np.int64)
    runs_each = np.zeros(people, np.int64)
    for each in runs:
        np.add.at(runs_each, each.row, 1)
    pairs: list[tuple[Whole, NDArray[Any]]] = []
    for each in runs:
        firsts = each.lane.firsts
        whole = each.start == each.origin
        alone = whole & (runs_each[each.row] == 1)
        done = each.kept(alone)
        counts[done.row] = firsts[done.stop] - firsts[done.start]
        parts = each.kept(whole & ~alone)
        place, run = rows_of(firsts[parts.start], firsts[parts.stop])
        pairs.append((parts.row[run], each.lane.first_values[place]))
        parts = each.kept(~whole)
        place, run = rows_of(parts.start, parts.stop)
        pairs.append((parts.row[run], each.lane.values[place]))
    rows = np.concatenate([row for row, _ in pairs]) if pairs else np.zeros(0, np.int64)
    codes = np.concatenate([code for _, code in pairs]).astype(np.int64) if pairs else rows
    if len(rows):
        counts += _different(rows, codes, people)
    return counts


def _different(rows: Whole, codes: Whole, people: int) -> Whole:
    width = int(codes.max()) + 1
    if people * width <= _TABLE_CELLS:
        there = np.zeros(people * width, np.bool_)
        there[rows * width + codes] = True
        return np.asarray(there.reshape(people, width).sum(axis=1), dtype=np.int64)
    return np.bincount(np.unique(rows * width + codes) // width, minlength=people)
