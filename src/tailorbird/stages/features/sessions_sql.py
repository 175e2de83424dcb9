"""SQL of sessions: events of one person between which no silence is longer than the gap."""

from collections.abc import Sequence

from tailorbird.stages.features.json_sql import quoted
from tailorbird.stages.features.rows_sql import Rows
from tailorbird.types.feature import FeatureDefinition

_ORDER = "PARTITION BY person_id, as_of ORDER BY timestamp, message_id"


def session_key(definition: FeatureDefinition) -> tuple[object, ...]:
    """Definitions with equal keys are about the same sessions, which are then cut once."""
    return definition.event, definition.where, definition.window_days, definition.window_hours, definition.gap_minutes


def sessions_sql(rows: Rows, definitions: Sequence[FeatureDefinition]) -> str:
    """A query of person_id, as_of and every feature, of definitions with one `session_key`."""
    gap_us = definitions[0].gap_minutes * 60_000_000
    kept = " AND ".join(rows.conditions(definitions[0])) or "TRUE"
    fields = list(dict.fromkeys(d.field for d in definitions if d.measure == "landing" and d.field))
    landings = {field: (f"landing{i}", rows.text(field)) for i, field in enumerate(fields)}
    read = "".join(f", {text}" for _, text in landings.values())
    began = (
        f"SELECT person_id, as_of, timestamp, message_id{read}, "
        f"CASE WHEN epoch_us(timestamp) - epoch_us(lag(timestamp) OVER ({_ORDER})) <= {gap_us} THEN 0 ELSE 1 END "
        f"AS begins FROM {rows.name} WHERE {kept}"
    )
    numbered = (
        f"SELECT person_id, as_of, timestamp, message_id{read}, "
        f"sum(begins) OVER ({_ORDER} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS session FROM ({began})"
    )
    landed = "".join(
        f", arg_min({text}, {rows.key}) FILTER (WHERE {text} IS NOT NULL) AS {name}" for name, text in landings.values()
    )
    cut = (
        "SELECT person_id, as_of, session, min(timestamp) AS started, max(timestamp) AS ended, "
        f"count(*) AS events{landed} FROM ({numbered}) GROUP BY person_id, as_of, session"
    )
    ranked = f"SELECT *, row_number() OVER (PARTITION BY person_id, as_of ORDER BY session DESC) AS back FROM ({cut})"
    measures = {
        "events": "events",
        "seconds": "(epoch_us(ended) - epoch_us(started)) // 1000000",
    }
    told = []
    for definition in definitions:
        name = quoted(definition.name)
        if definition.measure == "count":
            told.append(f"count(*) AS {name}")
            continue
        value = measures.get(definition.measure) or landings[str(definition.field)][0]
        goes_on = f" AND epoch_us(as_of) - epoch_us(ended) <= {gap_us}" if definition.current else ""
        told.append(f"max(CASE WHEN back = 1{goes_on} THEN {value} END) AS {name}")
    return f"SELECT person_id, as_of, {', '.join(told)} FROM ({ranked}) GROUP BY person_id, as_of"
