"""Texts as numbers, booleans, moments and JSON."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.conversions import convert, converts, is_loose_json, stamp, within

WAREHOUSE = DuckdbWarehouse(threads=1)


def compute(text: str, *expressions: str) -> tuple[Any, ...]:
    quoted = text.replace("'", "''")
    return WAREHOUSE.rows(f"SELECT {', '.join(expressions)} FROM (SELECT '{quoted}' AS t)")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-07-01", "2024-06-30 22:00"),
        ("2024-07-01 13:00", "2024-07-01 11:00"),
        ("2024-07-01T13:00:00.5", "2024-07-01 11:00:00.500000"),
        ("2024-07-01T13:00:00Z", "2024-07-01 13:00"),
        ("2024-07-01 13:00:00 UTC", "2024-07-01 13:00"),
        ("2024-07-01 13:00 GMT", "2024-07-01 13:00"),
        ("2024-07-01 13:00:00 -0400", "2024-07-01 17:00"),
        ("2024-07-01T13:00:00+05:30", "2024-07-01 07:30"),
        ("2024-07-01T13:00:00-03:30", "2024-07-01 16:30"),
        ("2024-07-01 13:00+02", "2024-07-01 11:00"),
    ],
)
def test_an_iso_time_is_its_moment_in_utc(text: str, expected: str) -> None:
    (got,) = compute(text, convert("t", "datetime", "Europe/Berlin"))
    assert got == datetime.fromisoformat(expected)
    assert converts(text, "datetime")


@pytest.mark.parametrize(
    "text",
    [
        "2024-07-01 12:00:00 Europe/London",
        "2024-07-01 9:05Z",
        "2024-07-01 1:00:00 PM",
        "2024-07-01 12:00:00 PM",
        "infinity",
        "-infinity",
        "epoch",
        "99999-01-01",
        "0001-01-01",
        "2200-01-01",
        "2024-01-01 (BC)",
        "2024-02-30",
        "2024-07-01 12:00+25:00",
        "01.07.2024",
        "20240701",
        "1719828000",
        "soon",
        "",
    ],
)
def test_what_is_not_written_as_iso_says_is_no_time(text: str) -> None:
    assert compute(text, convert("t", "datetime", "Europe/Berlin"), stamp("t")) == (None, None)
    assert not converts(text, "datetime")


def test_a_time_outside_of_the_years_that_shops_know_is_none() -> None:
    rows = WAREHOUSE.rows(
        f"SELECT {within('t')} FROM (VALUES (TIMESTAMP '2024-01-01'), ('infinity'), ('1899-12-31'), ('2200-01-01')) v(t)"
    )
    assert [row[0] for row in rows] == [datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None), None, None, None]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("1e400", "number", None),
        ("nan", "number", None),
        ("12.5", "number", 12.5),
        ("12.5", "integer", None),
        ("7.0", "integer", 7),
        ("YES", "boolean", True),
        ("ja", "boolean", None),
        ("x", "text", "x"),
        ("x", None, "x"),
    ],
)
def test_a_text_converts_or_is_missing(text: str, kind: str | None, expected: Any) -> None:
    assert compute(text, convert("t", kind)) == (expected,)
    if kind is not None:
        assert converts(text, kind) == (expected is not None)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":NaN}',
        '{"a":-Infinity}',
        '{"a":inf}',
        '{"a":1,}',
        '{"a":[1, ]}',
        '{"a":1e400}',
        '{"a":1' + "0" * 19 + "}",
        '{"a":[-1' + "0" * 400 + ".5]}",
    ],
)
def test_json_that_others_do_not_read_is_loose(text: str) -> None:
    assert compute(text, is_loose_json("t"), convert("t", "json")) == (True, None)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":"NaN, Infinity,}"}',
        '{"a":"say \\"nan,]"}',
        '{"info":"1e400","n":1e30}',
        '{"a":0.12345678901234567890123}',
        '{"a":-9223372036854775808}',
    ],
)
def test_strict_json_may_speak_of_anything_in_its_texts(text: str) -> None:
    assert compute(text, is_loose_json("t"), convert("t", "json")) == (False, text)
