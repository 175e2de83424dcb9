"""Compiles feature definitions to one point-in-time correct SQL query, in DuckDB's dialect.

The query reads `spine(person_id, as_of)` and `events` and answers one row per spine row. An event counts when its
timestamp is strictly before as_of and, with a window, not before as_of minus the window. When it was received does not
matter: an event that arrives late is counted where it belongs. Ties break by timestamp, then message_id, then position
in the list.
"""

import json
import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import FeatureDefinition

DAYPARTS = ("night", "morning", "afternoon", "evening")
"""Local hours 0-5, 6-11, 12-17, 18-23."""

_ROOTS = ("properties", "traits", "context")
_NEEDS_FIELD = ("sum", "last", "distinct")


WINDOW_DAYS_MAX = 36_500
"""A century: the engine's dates end where a window of millions of days would begin."""


class FeatureError(TailorbirdError):
    """A feature definition that cannot be computed. One sentence: which feature, what is wrong, how to mend it.

    `feature` is its name, '' if it is about no single one.
    """

    def __init__(self, message: str, feature: str = "") -> None:
        self.feature = feature
        super().__init__(message)


def compile_features(definitions: Sequence[FeatureDefinition], timezone: str = "UTC") -> str:
    """SQL with columns person_id, as_of and one per definition, in their order; rows in (person_id, as_of) order.

    `last` columns hold JSON text (see `decode_last`). `timezone` is the zone of dayparts where the event's context
    has none. FeatureError: two features of one name, a missing field, a path that is none.
    """
    _check(definitions)
    indexed = sorted(enumerate(definitions), key=lambda pair: _source(pair[1]))
    ctes, joins = [_base(definitions)], []
    place: dict[str, str] = {}
    for i, (key, group) in enumerate(groupby(indexed, key=lambda pair: _source(pair[1]))):
        members = [definition for _, definition in group]
        source = f"g{i}"
        ctes.append(_grouped(source, key, members))
        joins.append(f"LEFT JOIN {source} ON {source}.person_id = s.person_id AND {source}.as_of = s.as_of")
        place |= {definition.name: source for definition in members}
        for j, definition in enumerate(d for d in members if d.kind == "daypart"):
            part = f"{source}_part{j}"
            ctes.append(_daypart(part, definition, timezone))
            joins.append(f"LEFT JOIN {part} ON {part}.person_id = s.person_id AND {part}.as_of = s.as_of")
            place[definition.name] = part
    selected = ", ".join(_selected(definition, place[definition.name]) for definition in definitions)
    return (
        f"WITH {', '.join(ctes)} SELECT s.person_id, s.as_of{', ' + selected if selected else ''} FROM spine s "
        f"{' '.join(joins)} ORDER BY s.person_id, s.as_of"
    )


def decode_last(values: Sequence[str | None]) -> list[Any]:
    """The values of a `last` column: JSON text to text, numbers and booleans; equal texts are decoded once.

    What is no JSON, or no finite number, is missing.
    """
    decoded: dict[str, Any] = {}
    for value in set(values):
        if value is not None:
            decoded[value] = _decoded(value)
    return [None if value is None else decoded[value] for value in values]


def _decoded(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _check(definitions: Sequence[FeatureDefinition]) -> None:
    names: set[str] = set()
    for definition in definitions:
        problem = _problem(definition)
        # The engine's columns know no case: `Spent` and `spent` would be one column.
        folded = definition.name.casefold()
        if folded in names or folded in ("person_id", "as_of"):
            problem = " is defined twice (capitals do not count), or has a reserved name; give it another name"
        if problem:
            raise FeatureError(f"feature {definition.name!r}{problem}", definition.name)
        names.add(folded)


def _problem(definition: FeatureDefinition) -> str:
    """What is wrong with a definition by itself, '' if nothing is."""
    if definition.kind in _NEEDS_FIELD and not definition.field:
        return f": kind {definition.kind} needs a field, such as properties.total"
    if definition.each and definition.kind == "daypart":
        return ": daypart is about events, not about list elements; leave out each"
    if definition.each and not definition.field and definition.kind != "count":
        return ": with each, give the field inside one element"
    if definition.window_days is not None and not 0 < definition.window_days <= WINDOW_DAYS_MAX:
        return f": window_days must be above 0 and at most {WINDOW_DAYS_MAX}"
    for path in filter(None, (definition.each, None if definition.each else definition.field)):
        if path.split(".")[0] not in _ROOTS or "." not in path:
            return f": {path!r} must start with one of {', '.join(r + '.' for r in _ROOTS)}"
    if '"' in f"{definition.field}{definition.each}":
        return ": a path must hold no quote"
    if any(path and "" in path.split(".") for path in (definition.field, definition.each)):
        return ": a path must have a name between its dots"
    return ""


def _source(definition: FeatureDefinition) -> tuple[str, str]:
    return definition.event, definition.each or ""


def _base(definitions: Sequence[FeatureDefinition]) -> str:
    names = ", ".join(sorted({_literal(definition.event) for definition in definitions})) or "''"
    return (
        "base AS (SELECT s.person_id, s.as_of, e.event, e.timestamp, e.message_id, e.properties, e.traits, e.context "
        "FROM (SELECT DISTINCT person_id, as_of FROM spine) s "
        "JOIN events e ON e.person_id = s.person_id AND e.timestamp < s.as_of "
        f"WHERE e.event IN ({names}))"
    )


def _grouped(name: str, source: tuple[str, str], members: Sequence[FeatureDefinition]) -> str:
    event, each = source
    rows = f"SELECT * FROM base WHERE event = {_literal(event)}"
    position = "0"
    if each:
        listed = f"json_extract({_column(each)}, {_literal(_path(each) + '[*]')})"
        rows = (
            "SELECT person_id, as_of, timestamp, message_id, unnest(list) AS element, "
            f"generate_subscripts(list, 1) AS position FROM (SELECT *, {listed} AS list FROM base "
            f"WHERE event = {_literal(event)})"
        )
        position = "position"
    kept = [member for member in members if member.kind != "daypart"]
    aggregates = [f"{_aggregate(member, position)} AS {_name(member.name)}" for member in kept]
    selected = "".join(f", {aggregate}" for aggregate in aggregates)
    return f"{name} AS (SELECT person_id, as_of{selected} FROM ({rows}) GROUP BY person_id, as_of)"


def _aggregate(definition: FeatureDefinition, position: str) -> str:
    value = _value(definition)
    present = [f"({value}) IS NOT NULL"] if value else []
    if definition.window_days is not None:
        present.append(f"timestamp >= as_of - INTERVAL {definition.window_days} DAY")
    kept = f" FILTER (WHERE {' AND '.join(present)})" if present else ""
    if definition.kind == "count":
        return f"count(*){kept}"
    if definition.kind == "sum":
        # One text 'NaN' would make the sum of everything else NaN.
        number = f"TRY_CAST(({value}) ->> '$' AS DOUBLE)"
        return f"round(fsum(CASE WHEN isfinite({number}) THEN {number} END){kept}, 6)"
    if definition.kind == "last":
        return f"arg_max(CAST({value} AS VARCHAR), (timestamp, message_id, {position})){kept}"
    if definition.kind == "distinct":
        return f"count(DISTINCT CAST({value} AS VARCHAR)){kept}"
    return f"max(timestamp){kept}"


def _value(definition: FeatureDefinition) -> str:
    """SQL of the field as JSON; NULL where it is missing or a JSON null. '' for a definition without a field."""
    if not definition.field or definition.kind == "daypart":
        return ""
    if definition.each:
        found = f"json_extract(element, {_literal(_steps(definition.field))})"
    else:
        found = f"json_extract({_column(definition.field)}, {_literal(_path(definition.field))})"
    return f"nullif(CAST({found} AS VARCHAR), 'null')::JSON"


def _daypart(name: str, definition: FeatureDefinition, timezone: str) -> str:
    window = ""
    if definition.window_days is not None:
        window = f" AND timestamp >= as_of - INTERVAL {definition.window_days} DAY"
    local = f"timezone(coalesce(z.name, {_literal(timezone)}), timezone('UTC', b.timestamp))"
    parts = " ".join(f"WHEN {i} THEN {_literal(part)}" for i, part in enumerate(DAYPARTS))
    return (
        f"{name} AS (SELECT person_id, as_of, arg_max(part, (events, latest, part)) AS {_name(definition.name)} FROM ("
        f"SELECT person_id, as_of, CASE CAST(hour({local}) AS INTEGER) // 6 {parts} END AS part, count(*) AS events, "
        f"max((timestamp, message_id)) AS latest FROM base b LEFT JOIN pg_timezone_names() z "
        f"ON z.name = b.context ->> '$.timezone' WHERE event = {_literal(definition.event)}{window} "
        "GROUP BY person_id, as_of, part) GROUP BY person_id, as_of)"
    )


def _selected(definition: FeatureDefinition, source: str) -> str:
    column = f"{source}.{_name(definition.name)}"
    if definition.kind == "days_since":
        column = f"(epoch_us(s.as_of) - epoch_us({column})) // 86400000000"
    default = definition.default
    if default is None and definition.kind in ("count", "sum", "distinct"):
        default = 0
    if default is not None:
        shown = json.dumps(default) if definition.kind == "last" else default
        column = f"coalesce({column}, {_literal(shown)})"
    return f"{column} AS {_name(definition.name)}"


def _column(path: str) -> str:
    return path.split(".")[0]


def _path(path: str) -> str:
    return _steps(path.split(".", 1)[1])


def _steps(path: str) -> str:
    return "$" + "".join(f'."{step}"' for step in path.split("."))


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _literal(value: str | int | float | bool) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)
