"""Everybody's features at a moment: out of the columns kept of the event log, and by SQL where these cannot say."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from tailorbird.pipeline.lane_owners import counted_otherwise, find_owners
from tailorbird.ports.event_columns import EventColumns
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.features.compile import compile_features, decode_values, ratio_of
from tailorbird.stages.features.definitions import FeatureError, check_definitions
from tailorbird.stages.features.lane_values import lane_column, listed
from tailorbird.stages.features.lanes import plan_lanes
from tailorbird.stages.features.readers import micros_since_epoch
from tailorbird.types.feature import FeatureDefinition

Values = dict[str, list[Any]]


def features_by_sql(
    warehouse: Warehouse,
    definitions: Sequence[FeatureDefinition],
    moment: datetime,
    timezone: str,
    person_ids: Sequence[str],
) -> Values:
    """Each feature's values of these people, in ascending order, at a moment in UTC without zone.

    FeatureError: a feature in SQL gives several rows for one person.
    """
    stamp = moment.isoformat(sep=" ")
    warehouse.load("asked", {"person_id": list(person_ids)})
    warehouse.run(
        f"CREATE OR REPLACE TEMP TABLE spine AS SELECT person_id, CAST('{stamp}' AS TIMESTAMP) AS as_of FROM asked"
    )
    rows = warehouse.rows(compile_features(definitions, timezone))
    if len(rows) != len(person_ids):
        written = ", ".join(definition.name for definition in definitions if definition.kind == "sql")
        raise FeatureError(f"a feature in SQL ({written}) gives several rows for one person and moment; group them")
    by_column: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * (len(definitions) + 2)
    return {
        definition.name: decode_values(definition, values)
        for definition, values in zip(definitions, by_column[2:], strict=True)
    }


def features_by_lanes(
    warehouse: Warehouse,
    columns: EventColumns,
    definitions: Sequence[FeatureDefinition],
    moment: datetime,
    timezone: str,
    person_ids: Sequence[str],
) -> Values:
    """The same out of the columns, equal to the last bit. `open_views` must have run.

    Features without a lane are computed by SQL; the others only for the few people of whom the lanes are not sure.
    """
    check_definitions(definitions)
    lanes = plan_lanes(definitions, timezone)
    if not lanes.of or not person_ids:
        return features_by_sql(warehouse, definitions, moment, timezone, person_ids)
    files = [Path(path) for (path,) in warehouse.rows("SELECT path FROM event_files ORDER BY place")]
    not_counted = warehouse.rows("SELECT message_id FROM not_counted")
    excluded = frozenset(message_id for (message_id,) in not_counted)
    parts = columns.open(files, lanes.plan, excluded)
    owners = find_owners(warehouse, parts, person_ids)
    unsure = counted_otherwise(warehouse, parts, excluded, person_ids)
    moment_us, found = micros_since_epoch(moment), Values()
    for definition in definitions:
        if definition.name in lanes.of:
            lane = lanes.of[definition.name]
            column = lane_column(definition, [part.lanes[lane] for part in parts], owners, len(person_ids), moment_us)
            unsure |= column.unsure
            texts = [text for part in parts for text in part.texts.get(lane, ())]
            found[definition.name] = listed(definition, column, texts)
    again = np.flatnonzero(unsure).tolist()
    if again:
        known = [definition for definition in definitions if definition.name in lanes.of]
        for name, values in features_by_sql(
            warehouse, known, moment, timezone, [person_ids[row] for row in again]
        ).items():
            for row, value in zip(again, values, strict=True):
                found[name][row] = value
    if lanes.by_sql:
        found |= features_by_sql(warehouse, lanes.by_sql, moment, timezone, person_ids)
    for definition in definitions:
        if definition.kind == "ratio":
            over, under = found[str(definition.numerator)], found[str(definition.denominator)]
            found[definition.name] = [ratio_of(definition, *pair) for pair in zip(over, under, strict=True)]
    return {definition.name: found[definition.name] for definition in definitions}
