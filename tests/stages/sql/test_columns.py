"""Columns between engines."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tailorbird.stages.sql.columns import UnevenColumnsError, as_kind, kind_of, kinds_of, plain


def test_a_column_is_what_its_values_are() -> None:
    assert kind_of([True, None]) == "BOOLEAN"
    assert kind_of([1, None, 2]) == "BIGINT"
    assert kind_of([1, 0.5]) == "DOUBLE"
    assert kind_of([datetime(2026, 1, 1, tzinfo=UTC)]) == "TIMESTAMP"
    assert kind_of(["x", 1]) == kind_of([None]) == kind_of([True, 1]) == "VARCHAR"


def test_no_columns_and_uneven_columns_are_no_table() -> None:
    for columns in ({}, {"a": [1], "b": [1, 2]}):
        with pytest.raises(UnevenColumnsError, match="'things'"):
            kinds_of("things", columns)


def test_moments_are_in_utc_without_zone_on_both_ways() -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert as_kind(moment, "TIMESTAMP") == plain(moment) == datetime(2026, 3, 1, 10, tzinfo=UTC).replace(tzinfo=None)
    assert as_kind(None, "TIMESTAMP") is None


def test_decimals_come_back_as_numbers() -> None:
    assert (plain(Decimal("5.000")), type(plain(Decimal("5.000")))) == (5, int)
    assert plain(Decimal("0.5")) == 0.5
    assert as_kind(1, "DOUBLE") == 1.0 and as_kind(1, "VARCHAR") == "1"
