"""Values of a mapping as SQL."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.columns import Columns, MappingError
from tailorbird.stages.events.values_sql import Check, Expressions, columns_of
from tailorbird.types.mapping import Value

WAREHOUSE = DuckdbWarehouse(threads=1)
ROW = "(SELECT 'x' AS a, '2' AS n, '1.25' AS p, CAST(NULL AS VARCHAR) AS e, '2026-01-01' AS d)"


def expressions() -> Expressions:
    return Expressions(Columns(dict.fromkeys("anped", "VARCHAR"), "f.csv", "m.yaml"))


def compute(value: str | Value) -> Any:
    out = expressions()
    return WAREHOUSE.rows(f"SELECT {out.finish(out.value(value, 'f'), value)} FROM {ROW}")[0][0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "x"),
        (Value("n", type="integer", scale=-1), -2),
        (Value(text="{a}-{n}@shop.example"), "x-2@shop.example"),
        (Value(text="{a}{e}"), None),
        (Value(constant="GBP"), "GBP"),
        (Value(constant=False), False),
        (Value(product=("n", "p"), decimals=1), 2.5),
        (Value("a", words={"x": "Ex", "y": "Why"}), "Ex"),
        (Value("n", words={"x": "Ex"}), "2"),
    ],
)
def test_a_value_is_what_it_says(value: str | Value, expected: Any) -> None:
    assert compute(value) == expected


def test_an_object_leaves_out_what_is_missing_and_keeps_types() -> None:
    fields: dict[str, str | Value] = {
        "a": "a",
        "e": "e",
        "n": Value("n", type="integer"),
        "at": Value("d", type="datetime"),
        "j": Value(constant=True),
    }
    text = WAREHOUSE.rows(f"SELECT {expressions().json_object(fields, 'f')} FROM {ROW}")[0][0]
    assert json.loads(text) == {"a": "x", "n": 2, "at": "2026-01-01T00:00:00Z", "j": True}
    assert expressions().json_object({}, "f") == "'{}'"


def test_a_typed_value_brings_its_check_once() -> None:
    out = expressions()
    out.value(Value(product=("n", "n")), "f")
    assert [(check.column, check.reason) for check in out.checks] == [("n", "is not a number")]


def test_the_first_failing_check_is_the_verdict() -> None:
    out = expressions()
    assert out.verdict() == "NULL"
    out.checks += [Check("a", "r", "FALSE"), Check("b", "s", "TRUE"), Check("c", "t", "TRUE")]
    assert WAREHOUSE.rows(f"SELECT {out.verdict()}") == [(2,)]


def test_a_value_with_two_sources_is_refused() -> None:
    with pytest.raises(MappingError, match="exactly one of column, text, constant or product"):
        expressions().value(Value("a", text="b"), "f")


def test_the_columns_of_a_text_are_its_braces() -> None:
    assert columns_of(Value(text="{a} and {Customer ID}")) == ("a", "Customer ID")


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (Value("a", type="integer", words={"x": "7"}), None, 7),
        (Value("a", words={"x": "true"}), "boolean", True),
        (Value(text="{n}0", type="number"), None, 20.0),
        (Value(text="{d} 09:30Z"), "datetime", datetime(2026, 1, 1, 9, 30, tzinfo=UTC).replace(tzinfo=None)),
        (Value(constant="2026-07-01 13:00"), "datetime", datetime(2026, 7, 1, 12, tzinfo=UTC).replace(tzinfo=None)),
        (Value("n", scale=0.5), None, 1.0),
    ],
)
def test_words_and_texts_are_put_together_before_they_are_converted(
    value: Value, kind: str | None, expected: Any
) -> None:
    out = Expressions(Columns(dict.fromkeys("anped", "VARCHAR"), "f.csv", "m.yaml", "Europe/London"))
    sql = out.finish(out.value(value, "f", kind), value)
    assert WAREHOUSE.rows(f"SELECT {sql}, {out.verdict()} FROM {ROW}") == [(expected, None)]


@pytest.mark.parametrize("value", [Value(text="{a}", type="number"), Value("a", type="boolean", words={"y": "true"})])
def test_what_does_not_convert_after_all_is_blamed_on_its_column(value: Value) -> None:
    out = expressions()
    out.value(value, "f")
    assert [check.column for check in out.checks] == ["a"]
    assert WAREHOUSE.rows(f"SELECT {out.verdict()} FROM {ROW}") == [(1,)]


def test_a_constant_that_does_not_convert_is_told_before_the_import() -> None:
    for constant, kind in (("yesterday", "datetime"), ("x", "number")):
        with pytest.raises(MappingError, match="is not a"):
            expressions().value(Value(constant=constant), "f", kind)
