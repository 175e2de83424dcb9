"""PostgresRows."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tailorbird.adapters.row_sources.postgres import PostgresRows
from tailorbird.ports.row_source import RowSource, RowSourceError
from tailorbird.testing.row_source_conformance import CHECKS, THINGS

URL = os.environ.get("TAILORBIRD_POSTGRES", "postgresql://127.0.0.1:5432/test").replace("+psycopg", "")
TABLE = f"tb_things_{os.getpid()}"


@pytest.fixture
def source() -> Iterator[PostgresRows]:
    import psycopg

    try:
        opened = PostgresRows(URL)
    except RowSourceError as error:
        if "postgres" in os.environ.get("TAILORBIRD_REQUIRE", "").split(","):
            raise
        pytest.skip(str(error))
    with psycopg.connect(URL, autocommit=True) as admin:
        admin.execute(f"DROP TABLE IF EXISTS {TABLE}")
        admin.execute(f"CREATE TABLE {TABLE} (id BIGINT, at TIMESTAMPTZ, name TEXT)")
        with admin.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {TABLE} VALUES (%s, %s, %s)", THINGS)
        yield opened
        opened.close()
        admin.execute(f"DROP TABLE {TABLE}")


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_passes_the_suite(check: Callable[[RowSource, str], None], source: PostgresRows) -> None:
    check(source, TABLE)


def test_types_of_postgresql_come_as_what_they_are(source: PostgresRows) -> None:
    sql = """SELECT 12345678901234567.89::numeric AS n, '{"a": [1]}'::jsonb AS j, ARRAY['x', NULL] AS l,
        DATE '2026-03-01' AS d, TRUE AS b, NULL::int AS nothing"""
    (chunk,) = source.read(sql)
    assert tuple(chunk.rows[0]) == (
        Decimal("12345678901234567.89"),
        {"a": [1]},
        ["x", None],
        date(2026, 3, 1),
        True,
        None,
    )


def test_times_that_python_has_not_come_as_text_and_the_other_rows_as_ever(source: PostgresRows) -> None:
    sql = """SELECT * FROM (VALUES ('infinity'::timestamptz, '-infinity'::timestamp, '0044-03-15 BC'::date),
        ('2026-03-01T10:00:00Z', '2026-03-01', '2026-03-01')) AS t"""
    (chunk,) = source.read(sql)
    assert tuple(chunk.rows[0]) == ("infinity", "-infinity", "0044-03-15 BC")
    assert tuple(chunk.rows[1]) == (
        datetime(2026, 3, 1, 10, tzinfo=UTC),
        datetime.fromisoformat("2026-03-01"),
        date(2026, 3, 1),
    )


def test_many_rows_come_in_chunks(source: PostgresRows) -> None:
    chunks = list(source.read("SELECT g FROM generate_series(1, 12000) g"))
    assert len(chunks) == 3 and sum(len(chunk.rows) for chunk in chunks) == 12_000


def test_a_query_cannot_write(source: PostgresRows) -> None:
    with pytest.raises(RowSourceError, match=r"data-modifying|read-only"):
        list(source.read(f"WITH gone AS (DELETE FROM {TABLE} RETURNING id) SELECT * FROM gone"))


def test_nobody_there_is_one_line_without_the_password() -> None:
    with pytest.raises(RowSourceError, match="cannot reach PostgreSQL") as raised:
        PostgresRows("postgresql://me:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(raised.value) and "\n" not in str(raised.value)
