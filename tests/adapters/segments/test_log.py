import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.ports.event_log import EventLog, EventLogError
from tailorbird.stages.events.segment_wire import read_batch
from tailorbird.testing.event_log_conformance import CHECKS, NOON, MakeLog, logged_ids, read_segments, sample_event

WRITER = """
import sys
from pathlib import Path
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.testing.event_log_conformance import sample_event
log = SegmentLog(Path(sys.argv[1]))
n = int(sys.argv[2])
while True:
    log.append([sample_event(i) for i in range(n, n + 40)])
    print(n + 40, flush=True)
    n += 40
    if n % 400 == 0:
        log.seal()
"""


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_segment_log_conforms(check: Callable[[MakeLog, Path], None], tmp_path: Path) -> None:
    def make_log(root: Path) -> EventLog:
        return SegmentLog(root)

    check(make_log, tmp_path / "events")


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_loses_nothing_acknowledged_and_keeps_nothing_twice(tmp_path: Path) -> None:
    chance, acknowledged = random.Random(7), 0
    for _ in range(6):
        # Each writer begins 20 events back: what its forerunner had acknowledged is sent again.
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(max(0, acknowledged - 20))], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        time.sleep(chance.uniform(0, 0.25))
        writer.kill()
        rest = writer.stdout.read().split(b"\n")[:-1]
        acknowledged = int(rest[-1]) if rest else acknowledged
        writer.wait()
        writer.stdout.close()
    ids = logged_ids(SegmentLog(tmp_path))
    assert len(ids) == len(set(ids))
    assert set(ids) >= {f"e{n}" for n in range(acknowledged)}


@pytest.mark.slow
def test_a_torn_last_line_is_cut_and_the_rest_is_kept(tmp_path: Path) -> None:
    for torn in (b'{"message_id":"torn', b"\0" * 5000, b'{"message_id":"torn"\n\0\0'):
        root = tmp_path / torn[-3:].hex()
        log = SegmentLog(root)
        log.append([sample_event(1), sample_event(2)])
        log.close()
        (segment,) = root.glob("*.jsonl")
        with segment.open("ab") as file:
            file.write(torn)
        again = SegmentLog(root)
        assert again.append([sample_event(2), sample_event(3)]) == 1
        assert logged_ids(again) == ["e1", "e2", "e3"]
        again.close()


def test_a_torn_line_of_a_live_writer_is_left_alone(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([sample_event(1)])
    (segment,) = tmp_path.glob("*.jsonl")
    with segment.open("ab") as file:
        file.write(b'{"half')
    size = segment.stat().st_size
    assert logged_ids(SegmentLog(tmp_path)) == ["e1"]
    assert segment.stat().st_size == size
    log.close()


def test_a_segment_sealed_before_a_crash_could_remove_its_lines_counts_once(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([sample_event(1)])
    log.close()
    (lines,) = tmp_path.glob("*.jsonl")
    kept = lines.read_bytes()
    log.seal()
    lines.write_bytes(kept)
    assert logged_ids(log) == ["e1"]
    assert not list(tmp_path.glob("*.jsonl"))


def test_a_full_disk_is_one_clear_error_and_nothing_of_the_append_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = SegmentLog(tmp_path)
    log.append([sample_event(1)])
    monkeypatch.setattr(os, "write", _fail_after_some_bytes(os.write))
    with pytest.raises(EventLogError, match=r"No space left on device.*free some space"):
        log.append([sample_event(2)])
    monkeypatch.undo()
    assert log.append([sample_event(2), sample_event(3)]) == 2
    assert logged_ids(log) == ["e1", "e2", "e3"]
    log.close()


def _fail_after_some_bytes(real_write: Callable[[int, bytes], int]) -> Callable[[int, bytes], int]:
    calls = []

    def write(descriptor: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return real_write(descriptor, data[:50])

    return write


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EventLogError, match="event log"):
        SegmentLog(tmp_path / "file" / "events").append([sample_event(1)])


def test_threads_that_share_a_log_lose_nothing(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    threads = [
        threading.Thread(target=lambda first=first: [log.append([sample_event(first + n)]) for n in range(20)])
        for first in range(0, 80, 20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(logged_ids(log))) == 80
    log.close()


@pytest.mark.slow
def test_copies_of_a_live_segment_are_replaced_each_time(tmp_path: Path) -> None:
    writer, reader = SegmentLog(tmp_path), SegmentLog(tmp_path)
    writer.append([sample_event(1)])
    for _ in range(3):
        assert len(read_segments(reader.seal())) == 1
    assert len(list((tmp_path / "live").iterdir())) == 1
    writer.close()
    reader.seal()
    assert list((tmp_path / "live").iterdir()) == []


@pytest.mark.slow
def test_a_log_torn_at_any_byte_of_its_last_append_keeps_all_before_it_and_takes_the_repetition(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path / "whole")
    log.append([sample_event(1)])
    (segment,) = (tmp_path / "whole").glob("*.jsonl")
    first = segment.stat().st_size
    log.append([sample_event(2), sample_event(3)])
    log.close()
    whole = segment.read_bytes()
    second = whole.index(b"\n", first) + 1
    for size in range(first, len(whole)):
        root = tmp_path / str(size)
        root.mkdir()
        (root / segment.name).write_bytes(whole[:size])
        again = SegmentLog(root)
        assert again.append([sample_event(1), sample_event(2), sample_event(3)]) == (1 if size >= second else 2)
        again.close()
        if size % 97 == 0 or size in (first, second - 1, second):
            assert logged_ids(SegmentLog(root)) == ["e1", "e2", "e3"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KB."""
    root = tmp_path / "small"
    root.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(root)], capture_output=True, check=False)  # fmt: skip
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs root")
    yield root
    subprocess.run(["umount", "-l", str(root)], check=True)


def test_a_disk_that_is_really_full_costs_nothing_acknowledged_and_goes_on_when_there_is_space(
    small_disk: Path,
) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 64_000)
    log = SegmentLog(small_disk / "events")
    taken, told = 0, ""
    while not told:
        try:
            log.append([sample_event(taken)])
            taken += 1
        except EventLogError as error:
            told = str(error)
    assert taken > 50 and "No space left on device" in told and "free some space" in told
    ballast.unlink()
    assert log.append([sample_event(n) for n in range(taken + 1)]) == 1
    log.close()
    assert SegmentLog(small_disk / "events").append([sample_event(n) for n in range(taken + 2)]) == 1


@pytest.mark.slow
def test_a_clock_that_goes_backwards_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    for n, back in enumerate([0, 10**9, 10**12, -(10**12)]):
        script = f"""
import time
now = time.time_ns
time.time_ns = lambda: now() - {back} * 1000
from pathlib import Path
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.testing.event_log_conformance import sample_event
log = SegmentLog(Path({str(tmp_path)!r}))
log.append([sample_event(n) for n in range({n}, {n} + 3)])
log.close()
"""
        subprocess.run([sys.executable, "-c", script], check=True)
        if n == 2:
            SegmentLog(tmp_path).seal()
    assert logged_ids(SegmentLog(tmp_path)) == [f"e{n}" for n in range(6)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(JSON, min_size=1, max_size=8))
def test_whatever_the_wire_lets_in_can_be_sealed_and_read(values: list[Any]) -> None:
    events = [{"type": "track", "userId": "u", "event": "A", "messageId": f"m{n}", "properties": {"a": value}} for n, value in enumerate(values)]  # fmt: skip
    taken = read_batch(json.dumps({"batch": events}).encode(), NOON).events
    with tempfile.TemporaryDirectory() as folder:
        log = SegmentLog(Path(folder))
        log.append_lines([taken])
        log.close()
        rows = {row["message_id"]: json.loads(row["properties"]) for row in read_segments(log.seal())}
    assert rows == {f"m{n}": {"a": value} for n, value in enumerate(values) if f"m{n}" in taken.message_ids}
