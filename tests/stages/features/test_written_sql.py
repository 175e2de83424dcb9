"""Features in SQL: checked, and blind for what comes after each moment."""

from datetime import UTC, datetime, timedelta

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.features.compile import compile_features
from tailorbird.stages.features.definitions import FeatureError
from tailorbird.stages.features.written_sql import read_written
from tailorbird.types.feature import FeatureDefinition

START = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
GROUPED = "SELECT person_id, as_of, count(*) AS n FROM events GROUP BY person_id, as_of"


def define(query: str, name: str = "n") -> FeatureDefinition:
    return FeatureDefinition(name=name, kind="sql", purpose="p", query=query, type="number", default=0)


def compute(*definitions: FeatureDefinition) -> list[tuple[object, ...]]:
    warehouse = DuckdbWarehouse(threads=1)
    hours = [START + timedelta(hours=hour) for hour in range(4)]
    warehouse.load(
        "events",
        {
            "person_id": ["a", "a", "a", "b"], "timestamp": hours, "event": ["E"] * 4, "message_id": ["1", "2", "3", "4"],
            "type": ["track"] * 4, "properties": ["{}"] * 4, "traits": ["{}"] * 4, "context": ["{}"] * 4,
        },
    )  # fmt: skip
    moments = [START + timedelta(hours=hour) for hour in (0, 2, 9)]
    warehouse.load("spine", {"person_id": ["a", "a", "b"], "as_of": moments})
    return [row[2:] for row in warehouse.rows(compile_features(definitions))]


def test_a_written_feature_sees_no_event_of_its_moment_or_later() -> None:
    assert compute(define(GROUPED)) == [(0.0,), (2.0,), (1.0,)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "SELECT s.person_id, s.as_of, count(e.message_id) AS n FROM spine s LEFT JOIN events e "
        "ON e.person_id = s.person_id AND e.as_of = s.as_of GROUP BY s.person_id, s.as_of",
        "WITH mine AS (SELECT * FROM events) SELECT person_id, as_of, count(*) AS n FROM mine GROUP BY ALL",
        "SELECT DISTINCT person_id, as_of, count(*) OVER (PARTITION BY person_id, as_of) AS n FROM Events",
        "SELECT person_id, as_of, count(events.message_id) AS n FROM events GROUP BY 1, 2",
        "SELECT s.person_id, s.as_of, (SELECT count(*) FROM events e WHERE e.person_id = s.person_id "
        "AND e.as_of = s.as_of GROUP BY e.as_of) AS n FROM spine s",
    ],
)
def test_all_ways_to_write_it_give_the_same(query: str) -> None:
    assert compute(define(query)) == [(0.0,), (2.0,), (1.0,)]


def test_features_of_one_query_and_others_stand_side_by_side() -> None:
    query = 'SELECT person_id, as_of, count(*) AS n, max(message_id) AS "M" FROM events GROUP BY person_id, as_of'
    latest = FeatureDefinition(name="M", kind="sql", purpose="p", query=query)
    orders = FeatureDefinition(name="orders", kind="count", event="E", purpose="p")
    ratio = FeatureDefinition(name="r", kind="ratio", purpose="p", numerator="n", denominator="orders", default=-1)
    assert compute(define(query), latest, orders, ratio) == [
        (0.0, None, 0, -1.0),
        (2.0, "2", 2, 1.0),
        (1.0, "4", 1, 1.0),
    ]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELEC 1", "write one SELECT|not SQL"),
        ("SELECT (", "not SQL"),
        (f"SELECT person_id, as_of, {'(' * 3000}1{')' * 3000} AS n FROM events", "nested too deeply; write it flatter"),
        ("DROP TABLE events", "write one SELECT"),
        (f"{GROUPED}; {GROUPED}", "write one SELECT"),
        ("SELECT person_id, as_of, 1 AS n FROM people", "reads 'people'; a feature reads only events and spine"),
        ("SELECT person_id, as_of, 1 AS n FROM read_csv('/etc/passwd')", "only events and spine"),
        ("SELECT person_id, as_of, 1 AS n FROM '/etc/passwd'", "only events and spine"),
        ("SELECT person_id, as_of, 1 AS n FROM main.events", "only events and spine"),
        ("SELECT person_id, as_of, 1 AS n FROM spine, (SELECT * FROM information_schema.tables)", "only events and spine"),
        ("SELECT person_id, as_of, now() AS n FROM spine", "not in the events; use as_of"),
        ("SELECT person_id, as_of, current_date AS n FROM spine", "not in the events; use as_of"),
        ("SELECT person_id, as_of, random() AS n FROM spine", "not in the events"),
        ("SELECT person_id, max(as_of) AS as_of, count(*) AS n FROM events GROUP BY person_id", "add as_of to GROUP BY"),
        ("SELECT person_id, max(as_of) AS as_of, count(*) AS n FROM events GROUP BY 1", "add as_of to GROUP BY"),
        ("SELECT s.person_id, s.as_of, count(*) AS n FROM spine s JOIN events e ON e.person_id = s.person_id "
         "AND e.as_of IS NOT NULL GROUP BY 1, 2", "join of rows"),
        ("SELECT s.person_id, s.as_of, count(*) AS n FROM spine s JOIN events e ON e.person_id = s.person_id "
         "AND e.as_of >= s.as_of GROUP BY 1, 2", "join of rows"),
        ("SELECT person_id, as_of, (SELECT count(*) FROM events) AS n FROM spine", "which moment"),
        ("SELECT person_id, as_of, count(*) OVER (PARTITION BY person_id) AS n FROM events", "PARTITION BY"),
        ("SELECT e.person_id, e.as_of, 1 AS n FROM spine s JOIN events e ON e.person_id = s.person_id", "join of rows"),
        ("SELECT e.person_id, e.as_of, 1 AS n FROM spine s, events e", "join of rows"),
        ("SELECT person_id, as_of, 1 AS n FROM spine WHERE person_id IN (SELECT person_id FROM events)", "which moment"),
        ("SELECT person_id, as_of, 1 AS n FROM spine s WHERE EXISTS (SELECT 1 FROM events e "
         "WHERE e.person_id = s.person_id)", "which moment"),
        ("SELECT person_id, as_of, 1 AS n FROM events ORDER BY timestamp DESC LIMIT 1", "LIMIT and SAMPLE"),
        ("SELECT person_id, as_of, 1 AS n FROM events USING SAMPLE 5 ROWS", "LIMIT and SAMPLE"),
        ("SELECT DISTINCT ON (person_id) person_id, as_of, 1 AS n FROM events", "DISTINCT ON"),
        ("SELECT person_id, as_of, count(*) AS n FROM events", "aggregate over rows of different"),
        ("SELECT person_id, as_of, 1 AS m FROM spine", "no column 'n'"),
        ("SELECT person_id, 1 AS n FROM spine", "no column 'as_of'"),
        ("WITH events AS (SELECT 1) SELECT person_id, as_of, 1 AS n FROM spine", "other names than events"),
    ],
)  # fmt: skip
def test_what_is_no_feature_is_refused_with_its_mend(query: str, words: str) -> None:
    with pytest.raises(FeatureError, match=words) as caught:
        read_written([define(query)])
    assert (caught.value.feature, caught.value.field) == ("n", "query")
