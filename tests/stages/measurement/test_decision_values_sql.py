"""What each decision brought, run on DuckDB."""

import duckdb

from tailorbird.stages.measurement.decision_values_sql import VALUE_COLUMNS, compile_decision_values


def test_every_decision_has_its_money_and_a_persons_expected_value_stands_once() -> None:
    db = duckdb.connect()
    db.execute(
        """CREATE TABLE decisions AS SELECT * FROM (VALUES
             ('d1', '1', 'ann', 'treatment', 'b', TIMESTAMP '2026-09-01'),
             ('d2', '2', 'ann', 'treatment', 'b', TIMESTAMP '2026-09-08'),
             ('d3', '1', 'bob', 'holdout', '', TIMESTAMP '2026-09-01'))
             t(decision_id, step, person_id, arm, variant, decided_at)"""
    )
    db.execute(
        """CREATE TABLE rewards AS SELECT decision_id, 1 AS converted, 10.0 AS value, 4.0 AS margin, 0 AS returned,
             0 AS complained, 0 AS ticket FROM decisions"""
    )
    db.execute("CREATE TABLE outcomes AS SELECT decision_id, 0 AS unsubscribed FROM decisions")
    db.execute("CREATE TABLE lifetimes AS SELECT 'ann' AS person_id, 33.0 AS expected")
    rows = db.execute(compile_decision_values("SELECT 'd2', 1.0, 0.5, 4.0, 2.0")).fetchall()
    found = [dict(zip(VALUE_COLUMNS, row, strict=True)) for row in rows]
    assert [row["expected"] for row in found] == [None, 33, None]
    assert [row["credit_removal"] for row in found] == [0, 0.5, 0]
    assert [(row["revenue"], row["margin"]) for row in found] == [(10, 4)] * 3
    assert [name[0] for name in db.description] == list(VALUE_COLUMNS)
