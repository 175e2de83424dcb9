"""Rows of a database as a file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tailorbird.pipeline.copy_rows import copy_rows, database_problem
from tailorbird.ports.row_source import RowChunk
from tailorbird.stages.events.row_lines import RowValueError
from tailorbird.types.mapping import DatabaseSource

GOOD = DatabaseSource(
    sql="SELECT id, at FROM t WHERE at >= :watermark", postgres="${SHOP_DB}", watermark="at", since="2020-01-01"
)


NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class ListedRows:
    """A row source over a list, which notes the watermark that it is asked with."""

    def __init__(self, *chunks: RowChunk) -> None:
        self.chunks, self.asked = chunks, ""

    def read(self, sql: str, watermark: str | None = None) -> Iterator[RowChunk]:
        self.asked = str(watermark)
        yield from self.chunks

    def close(self) -> None:
        pass


def test_rows_become_lines_and_the_highest_value_the_watermark(tmp_path: Path) -> None:
    rows = ListedRows(RowChunk(["id", "at"], [(1, 7), (2, None)]), RowChunk(["id", "at"], [(3, 9), (4, 8)]))
    copied = copy_rows(rows, GOOD, None, tmp_path / "new" / "t.jsonl", NOW)
    assert copied == (4, "9")
    assert (tmp_path / "new" / "t.jsonl").read_text().splitlines()[1] == '{"id":2,"at":null}'
    assert rows.asked == "2020-01-01"


def test_an_overlap_reads_from_further_back(tmp_path: Path) -> None:
    rows = ListedRows(RowChunk(["id", "at"], []))
    late = replace(GOOD, overlap_minutes=10)
    assert copy_rows(rows, late, "2026-03-01 08:00:00", tmp_path / "t", NOW, overlap=True) == (0, None)
    assert rows.asked == "2026-03-01 07:50:00"


@pytest.mark.parametrize(
    ("values", "watermark"),
    [
        ([datetime(2026, 5, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)], "2026-06-01 12:00:00+00:00"),
        ([datetime.fromisoformat("2026-05-01"), datetime.fromisoformat("2099-01-01")], "2026-06-02 02:00:00"),
        ([date(2026, 5, 1), date(2099, 1, 1)], "2026-06-02"),
        (["infinity", datetime(2026, 5, 1, tzinfo=UTC), "infinity", "0044-03-15 BC"], "2026-05-01 00:00:00+00:00"),
        (["infinity", "-infinity"], None),
        ([Decimal("NaN"), Decimal(7), Decimal("NaN")], "7"),
        ([float("inf"), 2.5, float("nan")], "2.5"),
        (["01H", "01J", None], "01J"),
    ],
)
def test_one_odd_row_moves_no_watermark_to_where_nothing_is_read_any_more(
    tmp_path: Path, values: list[Any], watermark: str | None
) -> None:
    rows = ListedRows(RowChunk(["at"], [(value,) for value in values]))
    assert copy_rows(rows, GOOD, None, tmp_path / "t", NOW) == (len(values), watermark)


def test_a_watermark_that_the_query_has_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(RowValueError, match="no column 'at'; it has id"):
        copy_rows(ListedRows(RowChunk(["id"], [(1,)])), GOOD, None, tmp_path / "t", NOW)


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"postgres": None}, "postgres", "exactly one"),
        ({"clickhouse": "${OTHER}"}, "postgres", "exactly one"),
        ({"postgres": "postgresql://me:secret@db/shop"}, "postgres", "password"),
        ({"sql": "DELETE FROM t WHERE at >= :watermark"}, "sql", "SELECT or WITH"),
        ({"sql": "SELECT id, at FROM t"}, "sql", "read everything"),
        ({"sql": "SELECT id, at FROM t WHERE at > :watermark"}, "sql", "write >="),
        ({"since": None}, "watermark", "since"),
        ({"watermark": None}, "watermark", "since"),
        ({"overlap_minutes": -1}, "overlap_minutes", "negative"),
    ],
)
def test_mistakes_are_seen_without_connecting(change: dict[str, object], field: str, said: str) -> None:
    problem = database_problem(replace(GOOD, **change))  # type: ignore[arg-type]
    assert problem is not None and problem[0] == field and said in problem[1]


def test_a_catalog_is_read_whole() -> None:
    problem = database_problem(GOOD, is_catalog=True)
    assert problem is not None and problem[0] == "watermark" and "read whole" in problem[1]
    assert database_problem(DatabaseSource(sql="SELECT * FROM t", postgres="${SHOP_DB}"), is_catalog=True) is None


def test_a_good_source_has_no_problem_and_a_cast_is_no_watermark() -> None:
    assert database_problem(GOOD) is None
    assert database_problem(DatabaseSource(sql="SELECT a::watermark FROM t", clickhouse="${X}")) is None
