"""Values out of lanes: what people with several runs have, and when lanes say that they are not sure."""

from typing import Any

import numpy as np
import pytest

from tailorbird.stages.features import lane_values
from tailorbird.stages.features.lane_runs import Owners
from tailorbird.stages.features.lane_values import doubles_of, lane_column, listed
from tailorbird.stages.features.scalars import double_of
from tailorbird.types.event_columns import LaneColumns
from tailorbird.types.feature import FeatureDefinition

ONE = Owners(np.array([0, 0, 1], np.int32))
DAY = 86_400_000_000


def define(kind: Any, **more: Any) -> FeatureDefinition:
    return FeatureDefinition(name="f", kind=kind, purpose="p", field="properties.x", **more)


def lane(key: int, times: list[int], values: list[int], peak: int = 0) -> LaneColumns:
    """One key's rows."""
    new = [value not in values[:i] for i, value in enumerate(values)]
    held = np.array(values, np.int64)
    return LaneColumns(
        np.array([key], np.int32),
        np.array([0, len(times)], np.int64),
        np.array(times, np.int64),
        held,
        np.concatenate([[0], np.cumsum(held)]),
        np.concatenate([[0], np.cumsum(new)]).astype(np.int64),
        held[np.array(new)],
        max(times),
        peak,
    )


def values(definition: FeatureDefinition, *lanes: LaneColumns, as_of: int = 10) -> list[Any]:
    column = lane_column(definition, lanes, ONE, 2, as_of)
    assert not column.unsure.any()
    return listed(definition, column, ["a", "b", "c", "true"])


TWO = (lane(0, [1, 3], [1, 0]), lane(1, [2, 4], [0, 2]))


def test_runs_of_one_person_are_one_history() -> None:
    assert values(define("count"), *TWO) == [4, 0]
    assert values(define("sum"), *TWO) == [3e-06, 0.0]
    assert values(define("mean"), *TWO) == [0.75e-06, None]
    assert values(define("last"), *TWO) == ["c", None]
    assert values(define("first"), *TWO) == ["b", None]
    assert values(define("last"), *TWO, as_of=4) == ["a", None]
    assert values(define("distinct"), *TWO) == [3, 0]
    assert values(define("last", type="boolean"), lane(2, [1], [3])) == [None, True]
    assert values(define("distinct", window_days=1), *TWO, as_of=DAY + 3) == [2, 0]


def test_many_different_values_are_sorted_instead_of_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane_values, "_TABLE_CELLS", 0)
    assert values(define("distinct"), *TWO) == [3, 0]


def test_two_last_values_at_one_moment_are_left_to_sql() -> None:
    column = lane_column(define("last"), (lane(0, [1, 3], [1, 0]), lane(1, [3], [2])), ONE, 2, 10)
    assert column.unsure.tolist() == [True, False]
    same = lane_column(define("last"), (lane(0, [1, 3], [1, 0]), lane(1, [3], [0])), ONE, 2, 10)
    assert same.unsure.tolist() == [False, False]


def test_a_sum_that_may_leave_64_bits_is_left_to_sql() -> None:
    big = 10**18 - 1
    assert lane_column(define("sum"), (lane(0, [1, 2], [5, 6], big),), ONE, 2, 10).unsure.tolist() == [False, False]
    many = lane(0, list(range(10)), [5] * 10, big)
    assert lane_column(define("sum"), (many,), ONE, 2, 10).unsure.tolist() == [True, False]


def test_millionths_become_the_floats_that_engines_make_of_decimals() -> None:
    micros = [0, 1, -1, 10**15 + 1, 2**53, 2**53 + 1, -(2**53) - 3, 999_999_999_999_999_999, -(10**18) + 1]
    assert doubles_of(np.array(micros, np.int64)).tolist() == [double_of(each) for each in micros]
