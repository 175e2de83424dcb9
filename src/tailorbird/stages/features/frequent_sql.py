"""SQL of the values that a person's rows most often have: top_k, daypart, weekday, and the most frequent place."""

from tailorbird.stages.features.json_sql import literal, quoted
from tailorbird.stages.features.rows_sql import Rows
from tailorbird.types.feature import FeatureDefinition

SEPARATOR = "\x1f"
"""Between the values of a list in one text: the sign that was made for it. Inside a value it becomes a space."""


def is_frequent(definition: FeatureDefinition) -> bool:
    """Whether the feature asks which values are the most frequent ones."""
    return definition.kind in ("top_k", "daypart", "weekday") or (
        definition.kind == "place" and definition.pick == "most"
    )


def frequent_sql(rows: Rows, definition: FeatureDefinition) -> str:
    """A query of person_id, as_of and the feature. Equally frequent values: the one with the later row comes first."""
    conditions = rows.conditions(definition)
    value, k = _value(rows, definition)
    kept = " AND ".join([f"{value} IS NOT NULL", *conditions])
    position = f", arg_max(position, {rows.key}) AS latest_position" if rows.each else ""
    counted = (
        f"SELECT person_id, as_of, {value} AS value, count(*) AS uses, max(timestamp) AS latest, "
        f"arg_max(message_id, {rows.key}) AS latest_id{position} "
        f"FROM {rows.name} WHERE {kept} GROUP BY person_id, as_of, {value}"
    )
    ranked = (
        "SELECT person_id, as_of, value, row_number() OVER (PARTITION BY person_id, as_of "
        f"ORDER BY uses DESC, latest DESC, latest_id DESC{', latest_position DESC' if rows.each else ''}, value) "
        f"AS place FROM ({counted})"
    )
    first, *others = (f"max(CASE WHEN place = {i + 1} THEN value END)" for i in range(k))
    shown = first + "".join(f" || coalesce({literal(SEPARATOR)} || {other}, '')" for other in others)
    return f"SELECT person_id, as_of, {shown} AS {quoted(definition.name)} FROM ({ranked}) GROUP BY person_id, as_of"


def _value(rows: Rows, definition: FeatureDefinition) -> tuple[str, int]:
    if definition.kind == "daypart":
        return rows.daypart(), 1
    if definition.kind == "weekday":
        return rows.weekday(), 1
    if definition.kind == "place":
        return rows.place(definition.level), 1
    assert definition.field
    return f"replace({rows.text(definition.field)}, {literal(SEPARATOR)}, ' ')", definition.k
