"""Texts out of files."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli import text_lines
from tailorbird.cli.text_lines import GivenLine, is_json_lines, read_lines, read_whole
from tailorbird.types.errors import TailorbirdError


def test_a_file_is_one_text_without_its_last_line_break_or_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffIt costs\n£48.\n".encode())
    assert read_whole(str(tmp_path / "a.txt")) == "It costs\n£48."


def test_each_line_of_json_is_a_text_or_an_object_with_one(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('"one"\n\n{"text": "two", "id": 7, "locale": "de", "items": ["a"]}\n')
    assert is_json_lines("a.JSONL") and not is_json_lines("a.txt")
    assert list(read_lines(str(tmp_path / "a.jsonl"))) == [
        (1, GivenLine("one")),
        (3, GivenLine("two", {"id": 7, "locale": "de", "items": ["a"]})),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"text": "a"', "is not valid JSON: column 13: Expecting ',' delimiter"),
        ("3", 'must be a text in quotes, or an object with "text"'),
        ('{"txt": "a"}', "has an unknown key 'txt'"),
        ('{"id": 1}', 'must have a "text"'),
        ('{"text": 3}', 'must have a "text"'),
        ('{"text": "a", "locale": 3}', "has a locale that is no text"),
        ('{"text": "a", "items": "b"}', 'has "items" that are no list of ids'),
        ("[" * 50_000, "is nested too deeply"),
    ],
)
def test_a_line_that_has_no_text_says_why(line: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line + "\n")
    ((number, told),) = read_lines(str(tmp_path / "a.jsonl"))
    assert number == 1 and isinstance(told, str) and told.startswith(why)


def test_a_file_that_cannot_be_read_is_one_error(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "latin.txt").write_bytes("£48".encode("latin-1"))
    with pytest.raises(TailorbirdError, match=r"latin\.txt is not UTF-8 \(byte 0\)"):
        read_whole(str(tmp_path / "latin.txt"))
    with pytest.raises(TailorbirdError, match="is not UTF-8"):
        list(read_lines(str(tmp_path / "latin.txt")))
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(TailorbirdError, match="there is no file"):
            read_whole(str(path))
    (tmp_path / "long.txt").write_text('"aaaaaaaaaa"\n"b"\n"c"\n')
    monkeypatch.setattr(text_lines, "CHARS_MAX", 10)
    with pytest.raises(TailorbirdError, match="more than 10 characters"):
        read_whole(str(tmp_path / "long.txt"))
    monkeypatch.setattr(text_lines, "LINES_MAX", 2)
    with pytest.raises(TailorbirdError, match="more than 2 lines"):
        list(read_lines(str(tmp_path / "long.txt")))
    monkeypatch.setattr(text_lines, "LINE_CHARS_MAX", 5)
    with pytest.raises(TailorbirdError, match="line 1 has more than 5 characters"):
        list(read_lines(str(tmp_path / "long.txt")))
