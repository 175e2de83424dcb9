"""The arrays of one lane, written and mapped again."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from tailorbird.adapters.segments.column_files import PART, PartFacts, load_part, save_lane, save_texts
from tailorbird.types.event_columns import LanePlan


def test_a_lane_comes_back_with_its_sums_and_first_texts(tmp_path: Path) -> None:
    keys, times = np.array([2, 2, 2, 5], np.int32), np.array([1, 2, 2, 0], np.int64)
    number = save_lane(
        tmp_path,
        0,
        LanePlan("TRUE", "number", "x", adds=True),
        {"k": keys, "t": times, "v": np.array([1, -7, 3, 4])},
    )
    text = save_lane(
        tmp_path,
        1,
        LanePlan("TRUE", "text", "x", tells_apart=True),
        {"k": keys, "t": times, "v": np.array([1, 0, 1, 1], np.int32)},
    )
    save_texts(tmp_path / "ids", ["uä", "ub\n"])
    save_texts(tmp_path / "1.texts", ["x", ""])
    facts = PartFacts(4, [number, text], ["m"])
    (tmp_path / PART).write_bytes(msgspec.json.encode(facts))
    part = load_part(tmp_path)
    sums, words = part.lanes
    assert (sums.keys.tolist(), sums.starts.tolist(), sums.sums.tolist()) == ([2, 5], [0, 3, 4], [0, 1, -6, -3, 1])
    assert (sums.peak, sums.until, sums.firsts) == (7, 2, None)
    assert (words.firsts.tolist(), words.first_values.tolist()) == ([0, 1, 2, 2, 3], [1, 0, 1])
    assert (part.ids, part.texts, part.excluded) == (["uä", "ub\n"], {1: ["x", ""]}, {"m"})


def test_a_lane_without_rows_is_a_lane(tmp_path: Path) -> None:
    nothing = {"k": np.zeros(0, np.int32), "t": np.zeros(0, np.int64), "v": np.zeros(0, np.int64)}
    facts = save_lane(tmp_path, 0, LanePlan("TRUE", "number", "x", adds=True, tells_apart=True), nothing)
    assert (facts.peak, facts.until) == (0, 0)


def test_rows_out_of_order_are_refused(tmp_path: Path) -> None:
    for keys, times in (([1, 0], [1, 2]), ([1, 1], [2, 1])):
        rows = {"k": np.array(keys, np.int32), "t": np.array(times, np.int64)}
        with pytest.raises(ValueError, match="not in order"):
            save_lane(tmp_path, 0, LanePlan("TRUE", "none"), rows)
