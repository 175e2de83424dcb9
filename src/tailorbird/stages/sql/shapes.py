"""What the dialects have to know of a tree of canonical SQL: paths, lists, wall clocks, aggregates with a filter."""

from typing import Any, NamedTuple

from sqlglot import exp

from tailorbird.types.errors import TailorbirdError

NUMBER = (
    r"^[ \t\n\r]*[+-]?([0-9]+(_[0-9]+)*\.?([0-9]+(_[0-9]+)*)?|\.[0-9]+(_[0-9]+)*)([eE][+-]?0*[0-9]{1,3})?[ \t\n\r]*$"
)
"""Texts that are numbers, as a regular expression of every engine. DuckDB takes a few more: 'inf', which is no
number, and exponents of four digits, whose numbers are infinite or nought."""

HALF_LIMIT = "4503599627370496"
"""2^52: from here on a double has no fraction, and to add a half would change it."""


WHOLE_LIMIT = "9007199254.740992"
"""2^53 millionths: up to here a decimal of six places is one exact whole number divided by a million."""


class UnportableSqlError(TailorbirdError):
    """SQL that an engine cannot be told. One sentence: what, and why."""


class JsonPath(NamedTuple):
    """The steps of a constant JSON path: names, or places from 0; `whole_list` if it ends in `[*]`."""

    steps: tuple[str | int, ...]
    whole_list: bool


def json_path(node: Any) -> JsonPath:
    """The path of an extraction. UnportableSqlError: it is no constant, or holds wildcards before its end."""
    path = node.args["expression"]
    if not isinstance(path, exp.JSONPath):
        raise UnportableSqlError(f"a JSON path must be a constant such as '$.\"total\"', not {path.sql('duckdb')}")
    steps: list[str | int] = []
    parts = [part for part in path.expressions if not isinstance(part, exp.JSONPathRoot)]
    for i, part in enumerate(parts):
        inner = part.this
        if isinstance(part, exp.JSONPathSubscript) and isinstance(inner, exp.JSONPathWildcard):
            if i != len(parts) - 1:
                raise UnportableSqlError("[*] can only be the last step of a JSON path")
            return JsonPath(tuple(steps), whole_list=True)
        if not isinstance(part, exp.JSONPathKey | exp.JSONPathSubscript) or not isinstance(inner, str | int):
            raise UnportableSqlError(f"a JSON path holds names and places only, not {type(part).__name__}")
        steps.append(inner)
    return JsonPath(tuple(steps), whole_list=False)


def wall_clock(node: Any) -> tuple[Any, Any] | None:
    """(zone, timestamp) of `timezone(zone, timezone('UTC', timestamp))`; None for any other function."""
    if not isinstance(node, exp.Anonymous) or node.name.lower() != "timezone" or len(node.expressions) != 2:
        return None
    zone, inner = node.expressions
    if not isinstance(inner, exp.Anonymous) or inner.name.lower() != "timezone" or len(inner.expressions) != 2:
        raise UnportableSqlError("write timezone(zone, timezone('UTC', timestamp)) for a wall clock")
    utc, moment = inner.expressions
    if not isinstance(utc, exp.Literal) or utc.this != "UTC":
        raise UnportableSqlError("write timezone(zone, timezone('UTC', timestamp)) for a wall clock")
    return zone, moment


def keys(node: Any) -> list[Any]:
    """What an arg_max orders by, or a max compares: the parts of a tuple, or the one expression."""
    return list(node.expressions) if isinstance(node, exp.Tuple) else [node]


def condition(node: Any) -> Any:
    """The condition of `aggregate FILTER (WHERE condition)`."""
    found: Any = node.expression.this
    return found


def both(*conditions: str) -> str:
    """Conditions joined by AND; empty ones are left out."""
    return " AND ".join(f"({one})" for one in conditions if one)


def rounded(value: str, scale: str) -> str:
    """`round(x, n)` with scale 10^n as DuckDB does it, by what every engine does alike: halves go away from zero."""
    scaled = f"({value} * {scale})"
    whole = f"CASE WHEN abs({scaled}) >= {HALF_LIMIT} THEN {scaled} WHEN {scaled} < 0 THEN -floor(0.5 - {scaled}) "
    return f"({whole}ELSE floor({scaled} + 0.5) END / {scale})"


def decimal_of(node: Any) -> tuple[int, int] | None:
    """(precision, scale) of a cast to a decimal; None if the node is no such cast."""
    if not isinstance(node, exp.Cast) or node.args["to"].this != exp.DataType.Type.DECIMAL:
        return None
    given = [int(part.name) for part in node.args["to"].expressions]
    return (given[0], given[1]) if len(given) == 2 else (18, 3)


def may_be_decimal(node: Any) -> bool:
    """Whether what is cast to a double may be a decimal: an aggregate, or a cast to one."""
    inner = node.unnest()
    if isinstance(inner, exp.Filter):
        inner = inner.this
    return decimal_of(inner) is not None or isinstance(inner, exp.Sum | exp.ArgMax | exp.ArgMin | exp.Max | exp.Min)


def double(value: str, whole: str, number: str) -> str:
    """A number as a double, as DuckDB makes it of a decimal that no double holds exactly: whole and fraction apart.

    `whole` and `number` are what truncates, and what converts, with `{}` for the value.
    """
    apart = f"{number.format(whole.format(value))} + {number.format(f'{value} - {whole.format(value)}')}"
    return f"CASE WHEN abs({value}) > {WHOLE_LIMIT} THEN {apart} ELSE {number.format(value)} END"


def pattern_of(node: Any) -> str:
    """The regular expression of a match, with ends where the whole text must match. UnportableSqlError: no constant."""
    pattern = node.expression
    if not isinstance(pattern, exp.Literal):
        raise UnportableSqlError("a regular expression must be a constant")
    whole = isinstance(node, exp.SimilarTo | exp.RegexpFullMatch)
    return f"^(?:{pattern.this})$" if whole else str(pattern.this)
