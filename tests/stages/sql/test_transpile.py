"""Canonical SQL on PostgreSQL answers what it answers on DuckDB; the slow engines are asked by `features check`."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.sql.shapes import UnportableSqlError
from tailorbird.stages.sql.transpile import ENGINES, Engine, new_table, transpile

POSTGRES = os.environ.get("TAILORBIRD_POSTGRES", "postgresql://127.0.0.1:5432/test").replace("+psycopg", "")
TEXTS = [
    *("1", "1.0", " 5 ", "5\n", "1_000", "1__0", "1e3", "1E+05", "-0", "+.5", "5.", ".", "", "NaN", "Infinity", "-inf"),
    *("0x10", "1d", "1f", "٣", "1,5", "0.0000005", "-0.0000005", "1.0000005", "999999999999.9999994"),
    *("999999999999.9999996", "1e12", "-1e11", "1e300", "1e-300", "1e400", "abc", "a'b", "a\\b", "ünï", "x" * 40),
]
JSONS = [
    '{"a": {"b": 1}, "l": [1, null, "x", {"b": "y"}]}',
    '{"a": {"b": "1"}, "l": []}',
    '{"a": {"b": null}, "l": null}',
    '{"a": 5, "l": 5, "a b": "c.d"}',
    '{"a": {"b": "q\\"\\u00e9\\n\\\\"}, "l": ["\\u00e9"]}',
    '{"a": {"b": true}}',
    "{}",
]

QUERIES = {
    "numbers of texts": "SELECT text, CASE WHEN isfinite(TRY_CAST(text AS DOUBLE)) THEN TRY_CAST(text AS DOUBLE) END AS n "
    "FROM texts ORDER BY text",
    "decimals of texts": "SELECT text, CAST(TRY_CAST(text AS DECIMAL(18, 6)) AS VARCHAR) AS n FROM texts ORDER BY text",
    "finite numbers": "SELECT count(*) FILTER (WHERE isfinite(TRY_CAST(text AS DOUBLE))) AS n FROM texts",
    "a whole text matches": "SELECT text FROM texts WHERE text SIMILAR TO '[-0-9].*' ORDER BY text",
    "an end is an end": "SELECT text FROM texts WHERE regexp_matches(text, '^[0-9]+$') ORDER BY text",
    "parts of texts": "SELECT left(text, 2) AS a, substr(text, 2, 3) AS b, strpos(text, '\\') AS c, "
    "rtrim(rtrim(text, '0'), '.') AS d, replace(text, '1', ' ') AS e, length(text) AS f FROM texts ORDER BY text",
    "rounding": "SELECT i, round(CAST(i - 50 AS DOUBLE) / 2, 0) AS a, round(CAST(i - 50 AS DOUBLE) / 2000000, 6) AS b, "
    "round(CAST(i AS DOUBLE) * 90071992547 / 7, 6) AS c FROM numbers ORDER BY i",
    "sums of decimals": "SELECT length(text) AS k, CAST(sum(TRY_CAST(text AS DECIMAL(18, 6))) AS DOUBLE) AS s "
    "FROM texts GROUP BY length(text) ORDER BY k",
    "decimals that no double holds": "SELECT i, CAST(max(CAST(CAST(i AS DECIMAL(18, 6)) * 8999999999 "
    "+ CAST('0.123457' AS DECIMAL(18, 6)) AS DECIMAL(18, 6))) AS DOUBLE) AS s FROM numbers GROUP BY i ORDER BY i",
    "what JSON says": """SELECT place, json_extract_string(json, '$."a"."b"') AS a, json ->> '$."a b"' AS b,
        json_extract(json, '$."a"."b"') IS NULL AS gone,
        nullif(CAST(json_extract(json, '$."a"."b"') AS VARCHAR), 'null') IS NULL AS none FROM jsons ORDER BY place""",
    "lists of JSON": """SELECT place, position, element ->> '$."b"' AS b,
        CASE WHEN element ->> '$."b"' IS NULL THEN json_extract_string(element, '$') END AS e FROM (
        SELECT place, unnest(items) AS element, generate_subscripts(items, 1) AS position
        FROM (SELECT place, json_extract(json, '$."l"[*]') AS items FROM jsons)) ORDER BY place, position""",
    "the latest of a group": "SELECT k, arg_max(text, (moment, i)) FILTER (WHERE i % 2 = 0) AS a, "
    "arg_min(text, (moment, i)) AS b, max((moment, i)) IS NULL AS c FROM moments GROUP BY k ORDER BY k",
    "windows in hours": "SELECT count(*) FILTER (WHERE moment >= CAST('2026-03-29 12:00:00' AS TIMESTAMP) "
    "- INTERVAL 36 HOUR) AS n, count(DISTINCT k) AS d FROM moments",
    "microseconds": "SELECT i, epoch_us(moment) AS us, epoch_us(moment) // 3600000000 % 24 AS h, hour(moment) AS hh, "
    "isodow(moment) AS d FROM moments ORDER BY i",
    "wall clocks": "SELECT i, hour(timezone(z.name, timezone('UTC', moment))) AS h, "
    "epoch_us(timezone(z.name, timezone('UTC', moment))) AS us FROM moments m JOIN (SELECT name FROM "
    "pg_timezone_names() WHERE name IN ('America/New_York', 'Asia/Kolkata')) z ON m.k >= 0 ORDER BY i, us",
    "a join that finds nothing": "SELECT n.i, m.text FROM numbers n LEFT JOIN moments m ON m.i = n.i AND m.i < 3 "
    "ORDER BY n.i",
    "windows over rows": "SELECT i, lag(i) OVER (PARTITION BY k ORDER BY moment, i) AS before, "
    "sum(i) OVER (PARTITION BY k ORDER BY moment, i) AS so_far, "
    "row_number() OVER (PARTITION BY k ORDER BY moment DESC, text DESC, i) AS place FROM moments ORDER BY i",
    "an alias with a table's name": "WITH seen AS (SELECT i, k FROM moments) "
    "SELECT moments.k, count(*) AS n FROM seen AS moments GROUP BY moments.k ORDER BY moments.k",
}


def fill(warehouse: Warehouse) -> None:
    """The tables of the queries: hostile texts, JSON, numbers, and moments around a change of the clocks."""
    warehouse.load("texts", {"text": TEXTS})
    warehouse.load("jsons", {"place": list(range(len(JSONS))), "json": JSONS})
    warehouse.load("numbers", {"i": list(range(100))})
    start = datetime(2026, 3, 28, 20, tzinfo=UTC).replace(tzinfo=None)
    warehouse.load(
        "moments",
        {
            "i": list(range(40)),
            "k": [i % 4 for i in range(40)],
            "moment": [start + timedelta(minutes=47 * (i // 2), microseconds=i // 7) for i in range(40)],
            "text": [TEXTS[i % 7] if i % 5 else None for i in range(40)],
        },
    )


def answers(warehouse: Warehouse) -> dict[str, object]:
    fill(warehouse)
    return {name: warehouse.rows(sql) for name, sql in QUERIES.items()}


@pytest.fixture(scope="module")
def expected() -> dict[str, object]:
    return answers(DuckdbWarehouse(threads=1))


@pytest.fixture(scope="module")
def postgres() -> Iterator[Warehouse]:
    from tailorbird.adapters.engines.postgres import PostgresWarehouse

    try:
        warehouse = PostgresWarehouse(POSTGRES, DuckdbWarehouse(threads=1))
    except WarehouseError as error:
        if "postgres" in os.environ.get("TAILORBIRD_REQUIRE", "").split(","):
            raise
        pytest.skip(str(error))
    fill(warehouse)
    yield warehouse
    warehouse.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", QUERIES)
def test_postgresql_answers_as_duckdb_does(name: str, postgres: Warehouse, expected: dict[str, object]) -> None:
    assert postgres.rows(QUERIES[name]) == expected[name]


@pytest.mark.engines
def test_clickhouse_answers_as_duckdb_does(expected: dict[str, object]) -> None:
    from tailorbird.adapters.engines.clickhouse import ClickhouseWarehouse

    warehouse = ClickhouseWarehouse("chdb://memory", DuckdbWarehouse(threads=1))
    fill(warehouse)
    for name, sql in QUERIES.items():
        assert warehouse.rows(sql) == expected[name], name
    warehouse.close()


@pytest.mark.engines
def test_spark_answers_as_duckdb_does(expected: dict[str, object]) -> None:
    from tailorbird.adapters.engines.spark import SparkWarehouse

    warehouse = SparkWarehouse("local[2]", DuckdbWarehouse(threads=1))
    fill(warehouse)
    for name, sql in QUERIES.items():
        assert warehouse.rows(sql) == expected[name], name
    warehouse.close()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT FROM WHERE", "not SQL in DuckDB's dialect"),
        ("SELECT json_extract(a, b) FROM t", "constant"),
        ("SELECT json_extract(a, '$[*].b') FROM t", "last step"),
        ("SELECT TRY_CAST(a AS INTEGER) FROM t", "not portable"),
        ("PRAGMA database_list", "not portable"),
    ],
)
def test_what_no_engine_can_be_told_is_one_sentence(engine: Engine, sql: str, said: str) -> None:
    with pytest.raises(UnportableSqlError, match=said) as raised:
        transpile(sql, engine)
    assert "\n" not in str(raised.value)


def test_a_created_table_is_a_name_and_a_query() -> None:
    made = new_table("CREATE OR REPLACE TEMP TABLE spine AS SELECT 1 AS a", "postgres")
    assert made == ("spine", 'SELECT 1 AS "a"')
    assert new_table("SELECT 1", "postgres") is None
