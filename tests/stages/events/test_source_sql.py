"""Reading CSV, JSON lines and Parquet, with broken lines kept apart."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.columns import MappingError
from tailorbird.stages.events.source_sql import keys_query, line_of, read_source, spread_keys


def read(path: Path, delimiter: str = ",") -> tuple[DuckdbWarehouse, list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    warehouse = DuckdbWarehouse(threads=1)
    for statement in read_source(str(path), delimiter):
        warehouse.run(statement)
    keys = keys_query(str(path))
    if keys:
        warehouse.run(spread_keys([key for (key,) in warehouse.rows(keys)]))
    rows = warehouse.rows("SELECT * FROM import_source ORDER BY _row")
    return warehouse, rows, warehouse.rows("SELECT line, reason FROM import_broken ORDER BY line")


def test_csv_keeps_quotes_and_sets_broken_lines_apart(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a,b\n1,2\n3\n4,5,6\n"x,y","q""z"\n7,8\n')
    warehouse, rows, broken = read(file)
    assert rows == [("1", "2", 1), ("x,y", 'q"z', 2), ("7", "8", 3)]
    assert broken == [
        (3, "is not a row of the table: missing columns"),
        (4, "is not a row of the table: too many columns"),
    ]
    lines = warehouse.rows(f"SELECT {line_of(str(file))} FROM import_source r ORDER BY _row")
    assert lines == [(2,), (5,), (6,)]


def test_a_second_csv_does_not_inherit_broken_lines(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("a,b\n1\n")
    good.write_text("a;b\n1;2\n")
    warehouse, _, _ = read(bad)
    for statement in read_source(str(good), ";"):
        warehouse.run(statement)
    assert warehouse.rows("SELECT * FROM import_broken") == []
    assert warehouse.rows("SELECT a, b FROM import_source") == [("1", "2")]


def test_json_lines_keep_types_and_line_numbers(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"a": 1, "b": {"c": 2}}\n{"a":\n\n[1]\n{"a": "x", "d": "\\u001f"}\n')
    _, rows, broken = read(file)
    assert rows == [(1, "1", '{"c":2}', None), (5, '"x"', None, '"\\u001F"')]
    assert broken == [(2, "is not a JSON object"), (4, "is not a JSON object")]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    DuckdbWarehouse().write("SELECT 1.5::DOUBLE AS a, DATE '2026-01-01' AS b", file)
    _, rows, broken = read(file)
    assert rows[0][0] == 1.5
    assert rows[0][2] == 1
    assert broken == []


def test_another_suffix_is_refused_with_the_known_ones() -> None:
    with pytest.raises(MappingError, match=r"cannot read \.xlsx; use one of \.csv"):
        read_source("a.xlsx")


def test_json_that_other_parsers_refuse_is_no_row(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    loose = ['{"a":NaN}', '{"a":-Infinity}', '{"a":1e400}', '{"a":1,}', '{"a":1' + "0" * 30 + "}"]
    file.write_text("\n".join([*loose, "[1]", '{"a":"NaN,}"}']) + "\n")
    _, rows, broken = read(file)
    assert [row[1] for row in rows] == ['"NaN,}"']
    strict = "is not JSON: it holds NaN, Infinity, a comma too many or a number out of range"
    assert broken == [*((line, strict) for line in range(1, 6)), (6, "is not a JSON object")]


def test_keys_that_differ_in_capitals_only_and_empty_keys_refuse_no_file(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"A":1,"a":2,"":3,"_row":4}\n')
    warehouse, rows, _ = read(file)
    assert sorted(name for name, *_ in warehouse.rows("DESCRIBE import_source")) == ["A", "_row", "a_1"]
    assert rows == [(1, "1", "2")]


def test_a_column_with_the_name_of_our_row_number_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("_row,a\n7,x\n8,y\n")
    assert read(file)[1] == [("x", 1), ("y", 2)]
