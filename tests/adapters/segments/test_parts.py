"""Parts beside the segments."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tailorbird.adapters.segments.parts import Parts, columns_lock, drop_columns


def make(folder: Path, segments: Sequence[Path], earlier: Sequence[Path]) -> bool:
    """A part that holds its segments' texts; a text that an earlier part has is refused."""
    said = [path.read_text().strip() for path in segments]
    before = "".join((part / "said").read_text() for part in earlier)
    if any(text in before for text in said):
        return False
    (folder / "said").write_text("".join(said))
    return True


def segment(root: Path, name: str, text: str, size: int = 10) -> Path:
    path = root / f"{name}.parquet"
    path.write_text(text.ljust(size))
    return path


def said(parts: Sequence[Path]) -> list[str]:
    return [(part / "said").read_text() for part in parts]


def test_small_parts_are_taken_in_and_large_ones_stay(tmp_path: Path) -> None:
    parts, segments = Parts(tmp_path, "x"), [segment(tmp_path, "1", "a", 1000)]
    assert said(parts.open(segments, "s", make)) == ["a"]
    for name, wanted in (("b", ["a", "b"]), ("c", ["a", "bc"]), ("d", ["a", "bcd"]), ("e", ["a", "bcd", "e"])):
        segments.append(segment(tmp_path, name, name))
        assert said(parts.open(segments, "s", make)) == wanted
    segments.append(segment(tmp_path, "f", "f", 600))
    assert said(parts.open(segments, "s", make)) == ["abcdef"]


def test_a_segment_written_anew_another_signature_and_a_repetition_make_parts_anew(tmp_path: Path) -> None:
    parts, segments = Parts(tmp_path, "x"), [segment(tmp_path, "1", "a", 100), segment(tmp_path, "2", "b")]
    assert said(parts.open(segments[:1], "s", make)) == ["a"]
    assert said(parts.open(segments, "s", make)) == ["a", "b"]
    segment(tmp_path, "1", "z", 101)
    assert said(parts.open(segments, "s", make)) == ["zb"]
    assert said(parts.open(segments, "t", make)) == ["zb"]
    segments.append(segment(tmp_path, "3", "z"))
    assert said(parts.open(segments, "t", make)) == ["zbz"], "what repeats is told together"
    assert said(parts.open(segments[:1], "t", make)) == ["z"], "a segment that is gone"


def test_copies_of_growing_segments_have_a_part_that_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    parts, lasting = Parts(tmp_path, "x"), segment(tmp_path, "1", "a")
    copy = segment(tmp_path / "live", "2", "b")
    assert said(parts.open([lasting, copy], "s", make)) == ["a", "b"]
    assert said(parts.open([lasting], "s", make)) == ["a"]
    assert not list((tmp_path / "columns" / "x").glob("passing-*"))
    assert said(parts.open([lasting, segment(tmp_path / "live", "3", "a")], "s", make)) == ["aa"]


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path) -> None:
    folder = tmp_path / "columns" / "x"
    for name in ("passing-999999999-1", "000009-1-1"):
        (folder / name).mkdir(parents=True)
    parts = Parts(tmp_path, "x").open([segment(tmp_path, "1", "a")], "s", make)
    assert [path for path in folder.iterdir() if path.is_dir()] == parts


def test_everything_goes_at_once_under_the_lock(tmp_path: Path) -> None:
    parts, segments = Parts(tmp_path, "x"), [segment(tmp_path, "1", "a")]
    with columns_lock(tmp_path):
        parts.open(segments, "s", make)
        drop_columns(tmp_path)
        assert not (tmp_path / "columns").exists()
        assert said(parts.open(segments, "s", make)) == ["a"]
        parts.drop()
        assert said(parts.open(segments, "s", make)) == ["a"]


@pytest.mark.parametrize("place", ["columns", "columns/x"])
def test_what_cannot_be_removed_is_told_and_not_taken_for_gone(tmp_path: Path, place: str) -> None:
    parts, elsewhere = Parts(tmp_path, "x"), tmp_path / "another disk"
    elsewhere.mkdir()
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).symlink_to(elsewhere)
    parts.open([segment(tmp_path, "1", "a")], "s", make)
    with pytest.raises(OSError, match="symbolic link"):
        drop_columns(tmp_path) if place == "columns" else parts.drop()
    assert list(elsewhere.rglob("said"))


def test_a_part_that_is_of_no_use_any_more_and_stays_is_told(tmp_path: Path) -> None:
    parts, one = Parts(tmp_path, "x"), segment(tmp_path, "1", "a")
    parts.open([one], "s", make)
    (tmp_path / "columns" / "x" / "000009-1-1").symlink_to(tmp_path / "columns" / "x")
    with pytest.raises(OSError, match="symbolic link"):
        parts.open([one], "t", make)
