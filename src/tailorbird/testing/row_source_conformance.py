"""What every row source must do: run each of CHECKS with a source and the words in which its engine says a table.

`things` is a table of the engine with columns id (whole number), at (a time in UTC) and name (text), which holds the
rows of THINGS.
"""

from datetime import UTC, datetime

from tailorbird.ports.row_source import RowSource, RowSourceError

THINGS = (
    (1, datetime(2026, 3, 1, 10, tzinfo=UTC), "a'b"),
    (2, datetime(2026, 3, 1, 11, 30, 0, 250_000, tzinfo=UTC), "100 %"),
    (3, datetime(2026, 3, 1, 11, 30, 0, 250_000, tzinfo=UTC), None),
)


def check_rows_come_in_order_with_their_names(source: RowSource, things: str) -> None:
    """Names once per chunk, values as they are."""
    chunks = list(source.read(f"SELECT id, name FROM {things} ORDER BY id"))
    assert list(chunks[0].names) == ["id", "name"]
    assert [tuple(row) for chunk in chunks for row in chunk.rows] == [(1, "a'b"), (2, "100 %"), (3, None)]


def check_times_have_a_zone(source: RowSource, things: str) -> None:
    """A time with a zone is told with it."""
    rows = [row for chunk in source.read(f"SELECT at FROM {things} ORDER BY id") for row in chunk.rows]
    assert [row[0] for row in rows] == [at for _, at, _ in THINGS]
    assert all(row[0].tzinfo is not None for row in rows)


def check_the_watermark_is_a_value(source: RowSource, things: str) -> None:
    """A time, a number or a text with a quote; rows that are equal to it are there; a percent sign is none of ours."""

    def found(where: str, watermark: str) -> list[int]:
        sql = f"SELECT id FROM {things} WHERE {where} ORDER BY id"
        return [row[0] for chunk in source.read(sql, watermark) for row in chunk.rows]

    assert found("at >= :watermark", "2026-03-01 11:30:00.250000+00:00") == [2, 3]
    assert found("id >= :watermark AND name LIKE '100 %'", "2") == [2]
    assert found("name >= :watermark", "a'b") == [1]


def check_no_rows_still_have_names(source: RowSource, things: str) -> None:
    """An answer without rows is one empty chunk."""
    chunks = list(source.read(f"SELECT id FROM {things} WHERE id > 99"))
    assert [list(chunk.names) for chunk in chunks] == [["id"]] and not list(chunks[0].rows)


def check_wrong_sql_is_one_line(source: RowSource, things: str) -> None:
    """A query that fails raises RowSourceError with one line."""
    refusal = ""
    try:
        list(source.read(f"SELECT missing FROM {things}"))
    except RowSourceError as error:
        refusal = str(error)
    assert refusal and "\n" not in refusal


CHECKS = (
    check_rows_come_in_order_with_their_names,
    check_times_have_a_zone,
    check_the_watermark_is_a_value,
    check_no_rows_still_have_names,
    check_wrong_sql_is_one_line,
)
