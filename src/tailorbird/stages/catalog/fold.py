"""Attributes of wide JSON lines folded into one object, so that a table of a thousand columns need not be made."""

import json
import re
from collections.abc import Collection, Sequence
from typing import Any

ATTRIBUTES = "_attributes"
"""The column that holds folded attributes: an object of texts."""

_WHOLE = re.compile(r"(-?[0-9]+)\.0+")


def fold_patterns(attributes: Sequence[str]) -> tuple[str, ...]:
    """Those of a target's `attributes` that mean keys by their beginning: 'attr_*', not 'specs.*' or 'colour'."""
    return tuple(name for name in attributes if name.endswith("*") and not name.endswith(".*"))


def folded_attributes(attributes: Sequence[str]) -> tuple[str, ...]:
    """A target's `attributes` after its file was folded."""
    folded = fold_patterns(attributes)
    rest = tuple(name for name in attributes if name not in folded)
    return (f"{ATTRIBUTES}.*", *rest) if folded else rest


def fold_line(line: bytes, patterns: Sequence[str], named: Collection[str] = ()) -> bytes | None:
    """One line with the keys that begin so in ATTRIBUTES, less that beginning; None if it is no object.

    Keys in `named` stay beside it too: the mapping reads them by themselves.
    """
    try:
        row = json.loads(line, parse_float=_Number, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict):
        return None
    starts = tuple(pattern.removesuffix("*") for pattern in patterns)
    attributes: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for key, value in row.items():
        start = next((start for start in starts if key.startswith(start)), None)
        if start is None or key in named:
            kept[key] = value
        if start is not None and (text := as_text(value)) is not None:
            short = key[len(start) :]
            attributes[short if short and short not in attributes else key] = text
    return (json.dumps({**kept, ATTRIBUTES: attributes}, ensure_ascii=False) + "\n").encode("utf-8", "replace")


class _Number(float):
    """A float that still has the digits it came with."""

    def __new__(cls, text: str) -> "_Number":
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str


def as_text(value: Any) -> str | None:
    """A JSON value as the text of an attribute; None where it says nothing."""
    if isinstance(value, _Number):
        whole = _WHOLE.fullmatch(value.text)
        return whole[1] if whole else value.text
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(filter(None, map(as_text, value))) or None
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _refuse(constant: str) -> None:
    raise ValueError(constant)
