"""What tiers brought, as SQL."""

import duckdb

from tailorbird.stages.budget.evidence_sql import compile_tier_rows


def test_each_person_counts_once_in_the_tier_that_was_drawn_with_the_money_that_was_kept() -> None:
    db = duckdb.connect()
    db.execute(
        "CREATE TABLE decisions (decision_id TEXT, person_id TEXT, step TEXT, variant TEXT, decided_at TIMESTAMP)"
    )
    db.execute("CREATE TABLE outcomes (decision_id TEXT, person_id TEXT, arm TEXT, first INT, open_window INT, "
               "conversion_day INT, value DOUBLE)")  # fmt: skip
    db.execute("CREATE TABLE orders (person_id TEXT, ordered_at TIMESTAMP, margin DOUBLE, kept DOUBLE)")
    people = [
        ("held", "1", "", "holdout", 1, 0, 2), ("plain", "1", "", "treatment", 1, 0, None),
        ("big", "1", "it's big", "treatment", 1, 0, 1), ("open", "1", "", "treatment", 1, 1, 1),
        ("later", "1", "", "treatment", 0, 0, 1), ("cells", "2", "", "treatment", 1, 0, 1),
    ]  # fmt: skip
    for name, step, variant, arm, first, window, day in people:
        db.execute("INSERT INTO decisions VALUES (?, ?, ?, ?, TIMESTAMP '2026-06-01')", [name, name, step, variant])
        db.execute("INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?, 7)", [name, name, arm, first, window, day])
    orders = [
        ("held", 3, 5.0, 1.0), ("big", 3, 8.0, 0.5), ("big", 4, 2.0, 1.0), ("big", 20, 99.0, 1.0),
        ("plain", 3, 50.0, 0.0), ("open", 3, 1.0, 1.0),
    ]  # fmt: skip
    for person, day, margin, kept in orders:
        db.execute(
            "INSERT INTO orders VALUES (?, make_timestamp(2026, 6, ?, 0, 0, 0), ?, ?)", [person, day, margin, kept]
        )
    found = db.execute(compile_tier_rows([("it's big", "large")], {"1": "small"}, ["2"], 14)).fetchall()
    assert [(row[0], *row[2:5]) for row in found] == [
        ("big", "large", True, 6.0), ("held", "none", True, 5.0), ("plain", "small", False, 0.0),
    ]  # fmt: skip
    assert {row[5] for row in found} == {"1"}
