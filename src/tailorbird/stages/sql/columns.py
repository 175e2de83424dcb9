"""Columns of values between engines: the kind of a column by its values, and numbers as Python has them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from tailorbird.types.errors import TailorbirdError

Kind = Literal["BOOLEAN", "BIGINT", "DOUBLE", "TIMESTAMP", "VARCHAR"]


class UnevenColumnsError(TailorbirdError):
    """Columns that make no table. One sentence."""


def kinds_of(name: str, columns: Mapping[str, Sequence[Any]]) -> dict[str, Kind]:
    """The kind of every column of table `name`. UnevenColumnsError: no columns, or not equally long."""
    if len({len(values) for values in columns.values()}) != 1:
        raise UnevenColumnsError(f"table {name!r} needs at least one column, and columns of equal length")
    return {column: kind_of(values) for column, values in columns.items()}


def kind_of(values: Iterable[Any]) -> Kind:
    """The kind that holds all values: whole numbers among floats are floats; whatever is mixed otherwise is text."""
    kinds = {type(value) for value in values} - {type(None)}
    if not kinds:
        return "VARCHAR"
    if kinds <= {bool}:
        return "BOOLEAN"
    if kinds <= {int}:
        return "BIGINT"
    if kinds <= {int, float}:
        return "DOUBLE"
    return "TIMESTAMP" if kinds == {datetime} else "VARCHAR"


def as_kind(value: Any, kind: Kind) -> Any:
    """A value for a column of a kind: floats for whole numbers, moments in UTC without zone, text for the rest."""
    if value is None or kind in ("BOOLEAN", "BIGINT"):
        return value
    if kind == "DOUBLE":
        return float(value)
    if kind == "TIMESTAMP":
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return str(value)


def plain(value: Any) -> Any:
    """A value as an engine's driver gave it, as DuckDB's would: whole decimals as int, other decimals as float."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
