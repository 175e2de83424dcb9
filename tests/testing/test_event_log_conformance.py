from collections.abc import Sequence
from pathlib import Path

import pytest

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.testing import event_log_conformance as conformance
from tailorbird.types.event import Event


class ForgetfulLog(SegmentLog):
    """Says that it has written, and has not written the last event."""

    def append(self, events: Sequence[Event]) -> int:
        super().append(events[:-1])
        return len(events)


@pytest.mark.slow
def test_a_log_that_loses_events_does_not_conform(tmp_path: Path) -> None:
    failed = []
    for check in conformance.CHECKS:
        try:
            check(ForgetfulLog, tmp_path / check.__name__ / "log")
        except Exception:
            failed.append(check.__name__)
    assert "check_appended_events_come_back_whole" in failed
    assert len(failed) >= 4


def test_rows_of_no_segments_are_none() -> None:
    assert conformance.read_segments([]) == []


@pytest.mark.parametrize("n", [0, 7])
def test_sample_events_differ_by_their_number(n: int) -> None:
    assert conformance.sample_event(n).message_id == f"e{n}"
