"""Compiles feature definitions to one point-in-time correct SQL query, in the canonical dialect: DuckDB's.

The query reads `spine(person_id, as_of)` and `events` and answers one row per spine row. An event counts when its
timestamp is strictly before as_of and, with a window, not before as_of minus the window. When it was received does not
matter: an event that arrives late is counted where it belongs. Ties break by timestamp, then message_id, then position
in the list; texts compare by their bytes.

The canonical subset, for whoever translates it to another engine:
- JSON: `json_extract(text, '$."a"."b"')`, with `[*]` at the end for a list's elements, and `json_extract_string`, all
  in `json_sql`; values are VARCHAR or DECIMAL(18, 6), cast explicitly, `TRY_CAST` where a text may be no number. A
  decimal cast to VARCHAR has its six digits.
- `unnest(items), generate_subscripts(items, 1)` of a list, positions from 1 (`rows_sql`).
- `arg_max` and `arg_min` with a key of (timestamp, message_id) or, of a list's elements, (timestamp, message_id,
  position), always with a FILTER or WHERE that leaves no NULL value; `count`, `sum`, `min`, `max` with FILTER;
  `count(DISTINCT ...)`.
- `row_number`, `lag` and a running `sum` over (PARTITION BY person_id, as_of ORDER BY ...): no NULL is ordered.
- `epoch_us(timestamp)`, `timestamp - INTERVAL n HOUR`, `//` and `%` of positive whole numbers.
- `timezone(zone, timezone('UTC', timestamp))`, and the CTE `zones(name)` of the zones that the engine knows.
- `left`, `substr`, `length`, `strpos`, `rtrim`, `replace`, LIKE, `||`, `coalesce`, `nullif`, CASE, `regexp_matches` of
  an ASCII pattern.
- Features in SQL hold what their authors wrote.
"""

from collections.abc import Sequence
from typing import Any

from tailorbird.stages.features.aggregates_sql import aggregate_sql, since_sql
from tailorbird.stages.features.definitions import FeatureError, check_definitions, value_type
from tailorbird.stages.features.frequent_sql import SEPARATOR, frequent_sql, is_frequent
from tailorbird.stages.features.json_sql import literal, quoted
from tailorbird.stages.features.rows_sql import Rows
from tailorbird.stages.features.sessions_sql import session_key, sessions_sql
from tailorbird.stages.features.written_sql import read_written, seen_events_sql
from tailorbird.types.feature import FeatureDefinition

__all__ = ["FeatureError", "compile_features", "decode_values"]

_ZONES = (
    "zones AS (SELECT name FROM pg_timezone_names() WHERE (name LIKE '%/%' AND name NOT LIKE 'SystemV/%' "
    "AND name NOT IN ('Canada/East-Saskatchewan', 'US/Pacific-New')) OR name = 'UTC')"
)
"""The zones that Python's zoneinfo knows too: an engine's own abbreviations, such as CST, mean different things."""


def compile_features(definitions: Sequence[FeatureDefinition], timezone: str = "UTC") -> str:
    """SQL with columns person_id, as_of and one per definition, in their order; rows in (person_id, as_of) order.

    `decode_values` makes values of a column. `timezone` is the zone of local times where the event's context has none.
    FeatureError: two features of one name, a missing field, a path that is none, SQL that is no feature.
    """
    check_definitions(definitions)
    sources: dict[tuple[str | None, str | None], Rows] = {}
    tables: list[tuple[str, str]] = []
    place: dict[str, str] = {}
    for names, query in _tables(definitions, sources):
        table = f"f{len(tables)}"
        tables.append((table, query))
        place |= dict.fromkeys(names, f"{table}.")
    base = [_base(list(sources.values())), *([_ZONES] if any(rows.local for rows in sources.values()) else [])]
    ctes = [*base, *(f"{rows.name} AS ({rows.sql(timezone)})" for rows in sources.values())] if sources else []
    if any(definition.kind == "sql" for definition in definitions):
        ctes.append(f"seen_events AS ({seen_events_sql()})")
    ctes += [f"{table} AS ({query})" for table, query in tables]
    columns = _columns(definitions, place)
    selected = "".join(f", {columns[d.name]} AS {quoted(d.name)}" for d in definitions)
    joins = "".join(
        f" LEFT JOIN {table} ON {table}.person_id = s.person_id AND {table}.as_of = s.as_of" for table, _ in tables
    )
    opening = f"WITH {', '.join(ctes)} " if ctes else ""
    return f"{opening}SELECT s.person_id, s.as_of{selected} FROM spine s{joins} ORDER BY s.person_id, s.as_of"


def decode_values(definition: FeatureDefinition, values: Sequence[Any]) -> list[Any]:
    """The values of a feature's column: a list is a tuple of texts, everything else is what the engine gave."""
    if value_type(definition) != "list":
        return list(values)
    return [None if value is None else tuple(value.split(SEPARATOR)) for value in values]


def _tables(
    definitions: Sequence[FeatureDefinition], sources: dict[tuple[str | None, str | None], Rows]
) -> list[tuple[list[str], str]]:
    """(features, query) of every table that the features come from; fills in the sources that the queries read."""
    aggregated: dict[str, list[FeatureDefinition]] = {}
    sessions: dict[tuple[object, ...], list[FeatureDefinition]] = {}
    written: dict[str, list[FeatureDefinition]] = {}
    made = []
    for definition in definitions:
        if definition.kind == "ratio":
            continue
        if definition.kind == "sql":
            written.setdefault(str(definition.query), []).append(definition)
            continue
        key = (definition.event, definition.each)
        rows = sources.setdefault(key, Rows(f"r{len(sources)}", *key))
        if definition.kind == "session":
            sessions.setdefault(session_key(definition), []).append(definition)
        elif is_frequent(definition):
            made.append(([definition.name], frequent_sql(rows, definition)))
        else:
            aggregated.setdefault(rows.name, []).append(definition)
    by_name = {rows.name: rows for rows in sources.values()}
    for source, members in aggregated.items():
        selected = ", ".join(aggregate_sql(by_name[source], member) for member in members)
        query = f"SELECT person_id, as_of, {selected} FROM {source} GROUP BY person_id, as_of"
        made.append(([member.name for member in members], query))
    for members in sessions.values():
        rows = sources[members[0].event, None]
        made.append(([member.name for member in members], sessions_sql(rows, members)))
    for members in written.values():
        made.append(([member.name for member in members], read_written(members)))
    return made


def _base(sources: Sequence[Rows]) -> str:
    events = {rows.event for rows in sources}
    named = ", ".join(sorted(literal(event) for event in events if event is not None))
    where = "" if None in events else f" WHERE e.event IN ({named})"
    typed = any(rows.typed for rows in sources)
    roots = sorted({root for rows in sources for root in rows.roots()})
    return (
        f"base AS (SELECT s.person_id, s.as_of, e.event, e.timestamp, e.message_id{', e.type' if typed else ''}"
        f"{''.join(f', e.{root}' for root in roots)} FROM (SELECT DISTINCT person_id, as_of FROM spine) s "
        f"JOIN events e ON e.person_id = s.person_id AND e.timestamp < s.as_of{where})"
    )


def _columns(definitions: Sequence[FeatureDefinition], place: dict[str, str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for definition in sorted(definitions, key=lambda definition: definition.kind == "ratio"):
        if definition.kind == "ratio":
            over, under = columns[str(definition.numerator)], columns[str(definition.denominator)]
            zero = "NULL" if definition.when_zero is None else _typed(definition, definition.when_zero)
            column = (
                f"CASE WHEN ({under}) = 0 AND ({over}) IS NOT NULL THEN {zero} "
                f"ELSE CAST({over} AS DOUBLE) / CAST(nullif({under}, 0) AS DOUBLE) END"
            )
        else:
            column = place[definition.name] + quoted(definition.name)
        if definition.kind in ("recency", "days_since"):
            column = since_sql(definition, column)
        default = default_of(definition)
        columns[definition.name] = column if default is None else f"coalesce({column}, {_typed(definition, default)})"
    return columns


def default_of(definition: FeatureDefinition) -> Any:
    """What stands where there is no value: the default, and 0 for what counts and adds."""
    counts = definition.kind in ("count", "sum", "distinct") or (
        definition.kind == "session" and definition.measure == "count"
    )
    default = 0 if definition.default is None and counts else definition.default
    if default is None:
        return None
    wanted = value_type(definition)
    return float(default) if wanted == "number" else int(default) if wanted == "whole" else default


def ratio_of(definition: FeatureDefinition, over: Any, under: Any) -> Any:
    """The value of a ratio, as the SQL gives it, of the values of its two features."""
    value = None
    if over is not None and under is not None:
        value = float(over) / float(under) if under else definition.when_zero
    return default_of(definition) if value is None else float(value)


def _typed(definition: FeatureDefinition, value: Any) -> str:
    kinds = {"whole": "BIGINT", "number": "DOUBLE", "text": "VARCHAR", "boolean": "BOOLEAN"}
    return f"CAST({literal(value)} AS {kinds[value_type(definition)]})"
