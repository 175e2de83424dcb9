"""Which columns features read: from definitions to lanes, in the SQL that the compiled features use themselves.

A lane is the rows of one source that pass the conditions and have the value, so that features that differ only in
their window share one. What no lane can say is computed by SQL: sessions, what is most frequent, and features in SQL.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tailorbird.stages.features.rows_sql import Rows
from tailorbird.types.event_columns import ColumnPlan, LanePlan, SourcePlan
from tailorbird.types.feature import FeatureDefinition

KINDS = ("count", "sum", "mean", "last", "first", "distinct", "recency", "days_since")
_MICROS = "CAST(CAST({} AS DECIMAL(38, 6)) * 1000000 AS BIGINT)"


@dataclass(frozen=True)
class Lanes:
    """The plan, the number of each feature's lane, and the definitions that have to be computed by SQL."""

    plan: ColumnPlan
    of: dict[str, int]
    by_sql: tuple[FeatureDefinition, ...]


def has_lane(definition: FeatureDefinition) -> bool:
    """Whether the feature is read from a lane."""
    return definition.kind in KINDS or (definition.kind == "place" and definition.pick == "last")


def computed_by(definition: FeatureDefinition) -> str:
    """How a feature of everybody is computed: columns, sql, or ratio, which is as its two features are."""
    return "ratio" if definition.kind == "ratio" else "columns" if has_lane(definition) else "sql"


def plan_lanes(definitions: Sequence[FeatureDefinition], timezone: str = "UTC") -> Lanes:
    """The lanes of checked definitions. A ratio is in neither: it is made of two other features."""
    sources: dict[tuple[str | None, str | None], Rows] = {}
    lanes: dict[tuple[str | None, str | None], dict[tuple[str, str, str], LanePlan]] = {}
    place: dict[str, tuple[tuple[str | None, str | None], tuple[str, str, str]]] = {}
    for definition in definitions:
        if not has_lane(definition):
            continue
        source = (definition.event, definition.each)
        lane = _lane(sources.setdefault(source, Rows(f"r{len(sources)}", *source)), definition)
        key = (lane.kept, lane.kind, lane.value)
        before = lanes.setdefault(source, {}).get(key, lane)
        lanes[source][key] = LanePlan(
            *key, adds=lane.adds or before.adds, tells_apart=lane.tells_apart or before.tells_apart
        )
        place[definition.name] = source, key
    numbers = {(source, key): i for i, (source, key) in enumerate((s, k) for s in lanes for k in lanes[s])}
    plan = ColumnPlan(
        tuple(
            SourcePlan(rows.sql(timezone), rows.event, rows.each is not None, tuple(lanes[source].values()))
            for source, rows in sources.items()
        )
    )
    others = tuple(each for each in definitions if not has_lane(each) and each.kind != "ratio")
    return Lanes(plan, {name: numbers[found] for name, found in place.items()}, others)


def _lane(rows: Rows, definition: FeatureDefinition) -> LanePlan:
    kept = [rows.condition(condition) for condition in definition.where]
    kind, field = definition.kind, definition.field
    if kind in ("count", "recency", "days_since"):
        if field:
            kept.append(rows.present(field))
        return LanePlan(_all(kept), "none")
    if kind == "place":
        return LanePlan(_all(kept), "text", rows.place(definition.level))
    assert field
    if kind in ("sum", "mean"):
        return LanePlan(_all(kept), "number", _MICROS.format(rows.number(field)), adds=True)
    if kind == "distinct":
        return LanePlan(_all(kept), "text", rows.text(field), tells_apart=True)
    if definition.type == "number":
        return LanePlan(_all(kept), "number", _MICROS.format(rows.number(field)))
    if definition.type == "boolean":
        kept.append(f"{rows.text(field)} IN ('true', 'false')")
    return LanePlan(_all(kept), "text", rows.text(field))


def _all(conditions: Sequence[str]) -> str:
    return " AND ".join(f"({condition})" for condition in conditions) or "TRUE"
