"""One column as text, number, boolean, time or JSON."""

from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.columns import Columns, MappingError, literal, name
from tailorbird.types.mapping import RowTest

WAREHOUSE = DuckdbWarehouse(threads=1)


def value(sql_value: str, sql_type: str, kind: str | None) -> Any:
    columns = Columns({"c": sql_type}, "file.csv", "m.yaml", "Europe/London")
    return WAREHOUSE.rows(f"SELECT {columns.typed('c', kind, 'f')} FROM (SELECT CAST({sql_value} AS {sql_type}) AS c)")[
        0
    ][0]


@pytest.mark.parametrize(
    ("given", "own", "kind", "expected"),
    [
        ("'  x '", "VARCHAR", "text", "x"),
        ("'   '", "VARCHAR", "text", None),
        ("13085.0", "DOUBLE", "text", "13085"),
        ("0.5", "DOUBLE", "text", "0.5"),
        ("'nan'", "DOUBLE", "text", None),
        ("'\"x\"'", "JSON", "text", "x"),
        ("'null'", "JSON", "text", None),
        ("' 7 '", "VARCHAR", "integer", 7),
        ("'7.0'", "VARCHAR", "integer", 7),
        ("'7.5'", "VARCHAR", "integer", None),
        ("'1e300'", "VARCHAR", "integer", None),
        ("'inf'", "VARCHAR", "number", None),
        ("'abc'", "VARCHAR", "number", None),
        ("'Yes'", "VARCHAR", "boolean", True),
        ("0", "INTEGER", "boolean", False),
        ("'maybe'", "VARCHAR", "boolean", None),
        ("'{\"a\": 1}'", "VARCHAR", "json", '{"a": 1}'),
        ("'{'", "VARCHAR", "json", None),
        ("12.5", "DECIMAL(5,2)", None, 12.5),
        ("7", "BIGINT", None, 7),
        ("[1, 2]", "INTEGER[]", "number", None),
        ("{'x': 1}", "STRUCT(x INTEGER)", None, '{"x":1}'),
        ("INTERVAL 3 DAY", "INTERVAL", "integer", None),
        ("18446744073709551615", "UBIGINT", "integer", None),
        ("'1.0'", "JSON", "text", "1"),
        ("'infinity'", "TIMESTAMP", "datetime", None),
    ],
)
def test_a_value_converts_or_is_missing(given: str, own: str, kind: str | None, expected: Any) -> None:
    got = value(given, own, kind)
    assert got == expected
    assert type(got) is type(expected)


def test_times_of_every_type_become_utc() -> None:
    assert value("'2026-07-01 12:00:00'", "TIMESTAMP", "datetime").hour == 11
    assert value("'2026-07-01 12:00:00+00'", "TIMESTAMP WITH TIME ZONE", "datetime").hour == 12
    assert value("'2026-07-01'", "DATE", "datetime").hour == 23
    assert value("'no date'", "VARCHAR", "datetime") is None


def test_a_path_reaches_into_json_columns() -> None:
    columns = Columns({"user": "JSON"}, "f.jsonl", "m.yaml")
    sql = columns.text("user.address.city", "traits.city")
    assert WAREHOUSE.rows(f"""SELECT {sql} FROM (SELECT '{{"address":{{"city":"Bath"}}}}'::JSON AS "user")""") == [
        ("Bath",)
    ]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (RowTest("c", equals="C1"), [True, False, False]),
        (RowTest("c", not_equals="C1"), [False, True, True]),
        (RowTest("c", starts_with="C"), [True, False, False]),
        (RowTest("c", not_starts_with="C"), [False, True, True]),
        (RowTest("c", one_of=("9", "C1")), [True, True, False]),
        (RowTest("c", matches="^[0-9]$"), [False, True, False]),
        (RowTest("c", before="A"), [False, True, False]),
        (RowTest("c", since="A"), [True, False, False]),
    ],
)
def test_row_tests_are_never_null(test: RowTest, expected: list[bool]) -> None:
    columns = Columns({"c": "VARCHAR"}, "f.csv", "m.yaml")
    rows = WAREHOUSE.rows(f"SELECT {columns.test(test, 'where')} FROM (VALUES ('C1'), ('9'), (NULL)) v(c)")
    assert [row[0] for row in rows] == expected


def test_a_missing_column_names_file_field_and_the_nearest_name() -> None:
    columns = Columns({"Customer ID": "DOUBLE", "Country": "VARCHAR"}, "invoices.csv", "imports/invoices.yaml")
    with pytest.raises(MappingError) as error:
        columns.text("customer_id", "events[0].user_id")
    assert str(error.value) == (
        "imports/invoices.yaml: events[0].user_id: invoices.csv has no column 'customer_id'; did you mean 'Customer ID'?"
    )


def test_names_and_texts_are_quoted() -> None:
    assert name('a"b') == '"a""b"'
    assert literal("a'b") == "'a''b'"
    assert [literal(v) for v in (None, True, 3, 0.5)] == ["NULL", "TRUE", "3", "0.5"]
