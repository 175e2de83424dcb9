"""Columns kept beside the segments: parts come, are taken in, and go when what they were made of is no more."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tailorbird.adapters.segments.columns import EXCLUDED_MAX, SegmentColumns
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.stages.features.lanes import plan_lanes
from tailorbird.types.event import Event
from tailorbird.types.event_columns import ColumnPart
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.person import Person

pytestmark = pytest.mark.slow

START = datetime(2026, 1, 1, tzinfo=UTC)
SPENT = FeatureDefinition(name="spent", kind="sum", event="Bought", field="total", purpose="p")
ORDERS = FeatureDefinition(name="orders", kind="count", event="Bought", purpose="p")
PLAN = plan_lanes([ORDERS]).plan


def bought(number: int, user: str) -> Event:
    moment = START + timedelta(hours=number)
    return Event("track", f"m{number}", moment, moment, user, event="Bought", properties={"total": number})


def opened(log: SegmentLog, root: Path, excluded: Sequence[str] = ()) -> Sequence[ColumnPart]:
    return SegmentColumns(root).open(log.seal(), PLAN, excluded)


def rows(parts: Sequence[ColumnPart]) -> list[tuple[str, int]]:
    """(id, time in hours) of every row."""
    ids = [text for part in parts for text in part.ids]
    found = []
    for part in parts:
        (lane,) = part.lanes
        keys = np.repeat(lane.keys, np.diff(lane.starts))
        hours = [(time - int(START.timestamp() * 1e6)) // 3_600_000_000 for time in lane.times.tolist()]
        found += [(ids[key], hour) for key, hour in zip(keys.tolist(), hours, strict=True)]
    return sorted(found)


def kept(root: Path) -> list[Path]:
    return [path for path in (root / "columns" / "lanes").iterdir() if path.is_dir()]


def test_new_segments_get_a_part_of_their_own_and_small_parts_are_taken_in(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([bought(n, f"u{n}") for n in range(3000)])
    assert len(opened(log, tmp_path)) == 1
    (first,) = kept(tmp_path)
    for number in range(3000, 3005):
        log.append([bought(number, "u7")])
        parts = opened(log, tmp_path)
        assert rows(parts) == sorted((f"uu{n if n < 3000 else 7}", n) for n in range(number + 1))
        assert len(parts) <= 3 and first in kept(tmp_path)


def test_parts_are_made_once_and_serve_other_processes(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([bought(1, "a")])
    opened(log, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "columns").rglob("*.npy")}
    assert rows(opened(log, tmp_path)) == [("ua", 1)]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "columns").rglob("*.npy")} == before != {}


def test_a_segment_that_still_grows_is_read_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    log, elsewhere = SegmentLog(tmp_path), SegmentLog(tmp_path)
    log.append([bought(1, "a")])
    elsewhere.append([bought(2, "b")])
    assert rows(opened(log, tmp_path)) == [("ua", 1), ("ub", 2)]
    elsewhere.append([bought(3, "b")])
    assert rows(opened(log, tmp_path)) == [("ua", 1), ("ub", 2), ("ub", 3)]
    assert len(kept(tmp_path)) == 1
    elsewhere.close()


def test_columns_of_other_features_are_made_anew(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([bought(5, "a")])
    opened(log, tmp_path)
    other = plan_lanes([FeatureDefinition(name="s", kind="sum", event="Bought", field="properties.total", purpose="p")])
    (part,) = SegmentColumns(tmp_path).open(log.seal(), other.plan, ())
    assert part.lanes[0].values.tolist() == [5_000_000]
    assert len(kept(tmp_path)) == 1


def test_an_erasure_takes_all_columns_and_they_come_back_without_the_person(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([bought(1, "secretname"), bought(2, "b")])
    opened(log, tmp_path)
    assert log.erase(Person("secretname", frozenset({"secretname"}))) == 1
    left = [path for path in tmp_path.rglob("*") if path.is_file() and b"secretname" in path.read_bytes()]
    assert left == [] and not (tmp_path / "columns").exists()
    assert rows(opened(log, tmp_path)) == [("ub", 2)]


def test_a_damaged_index_or_a_missing_part_is_made_anew(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([bought(1, "a")])
    opened(log, tmp_path)
    (tmp_path / "columns" / "lanes" / "index.json").write_text("{")
    assert rows(opened(log, tmp_path)) == [("ua", 1)]
    (kept(tmp_path)[0] / "segments.json").unlink()
    assert rows(opened(log, tmp_path)) == [("ua", 1)]


def test_facts_are_kept_and_there_are_none_where_a_message_repeats(tmp_path: Path) -> None:
    log, columns = SegmentLog(tmp_path), SegmentColumns(tmp_path)
    log.append([bought(1, "a")])
    facts = columns.facts(log.seal())
    assert facts is not None and [path.name for path in (*facts.words, *facts.pairs, *facts.ids)] == [
        "words.parquet",
        "pairs.parquet",
        "ids.parquet",
    ]
    other = SegmentLog(tmp_path / "other")
    other.append([bought(1, "b")])
    log.adopt(other.seal()[0])
    assert columns.facts(log.seal()) is None


def test_events_that_do_not_count_are_left_out_and_many_changes_of_mind_make_all_anew(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([bought(n, "a") for n in range(EXCLUDED_MAX + 2)])
    (part,) = opened(log, tmp_path, ["m0", "unknown"])
    assert part.excluded == {"m0"} and rows([part])[0] == ("ua", 1)
    (part,) = opened(log, tmp_path, [])
    assert part.excluded == {"m0"}, "the reader is told, and mends it"
    (part,) = opened(log, tmp_path, [f"m{n}" for n in range(1, EXCLUDED_MAX + 2)])
    assert rows([part]) == [("ua", 0)]
