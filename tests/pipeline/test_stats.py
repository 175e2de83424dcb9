from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.stats import count_events
from tailorbird.testing.event_log_conformance import sample_event
from tailorbird.testing.quarantine_conformance import sample_row


@pytest.mark.slow
def test_everything_is_counted_while_a_writer_goes_on(tmp_path: Path) -> None:
    writer, quarantine = SegmentLog(tmp_path / "events"), FolderQuarantine(tmp_path / "quarantine")
    quarantine.add([sample_row(1), sample_row(2), sample_row(3, "imports/orders.yaml")])
    for n in range(3):
        writer.append([replace(sample_event(n), context={"library": {"name": "shop"}}, event="A" if n else "B")])
        found = count_events(SegmentLog(tmp_path / "events"), quarantine, DuckdbWarehouse(), 7, 2)
        assert (found["accepted"], found["clients"]) == (n + 1, {"shop": n + 1})
    assert (found["events"], found["types"]) == ({"A": 2, "B": 1}, {"track": 3})
    assert (found["duplicates"], found["conflicts"]) == (7, 2)
    assert (found["quarantined"], found["quarantined_by_source"]) == (3, {"imports/orders.yaml": 1, "intake": 2})
    assert found["first_received"] == "2026-06-01T12:00:00.123456+00:00"
    assert found["last_received"] == "2026-06-01T12:00:02.123456+00:00"
    writer.close()


def test_an_empty_log_counts_nothing(tmp_path: Path) -> None:
    found = count_events(SegmentLog(tmp_path), FolderQuarantine(tmp_path / "q"), DuckdbWarehouse(), 0, 0)
    assert (found["accepted"], found["first_received"], found["types"]) == (0, None, {})
    assert found["late_seconds"] == {"p50": None, "p90": None, "p99": None, "max": None}


def test_late_events_tests_and_machines_are_told(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path / "events")
    contexts: list[dict[str, Any]] = [
        {"test": True},
        {"machine": "a bot"},
        {"test": True, "machine": "a bot"},
        {"note": "a test"},
        {},
    ]
    for n, context in enumerate(contexts):
        event = sample_event(n)
        log.append([replace(event, context=context, received_at=event.timestamp + timedelta(seconds=100 * n))])
    found = count_events(log, FolderQuarantine(tmp_path / "q"), DuckdbWarehouse(), 0, 0)
    assert (found["accepted"], found["tests"], found["machines"]) == (5, 2, 1)
    assert found["late_seconds"] == {"p50": 200.0, "p90": 360.0, "p99": 396.0, "max": 400.0}
    log.close()
