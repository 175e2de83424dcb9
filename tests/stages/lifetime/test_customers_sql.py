"""Customers as the lifetime models read them, run on DuckDB."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from tailorbird.stages.lifetime.customers_sql import compile_customers

START = datetime(2026, 1, 1, 8, tzinfo=UTC).replace(tzinfo=None)


def test_purchases_of_a_day_are_one_and_refunded_ones_none() -> None:
    db = duckdb.connect()
    db.execute("CREATE TABLE orders(person_id VARCHAR, ordered_at TIMESTAMP, value DOUBLE, margin DOUBLE, kept DOUBLE)")
    told = [("ann", 0, 100, 1), ("ann", 7, 20, 1), ("ann", 7.1, 10, 1), ("ann", 14, 60, 0.5), ("ann", 20, 9, 0)]
    for person, days, value, kept in [*told, ("bob", 14, 5, 1)]:
        db.execute(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?)",
            [person, START + timedelta(days=days), value, value * 0.4, kept],
        )
    rows = db.execute(compile_customers((START + timedelta(days=28)).replace(tzinfo=UTC))).fetchall()
    assert rows == [("ann", 2, 2.0, 4.0, 30.0, pytest.approx(0.4)), ("bob", 0, 0.0, 2.0, 0.0, pytest.approx(0.4))]
