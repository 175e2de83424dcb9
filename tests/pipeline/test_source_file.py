"""A file before its import."""

import gzip
from pathlib import Path

import pytest

from tailorbird.pipeline.source_file import SourceError, count_lines, open_source, row_lines


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.jsonl", b"\n\n", "is empty"),
        ("a.csv", gzip.compress(b"a\n1\n", mtime=0), "is compressed"),
        ("a.csv", "a,b\n1,2\n".encode("utf-16"), "is UTF-16"),
        ("a.jsonl", '{"a":1}'.encode("utf-16"), "is UTF-16"),
        ("a.csv", b"PK\x03\x04rest", "spreadsheet"),
        ("a.csv", b"PAR1rest", "name it .parquet"),
        ("a.csv", "größe,b\n1,2\n".encode("latin-1"), "its header is not UTF-8"),
    ],
)
def test_a_file_that_is_no_text_is_one_error_that_says_what_it_is(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=words):
        open_source(tmp_path / name, ",", tmp_path)


def test_names_of_columns_are_all_different_and_none_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'\xef\xbb\xbf a ,"b,c",,A,\n')
    assert open_source(tmp_path / "a.csv", ",", tmp_path).header == ("a", "b,c", "column2", "A_1", "column4")


@pytest.mark.parametrize(
    ("content", "copied"),
    [
        (b"a\n1\n", None),
        (b"a\r\n1\r\n", None),
        (b"a\r\n1\n2\r\n", b"a\n1\n2\n"),
        (b"a\r1\r2\r", b"a\n1\n2\n"),
        (b"a\n" + b"x" * ((1 << 20) - 3) + b"\r\n1\n", b"a\n" + b"x" * ((1 << 20) - 3) + b"\n1\n"),
    ],
)
def test_lines_that_end_differently_are_read_from_a_copy(tmp_path: Path, content: bytes, copied: bytes | None) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    readable = open_source(path, ",", tmp_path / "scratch").path
    assert (None if readable == path else readable.read_bytes()) == copied
    assert path.read_bytes() == content


def test_rows_and_broken_records_are_on_their_lines_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"x\ny"\n\n\nbroken\n2,z\n"3\n\n",z\n4,z\n')
    place = path.read_bytes().index(b"\n\nbroken")
    assert row_lines(path, ",", [(7, place)]) == ([2, 7, 8, 11], {7: 6})
    assert count_lines(path) == (11, True)


def test_lines_are_counted_with_and_without_a_last_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for content, expected in ((b"a\nb\n", (2, False)), (b"a\nb", (2, False)), (b"\na\n", (2, True))):
        path.write_bytes(content)
        assert count_lines(path) == expected
