from pathlib import Path

import pytest

from tailorbird.adapters.segments.erasing import erase_events
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.testing.event_log_conformance import logged_ids, sample_event
from tailorbird.types.person import Person

TWO = Person("u2", frozenset({"u2"}))


@pytest.mark.slow
def test_a_person_s_events_go_from_sealed_growing_and_damaged_segments(tmp_path: Path) -> None:
    sealed, growing = SegmentLog(tmp_path), SegmentLog(tmp_path)
    sealed.append([sample_event(1), sample_event(2)])
    sealed.seal()
    growing.append([sample_event(n) for n in (12, 3)])
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "x.jsonl").write_bytes(b'{"user_id":"u2"\n{"user_id":"u3"\n')
    both = Person("u2", frozenset({"u2", "u12"}))
    assert erase_events(tmp_path, tmp_path / "live", both) == 2
    growing.append([sample_event(4)])
    assert logged_ids(SegmentLog(tmp_path)) == ["e1", "e3", "e4"]
    growing.close()


def test_a_segment_of_one_person_alone_goes_whole(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([sample_event(2)])
    log.seal()
    assert log.erase(TWO) == 1
    assert list(tmp_path.glob("*.parquet")) == []
    assert log.erase(TWO) == 0
