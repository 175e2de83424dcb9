from pathlib import Path

import pytest

from tailorbird.adapters.segments.tally import Tally, read_tally
from tailorbird.ports.event_log import EventLogError


def test_counts_of_all_logs_add_up_and_no_duplicate_leaves_no_file(tmp_path: Path) -> None:
    one, other = Tally(tmp_path), Tally(tmp_path)
    one.count(0, 0)
    assert (list(tmp_path.iterdir()), read_tally(tmp_path)) == ([], (0, 0))
    one.count(2, 1)
    one.count(3, 0)
    other.count(10, 4)
    assert read_tally(tmp_path) == (15, 5)
    assert read_tally(tmp_path / "nowhere") == (0, 0)


def test_a_file_that_is_no_tally_counts_nothing(tmp_path: Path) -> None:
    Tally(tmp_path).count(1, 0)
    (tmp_path / "duplicates" / "x").write_bytes(b"torn")
    assert read_tally(tmp_path) == (1, 0)


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "duplicates").write_text("")
    with pytest.raises(EventLogError, match="cannot be used"):
        Tally(tmp_path).count(1, 0)
