from pathlib import Path

import pytest

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.adapters.segments.sealing import seal_folder
from tailorbird.ports.event_log import EventLogError
from tailorbird.testing.event_log_conformance import read_segments, sample_event


def test_a_finished_segment_becomes_parquet_and_its_lines_go(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path / "it's here")
    log.append([sample_event(1)])
    log.close()
    (sealed,) = seal_folder(tmp_path / "it's here", tmp_path / "live")
    assert sealed.suffix == ".parquet"
    assert len(read_segments([sealed])) == 1
    assert not list(sealed.parent.glob("*.jsonl"))


def test_segments_come_oldest_first(tmp_path: Path) -> None:
    for n in range(3):
        log = SegmentLog(tmp_path)
        log.append([sample_event(n)])
        log.close()
    paths = seal_folder(tmp_path, tmp_path / "live")
    assert [read_segments([path])[0]["message_id"] for path in paths] == ["e0", "e1", "e2"]


def test_a_damaged_segment_is_one_clear_error_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "1-1-1.jsonl").write_bytes(b"damage\n" + b"{}\n")
    with pytest.raises(EventLogError, match=r"1-1-1\.jsonl cannot be sealed.*Move it away"):
        seal_folder(tmp_path, tmp_path / "live")
    assert (tmp_path / "1-1-1.jsonl").exists()


def test_copies_of_processes_that_are_gone_are_swept_away(tmp_path: Path) -> None:
    live = tmp_path / "live"
    live.mkdir()
    (live / "999999999-1-1-1.parquet").write_bytes(b"")
    assert seal_folder(tmp_path, live) == []
    assert list(live.iterdir()) == []
