"""One value of an event in Python, with the meaning that `json_sql` gives it in SQL."""

import math
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from tailorbird.stages.features.json_sql import PLAIN_NUMBER

MICRO = 1_000_000
_MICROS_END = 10**18
_SIXTH = Decimal("0.000001")
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
_PLAIN = re.compile(PLAIN_NUMBER)


def value_at(mapping: Any, path: tuple[str, ...]) -> Any:
    """The value at a path of keys; None where there is none."""
    for step in path:
        if type(mapping) is not dict and not isinstance(mapping, Mapping):  # an abstract class is slow to ask
            return None
        mapping = mapping.get(step)
    return mapping


def text_of(value: Any) -> str | None:
    """The value as text; None where it is no value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    micros = micros_of(value)
    return None if micros is None else _shown(micros)


def micros_of(value: Any) -> int | None:
    """The value in millionths; None where it is no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value * MICRO if abs(value) * MICRO < _MICROS_END else None
    if isinstance(value, float):
        return _rounded(repr(value)) if math.isfinite(value) and abs(value) < _MICROS_END else None
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return _rounded(value)
    return None


def double_of(micros: int) -> float:
    """Millionths as the float that engines make of the decimal: whole part and fraction converted on their own where
    the digits are more than a float holds."""
    if -(2**53) <= micros <= 2**53:
        return micros / MICRO
    whole, part = divmod(abs(micros), MICRO)
    size = float(whole) + part / MICRO
    return size if micros > 0 else -size


def decimal_sql(value: float) -> str:
    """A number of a definition as the exact decimal that values are compared with."""
    micros = micros_of(value) or 0
    return f"CAST('{_shown(micros)}' AS DECIMAL(18, 6))"


def _rounded(text: str) -> int | None:
    micros = int(Decimal(text).quantize(_SIXTH, context=_EXACT).scaleb(6, context=_EXACT))
    return micros if abs(micros) < _MICROS_END else None


def _shown(micros: int) -> str:
    whole, part = divmod(abs(micros), MICRO)
    sign = "-" if micros < 0 else ""
    return f"{sign}{whole}.{part:06d}".rstrip("0").rstrip(".")
