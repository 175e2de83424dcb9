"""Small tables as rows."""

import gzip
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.rows_of import read_rows
from tailorbird.pipeline.source_file import SourceError


def rows(path: Path) -> list[tuple[int, object]]:
    return list(read_rows(path, DuckdbWarehouse(threads=1)))


@pytest.mark.slow
def test_one_row_is_read_the_same_from_every_format(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,price\nx,"1,50"\n')
    (tmp_path / "a.tsv").write_text("id\tprice\nx\t1,50\n")
    (tmp_path / "a.jsonl").write_text('{"id": "x", "price": "1,50"}\n')
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b'id,price\nx,"1,50"\n'))
    DuckdbWarehouse().write("SELECT 'x' AS id, '1,50' AS price", tmp_path / "a.parquet")
    for name in ("a.csv", "a.tsv", "a.jsonl", "a.csv.gz", "a.parquet"):
        assert [row for _, row in read_rows(tmp_path / name, DuckdbWarehouse())] == [{"id": "x", "price": "1,50"}]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,note\n1,"two\nlines"\n\n2,short\n3\n')
    found = rows(tmp_path / "a.csv")
    assert [line for line, _ in found] == [2, 5, 6]
    assert found[-1] == (6, "has 1 fields, the header has 2")


def test_a_number_of_a_json_line_keeps_its_digits(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"price": 19.90}\n{"price": NaN}\n[1]\n')
    assert rows(tmp_path / "a.jsonl") == [
        (1, {"price": "19.90"}),
        (2, "is not a JSON object"),
        (3, "is not a JSON object"),
    ]


def test_a_file_that_cannot_be_read_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id\n\xff\n")
    (tmp_path / "a.csv.gz").write_bytes(b"id\n")
    (tmp_path / "a.doc").write_bytes(b"x")
    for name, why in (("a.csv", "not UTF-8"), ("a.csv.gz", "cannot be read"), ("a.doc", "use CSV"), ("b", "no file")):
        with pytest.raises(SourceError, match=why):
            rows(tmp_path / name)
