import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.adapters.segments.sealing import Scratch, seal_folder
from tailorbird.ports.event_log import EventLogError
from tailorbird.testing.event_log_conformance import read_segments, sample_event


def test_a_finished_segment_becomes_parquet_and_its_lines_go(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path / "it's here")
    log.append([sample_event(1)])
    log.close()
    (sealed,) = seal_folder(tmp_path / "it's here", Scratch(tmp_path / "live"))
    assert sealed.suffix == ".parquet"
    assert len(read_segments([sealed])) == 1
    assert not list(sealed.parent.glob("*.jsonl"))


@pytest.mark.slow
def test_segments_come_oldest_first(tmp_path: Path) -> None:
    for n in range(3):
        log = SegmentLog(tmp_path)
        log.append([sample_event(n)])
        log.close()
    paths = seal_folder(tmp_path, Scratch(tmp_path / "live"))
    assert [read_segments([path])[0]["message_id"] for path in paths] == ["e0", "e1", "e2"]


def line(n: int, **changes: Any) -> bytes:
    wire = {**msgspec.to_builtins(sample_event(n)), **changes}
    return msgspec.json.encode({key: value for key, value in wire.items() if value is not None}) + b"\n"


JUNK = [
    b"damage\n",
    b"{}\n",
    b"\xff\n",
    b"\n",
    b"3\n",
    line(9, type=None),
    line(9, message_id=None),
    line(9, message_id=""),
    line(9, timestamp="soon"),
    line(9, type="dance"),
]


@pytest.mark.slow
@pytest.mark.parametrize("junk", JUNK)
def test_damaged_lines_are_moved_aside_and_the_events_around_them_are_kept(
    tmp_path: Path, junk: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "1-1-1.jsonl").write_bytes(line(1) + junk + line(2) + b'{"torn')
    paths = seal_folder(tmp_path, Scratch(tmp_path / "live"))
    assert [row["message_id"] for row in read_segments(paths)] == ["e1", "e2"]
    assert (tmp_path / "damaged" / "1-1-1.jsonl").read_bytes() == junk
    assert "1-1-1.jsonl" in caplog.text and "damaged" in caplog.text
    assert not list(tmp_path.glob("*.jsonl"))


def test_a_segment_of_junk_alone_is_moved_aside_whole(tmp_path: Path) -> None:
    (tmp_path / "1-1-1.jsonl").write_bytes(b"damage\n{}\n")
    assert seal_folder(tmp_path, Scratch(tmp_path / "live")) == []
    assert (tmp_path / "damaged" / "1-1-1.jsonl").read_bytes() == b"damage\n{}\n"


def test_a_torn_last_line_alone_is_cut_without_a_word(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "1-1-1.jsonl").write_bytes(line(1) + b"\0" * 300)
    assert len(read_segments(seal_folder(tmp_path, Scratch(tmp_path / "live")))) == 1
    assert not (tmp_path / "damaged").exists()
    assert caplog.text == ""


def test_damage_in_a_segment_that_somebody_writes_waits_there(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([sample_event(1)])
    (segment,) = tmp_path.glob("*.jsonl")
    with segment.open("ab") as file:
        file.write(b"{}\n" + line(2))
    assert [row["message_id"] for row in read_segments(seal_folder(tmp_path, Scratch(tmp_path / "live")))] == [
        "e1",
        "e2",
    ]
    assert not (tmp_path / "damaged").exists()
    log.close()


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"not parquet at all", b"PAR1" + b"\xff" * 50 + b"PAR1", "truncated"])
def test_a_damaged_parquet_segment_is_one_clear_error_that_names_the_file_and_the_mend(
    tmp_path: Path, content: bytes | str
) -> None:
    log = SegmentLog(tmp_path)
    log.append([sample_event(1)])
    (sealed,) = log.seal()
    sealed.write_bytes(sealed.read_bytes()[:-20] if isinstance(content, str) else content)
    with pytest.raises(EventLogError, match=rf"{sealed.name} is damaged: move it out of {tmp_path}"):
        seal_folder(tmp_path, Scratch(tmp_path / "live"))
    with pytest.raises(EventLogError, match=rf"{sealed.name} is damaged"):
        SegmentLog(tmp_path).append([sample_event(2)])


@pytest.mark.slow
def test_two_who_seal_in_one_process_leave_each_other_s_copies_alone(tmp_path: Path) -> None:
    writer = SegmentLog(tmp_path)
    writer.append([sample_event(1)])
    one, two = SegmentLog(tmp_path), SegmentLog(tmp_path)
    first = one.seal()
    second = two.seal()
    assert [row["message_id"] for row in read_segments(first)] == ["e1"]
    assert [row["message_id"] for row in read_segments(second)] == ["e1"]
    (copy,) = first
    one.seal()
    assert copy.exists() and second[0].exists()
    os.utime(second[0], (0, 0))  # Left by a log that nobody has used for long.
    one.seal()
    assert not second[0].exists()
    writer.close()


def test_copies_of_processes_that_are_gone_are_swept_away(tmp_path: Path) -> None:
    live = tmp_path / "live"
    live.mkdir()
    (live / "999999999-1-1-1.parquet").write_bytes(b"")
    assert seal_folder(tmp_path, Scratch(live)) == []
    assert list(live.iterdir()) == []


@pytest.mark.slow
def test_a_parquet_segment_that_is_damaged_inside_is_named_when_it_is_read(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    for n in range(2):
        log.append([sample_event(n)])
        log.seal()
    bad = sorted(tmp_path.glob("*.parquet"))[1]
    bad.write_bytes(b"PAR1" + b"\xff" * 60 + bad.read_bytes()[64:])
    with pytest.raises(EventLogError, match=rf"{bad.name} is damaged: move it out of {tmp_path}"):
        SegmentLog(tmp_path).append([sample_event(2)])
    (tmp_path / "1-1-1.jsonl").write_bytes(line(3))
    with pytest.raises(EventLogError, match=rf"{bad.name} is damaged: move it out of {tmp_path}"):
        seal_folder(tmp_path, Scratch(tmp_path / "live"))
    assert (tmp_path / "1-1-1.jsonl").read_bytes() == line(3)
