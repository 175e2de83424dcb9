"""Rows of a database as JSON lines, which the import reads like a file; and their watermark as text."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from tailorbird.types.errors import TailorbirdError

_FARTHEST_EAST = timedelta(hours=14)
"""No wall clock is further ahead of UTC; a time without a zone may be of any."""
_DIGITS_EXACT = 15
"""So many digits survive in a double; a decimal with more stays exact as a text."""


class RowValueError(TailorbirdError):
    """A value that no event can hold. One sentence: which column, which type, how to mend it."""


def row_line(names: Sequence[str], values: Sequence[Any]) -> bytes:
    """One row as a JSON object, without a line end. RowValueError: bytes, an interval, or what else JSON has not."""
    row = {}
    for name, value in zip(names, values, strict=True):
        try:
            row[name] = json_value(value)
        except TypeError as error:
            raise RowValueError(f"column {name!r} is {error}; leave it out of the query, or cast it to text") from None
    return msgspec.json.encode(row)


def json_value(value: Any) -> Any:
    """A database's value as JSON says it: times in ISO 8601, decimals exact, NaN as a text. TypeError: bytes."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**64 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): json_value(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_value(part) for part in value]
    said = {bytes: "bytes", bytearray: "bytes", memoryview: "bytes", timedelta: "an interval"}
    raise TypeError(said.get(type(value), f"a {type(value).__name__}"))


def _decimal(value: Decimal) -> int | float | str:
    if not value.is_finite():
        return str(value)
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    digits = len(value.normalize().as_tuple().digits)
    return float(value) if digits <= _DIGITS_EXACT else format(value, "f")


def higher(highest: Any, value: Any, moment: datetime) -> Any:
    """The greater of two watermarks, None being none; a time counts as no later than `moment` (aware).

    What cannot be compared says nothing: NaN, infinity, a text in a column of times.
    """
    if isinstance(value, datetime):
        value = min(value, moment if value.tzinfo else moment.astimezone(UTC).replace(tzinfo=None) + _FARTHEST_EAST)
    elif isinstance(value, date):
        value = min(value, (moment.astimezone(UTC) + _FARTHEST_EAST).date())
    elif isinstance(value, str):
        value = None if value.lstrip("-") == "infinity" else value
    elif isinstance(value, float | Decimal):
        value = value if math.isfinite(value) else None
    if highest is None or value is None:
        return value if highest is None else highest
    if isinstance(highest, str) != isinstance(value, str):
        return value if isinstance(highest, str) else highest
    return max(highest, value)


def watermark_text(value: Any) -> str:
    """A watermark as text that its database reads again; times with a zone in UTC."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat(sep=" ")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)


def moved_back(text: str, minutes: int) -> str:
    """A watermark some minutes earlier, so that rows that came late are read. RowValueError: it is no time."""
    if not minutes:
        return text
    try:
        return (datetime.fromisoformat(text) - timedelta(minutes=minutes)).isoformat(sep=" ")
    except ValueError:
        raise RowValueError(
            f"overlap_minutes needs a watermark that is a time, and {text!r} is none; leave overlap_minutes out"
        ) from None
