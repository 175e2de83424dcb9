"""What the dialects read in a tree."""

import re
from typing import Any

import pytest
import sqlglot

from tailorbird.stages.sql.shapes import (
    NUMBER,
    UnportableSqlError,
    decimal_of,
    json_path,
    keys,
    may_be_decimal,
    pattern_of,
    rounded,
    wall_clock,
)


def parse(sql: str) -> Any:
    return sqlglot.parse_one(sql, read="duckdb")


def test_a_path_is_its_names_and_places() -> None:
    assert json_path(parse("""json_extract(a, '$."x y"."z"[2]')""")) == (("x y", "z", 2), False)
    assert json_path(parse("""json_extract(a, '$."x"[*]')""")) == (("x",), True)
    assert json_path(parse("a ->> '$'")) == ((), False)


def test_a_wall_clock_is_read_in_one_spelling_only() -> None:
    found = wall_clock(parse("timezone(z, timezone('UTC', t))"))
    assert found is not None and [part.sql() for part in found] == ["z", "t"]
    assert wall_clock(parse("fsum(z)")) is None
    with pytest.raises(UnportableSqlError, match="wall clock"):
        wall_clock(parse("timezone(z, t)"))


def test_what_may_be_a_decimal_is_seen_through_filters() -> None:
    assert decimal_of(parse("CAST(a AS DECIMAL(18, 6))")) == (18, 6)
    assert may_be_decimal(parse("sum(a) FILTER (WHERE b)")) and may_be_decimal(parse("(arg_max(a, b))"))
    assert not may_be_decimal(parse("a ->> '$.total'"))


def test_keys_are_the_parts_of_a_tuple() -> None:
    assert [key.sql() for key in keys(parse("(a, b)"))] == ["a", "b"]
    assert [key.sql() for key in keys(parse("a"))] == ["a"]


def test_a_whole_match_has_ends() -> None:
    assert pattern_of(parse("a SIMILAR TO 'x|y'")) == "^(?:x|y)$"
    assert pattern_of(parse("regexp_matches(a, 'x')")) == "x"
    with pytest.raises(UnportableSqlError, match="constant"):
        pattern_of(parse("regexp_matches(a, b)"))


def test_numbers_are_what_duckdb_takes_for_numbers() -> None:
    for text in ("1", " -1.5 ", "1_000.5", ".5", "5.", "1E+05", "1e-300"):
        assert re.match(NUMBER, text), text
    for text in ("", ".", "1__0", "_1", "0x10", "1d", "NaN", "inf", "1e", "1 2"):
        assert not re.match(NUMBER, text), text


def test_halves_go_away_from_zero() -> None:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.create_function("floor", 1, lambda x: float(x // 1))
    for value, wanted in ((0.5, 1), (-0.5, -1), (2.5, 3), (1e300, 1e300), (-4503599627370497.0, -4503599627370497.0)):
        assert connection.execute(f"SELECT {rounded(f'({value!r})', '1.0')}").fetchone()[0] == wanted
    connection.close()
