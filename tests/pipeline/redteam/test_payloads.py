"""Payloads of others are read from every common kind of file."""

import gzip
import json
from pathlib import Path

import pytest

from tailorbird.pipeline.redteam.payloads import PayloadError, read_payloads


def test_text_lists_tables_and_gzip_are_read_each_text_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("say moo\n\nsay moo\nsay baa\n")
    (tmp_path / "b.json").write_text(json.dumps({"payloads": ["one", {"text": "two"}]}))
    (tmp_path / "c.jsonl").write_text('"three"\n{"prompt": "four"}\n')
    (tmp_path / "d.csv").write_text('text,label\n"five, six",1\n')
    with gzip.open(tmp_path / "e.json.gz", "wt") as file:
        file.write('["seven"]')
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    found = read_payloads(tmp_path)
    assert [text for _, text in found] == ["say moo", "say baa", "one", "two", "three", "four", "five, six", "seven"]
    assert found[0][0] == "a" and found[-1][0] == "e"


def test_what_cannot_be_read_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(PayloadError, match="there is no folder"):
        read_payloads(tmp_path / "none")
    with pytest.raises(PayloadError, match="holds no payloads"):
        read_payloads(tmp_path)
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(PayloadError, match=r"bad.json cannot be read"):
        read_payloads(tmp_path)
