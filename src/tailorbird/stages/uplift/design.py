"""Features as columns of numbers: what a regressor can read of a feature table.

A number becomes itself and what it is beyond some of its quantiles (so that a straight line can bend), a text one
column for each frequent value, a boolean one column; whatever is missing somewhere gets a column that says so. All of
it is learned on some rows and applied to others.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVELS_MAX = 20
LEVEL_PEOPLE_MIN = 30
KNOTS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class _Number:
    median: float
    knots: tuple[float, ...]
    logs: bool
    missing: bool


@dataclass(frozen=True)
class _Text:
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Design:
    """How each feature becomes columns; `names` are those of the columns, in order."""

    parts: Mapping[str, "_Number | _Text"]
    names: tuple[str, ...]

    def matrix(self, columns: Mapping[str, Sequence[Any]]) -> NDArray[np.float64]:
        """(people × columns) for any rows; a text that was not frequent when the design was learned is none of them."""
        made: list[NDArray[np.float64]] = []
        for name, part in self.parts.items():
            made += _number(part, columns[name]) if isinstance(part, _Number) else _text(part, columns[name])
        rows = len(next(iter(columns.values()), ()))
        return np.column_stack(made) if made else np.zeros((rows, 0))


def learn_design(columns: Mapping[str, Sequence[Any]]) -> Design:
    """The design of these rows: columns of numbers, booleans or texts, None where a value is missing.

    Lists and other values are left out, and so is what never differs.
    """
    parts: dict[str, _Number | _Text] = {}
    names: list[str] = []
    for name, values in columns.items():
        known = [value for value in values if value is not None]
        if not known:
            continue
        if all(isinstance(value, bool) for value in known) or all(isinstance(value, str) for value in known):
            counts = Counter(map(str, known))
            frequent = [text for text, n in sorted(counts.items(), key=lambda p: (-p[1], p[0])) if n >= _least(values)]
            levels = tuple(frequent[:LEVELS_MAX])
            # Of two values that nobody lacks, one says all.
            levels = levels[1:] if len(counts) == len(levels) and len(known) == len(values) else levels
            if levels:
                parts[name] = _Text(levels)
                names += [f"{name}={level}" for level in levels]
        elif all(isinstance(value, int | float) for value in known):
            number = _learn_number(values)
            if number is not None:
                parts[name] = number
                names += [name, *(f"{name}>{knot:g}" for knot in number.knots), *([f"{name}?"] * number.missing)]
    return Design(parts, tuple(names))


def _least(values: Sequence[Any]) -> int:
    return min(LEVEL_PEOPLE_MIN, max(1, len(values) // 10))


def _learn_number(values: Sequence[Any]) -> _Number | None:
    given = np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    known = given[np.isfinite(given)]
    if not known.size or (known.min() == known.max() and known.size == given.size):
        return None
    middle, spread = float(known.mean()), float(known.std())
    logs = bool(known.min() >= 0 and spread > 0 and float(((known - middle) ** 3).mean()) > 2 * spread**3)
    told = np.log1p(known) if logs else known
    several = len(np.unique(told)) > 4
    knots = tuple(dict.fromkeys(float(q) for q in np.quantile(told, KNOTS))) if several else ()
    return _Number(float(np.median(told)), knots, logs, known.size < given.size)


def _number(part: _Number, values: Sequence[Any]) -> list[NDArray[np.float64]]:
    given = np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    told = np.log1p(np.maximum(given, 0)) if part.logs else given
    missing = ~np.isfinite(told)
    told = np.where(missing, part.median, told)
    hinges = [np.maximum(told - knot, 0.0) for knot in part.knots]
    return [told, *hinges, *([missing.astype(np.float64)] if part.missing else [])]


def _text(part: _Text, values: Sequence[Any]) -> list[NDArray[np.float64]]:
    given = np.array(["" if value is None else str(value) for value in values], dtype=object)
    return [(given == level).astype(np.float64) for level in part.levels]
