"""One value of an event as text and as number: the same in Python and in SQL."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.features.json_sql import json_sql, number_sql, text_sql
from tailorbird.stages.features.scalars import MICRO, double_of, micros_of, text_of, value_at

WAREHOUSE = DuckdbWarehouse(threads=1)


@pytest.mark.parametrize(
    ("value", "text", "number"),
    [
        (1, "1", 1.0), (1.0, "1", 1.0), ("1", "1", 1.0), ("1.0", "1.0", 1.0), (-0.0, "0", 0.0), (True, "true", None),
        (None, None, None), ([], None, None), ({"a": 1}, None, None), (float("nan"), None, None), (10**12, None, None),
        (10**12 - 1, "999999999999", 999999999999.0), ("7,5", "7,5", None), ("1e3", "1e3", None), (1e-7, "0", 0.0),
        (0.0000005, "0.000001", 0.000001), ("٣", "٣", None), ("", "", None), (1234.5, "1234.5", 1234.5),
    ],
)  # fmt: skip
def test_what_counts_as_text_and_as_number(value: Any, text: str | None, number: float | None) -> None:
    micros = micros_of(value)
    assert (text_of(value), None if micros is None else double_of(micros)) == (text, number)


def in_sql(values: list[Any]) -> list[tuple[Any, ...]]:
    WAREHOUSE.load("docs", {"n": list(range(len(values))), "doc": [json.dumps({"a b": v}) for v in values]})
    found = json_sql("doc", "a b")
    return WAREHOUSE.rows(
        f"SELECT {text_sql('j')}, {number_sql('j')}, CAST(sum({number_sql('j')}) OVER () AS DOUBLE) "
        f"FROM (SELECT n, {found} AS j FROM docs) ORDER BY n"
    )


numbers = st.one_of(
    st.integers(-(10**13), 10**13), st.floats(-1e13, 1e13), st.floats(-2, 2), st.integers(-(10**9), 10**9).map(lambda n: n / 2e6),
    st.decimals(-(10**12), 10**12, places=8).map(lambda d: f"{d:f}"),
)  # fmt: skip


@pytest.mark.slow
@given(st.lists(numbers, min_size=1, max_size=30))
def test_numbers_are_the_same_decimals_in_sql_and_so_are_their_sums(values: list[Any]) -> None:
    rows = in_sql(values)
    exact = [micros_of(value) for value in values]
    assert [row[0] for row in rows] == [text_of(value) for value in values]
    assert [None if row[1] is None else int(row[1] * MICRO) for row in rows] == exact
    known = [micros for micros in exact if micros is not None]
    assert rows[0][2] == (double_of(sum(known)) if known else None)


@pytest.mark.slow
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=8), min_size=1, max_size=30))
def test_texts_come_out_of_sql_as_they_are(values: list[str]) -> None:
    assert [row[0] for row in in_sql(values)] == values


def test_a_path_leads_through_objects_only() -> None:
    assert value_at({"a": {"b": 1}}, ("a", "b")) == 1
    assert value_at({"a": [1]}, ("a", "0")) is None
    assert value_at("x", ("a",)) is None
