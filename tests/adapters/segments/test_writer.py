import fcntl
import os
from pathlib import Path

import pytest

from tailorbird.adapters.segments.writer import SegmentWriter, log_error, segment_stem, sync_folder


def test_a_writer_holds_its_lock_until_it_is_closed(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path)
    writer.append(b"{}\n")
    with writer.path.open("rb") as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        writer.close()
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert writer.path.read_bytes() == b"{}\n"


def test_a_writer_that_wrote_nothing_leaves_nothing(tmp_path: Path) -> None:
    SegmentWriter(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_names_sort_by_the_order_of_their_making_and_name_their_process() -> None:
    names = [segment_stem() for _ in range(50)]
    assert len(set(names)) == 50
    assert all(f"-{os.getpid()}-" in name for name in names)
    assert [name.split("-")[0] for name in names] == sorted(name.split("-")[0] for name in names)


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    assert "free some space" in str(log_error(tmp_path, OSError(28, "No space left on device")))
    assert "rights" in str(log_error(tmp_path, OSError(13, "Permission denied")))
    sync_folder(tmp_path)
