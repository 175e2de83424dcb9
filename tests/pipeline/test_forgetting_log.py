from pathlib import Path

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.forgetting_log import ForgettingLog
from tailorbird.testing.event_log_conformance import logged_ids, sample_event
from tailorbird.testing.state import MemorySuppressions


def test_events_of_erased_people_are_not_written(tmp_path: Path) -> None:
    suppressions = MemorySuppressions()
    suppressions.erase(["u2"])
    log = ForgettingLog(SegmentLog(tmp_path), suppressions)
    assert log.append([sample_event(n) for n in (1, 2, 3)]) == 2
    log.close()
    assert logged_ids(SegmentLog(tmp_path)) == ["e1", "e3"]
    assert len(log.seal()) == 1
