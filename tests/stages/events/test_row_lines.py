"""Rows of a database as JSON lines."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from tailorbird.stages.events.row_lines import RowValueError, moved_back, row_line, watermark_text


def line(**values: object) -> dict[str, object]:
    found: dict[str, object] = json.loads(row_line(list(values), list(values.values())))
    return found


def test_decimals_stay_exact() -> None:
    assert line(a=Decimal("12.50"), b=Decimal("7.00"), c=Decimal("12345678901234567.89"), d=Decimal("NaN")) == {
        "a": 12.5,
        "b": 7,
        "c": "12345678901234567.89",
        "d": "NaN",
    }
    assert line(a=2**63, b=2**70, c=float("inf")) == {"a": 2**63, "b": str(2**70), "c": "inf"}


def test_times_keep_their_zone_or_have_none() -> None:
    aware = datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=2)))
    assert line(a=aware, b=aware.replace(tzinfo=None), c=date(2026, 3, 1)) == {
        "a": "2026-03-01T10:00:00+02:00",
        "b": "2026-03-01T10:00:00",
        "c": "2026-03-01",
    }


def test_lists_and_objects_are_json() -> None:
    uuid = UUID("12345678-1234-5678-1234-567812345678")
    assert line(a=["ü", None, uuid], b={"k": Decimal("0.5")}, c=None) == {
        "a": ["ü", None, str(uuid)],
        "b": {"k": 0.5},
        "c": None,
    }


@pytest.mark.parametrize(("value", "said"), [(b"x", "bytes"), (timedelta(1), "an interval"), ([b"x"], "bytes")])
def test_what_json_has_not_is_refused_by_its_column(value: object, said: str) -> None:
    with pytest.raises(RowValueError, match=f"'photo' is {said}"):
        row_line(["photo"], [value])


def test_a_watermark_is_read_again_by_its_database() -> None:
    assert watermark_text(datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=2)))) == "2026-03-01 08:00:00+00:00"
    assert watermark_text(datetime(2026, 3, 1, 10, tzinfo=UTC).replace(tzinfo=None)) == "2026-03-01 10:00:00"
    assert watermark_text(42) == "42"


def test_an_overlap_moves_a_time_back_and_nothing_else() -> None:
    assert moved_back("2026-03-01 08:00:00+00:00", 90) == "2026-03-01 06:30:00+00:00"
    assert moved_back("42", 0) == "42"
    with pytest.raises(RowValueError, match="overlap_minutes needs"):
        moved_back("42", 5)
