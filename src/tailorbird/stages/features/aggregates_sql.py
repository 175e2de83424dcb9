"""SQL of the features that are one aggregate over a source's rows."""

from tailorbird.stages.features.json_sql import quoted
from tailorbird.stages.features.rows_sql import Rows
from tailorbird.types.feature import FeatureDefinition

UNIT_US = {"days": 86_400_000_000, "hours": 3_600_000_000, "minutes": 60_000_000}


def aggregate_sql(rows: Rows, definition: FeatureDefinition) -> str:
    """One aggregate with its name. Recency gives the moment; `since_sql` makes a number of it."""
    kept = rows.conditions(definition)
    made = _aggregate(rows, definition, kept)
    filtered = f" FILTER (WHERE {' AND '.join(kept)})" if kept else ""
    return f"{made.replace(_HERE, filtered)} AS {quoted(definition.name)}"


def since_sql(definition: FeatureDefinition, moment: str) -> str:
    """SQL of how long before as_of the moment was, in whole units."""
    return f"(epoch_us(s.as_of) - epoch_us({moment})) // {UNIT_US[definition.unit]}"


_HERE = "\x00"
"""Where the filter goes."""


def _aggregate(rows: Rows, definition: FeatureDefinition, kept: list[str]) -> str:
    kind, field = definition.kind, definition.field
    if kind in ("count", "recency", "days_since"):
        if field:
            kept.append(rows.present(field))
        if kind == "count":
            return f"count(*){_HERE}"
        return f"{'min' if definition.pick == 'first' else 'max'}(timestamp){_HERE}"
    if kind == "place":
        return _extreme(rows, "arg_max", rows.place(definition.level), kept)
    assert field
    if kind == "distinct":
        return f"count(DISTINCT {rows.text(field)}){_HERE}"
    if kind == "sum":
        return f"CAST(sum({rows.number(field)}){_HERE} AS DOUBLE)"
    if kind == "mean":
        number = rows.number(field)
        return f"CAST(sum({number}){_HERE} AS DOUBLE) / nullif(count({number}){_HERE}, 0)"
    pick = "arg_max" if kind == "last" else "arg_min"
    if definition.type == "number":
        return f"CAST({_extreme(rows, pick, rows.number(field), kept)} AS DOUBLE)"
    if definition.type == "boolean":
        kept.append(f"{rows.text(field)} IN ('true', 'false')")
        return f"({_extreme(rows, pick, rows.text(field), kept)} = 'true')"
    return _extreme(rows, pick, rows.text(field), kept)


def _extreme(rows: Rows, pick: str, value: str, kept: list[str]) -> str:
    kept.append(f"{value} IS NOT NULL")
    return f"{pick}({value}, {rows.key}){_HERE}"
