"""One set of features computed by several engines, compared with DuckDB value by value."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from tailorbird.ports.event_columns import EventColumns
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.events.loose_json import read_loose_json
from tailorbird.stages.features.compile import compile_features, decode_values
from tailorbird.stages.features.definitions import value_type
from tailorbird.stages.features.fold import FeatureFold
from tailorbird.stages.features.lane_runs import NOBODY, Owners
from tailorbird.stages.features.lane_values import lane_column, listed
from tailorbird.stages.features.lanes import plan_lanes
from tailorbird.stages.features.readers import micros_since_epoch
from tailorbird.types.event import EVENT_COLUMNS, Event
from tailorbird.types.feature import FeatureDefinition

Values = dict[str, list[Any]]
Compute = Callable[[], Values]
_TICK = timedelta(microseconds=1)
_JSON = ("properties", "traits", "context")
_ODD = re.compile(r"[0-9]{18}|\\u0000|NaN|Infinity|[0-9][eE][+-]?[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Compared:
    """One feature on every engine. `different[engine]` counts rows that differ from DuckDB's; None: not computed."""

    feature: str
    kind: str
    rows: int
    different: Mapping[str, int | None]
    example: str = ""


def compare_values(
    definitions: Sequence[FeatureDefinition], spine: Mapping[str, Sequence[Any]], found: Mapping[str, Values]
) -> list[Compared]:
    """What `found['duckdb']` and the other engines' values have in common, a line per feature."""
    reference = found["duckdb"]
    compared = []
    for definition in definitions:
        name = definition.name
        different: dict[str, int | None] = {}
        example = ""
        for engine, values in found.items():
            if name not in values:
                different[engine] = None
                continue
            pairs = zip(reference[name], values[name], strict=True)
            wrong = [i for i, (one, other) in enumerate(pairs) if not same(one, other)]
            different[engine] = len(wrong)
            if wrong and not example:
                i = wrong[0]
                example = (
                    f"{name} of {spine['person_id'][i]} at {spine['as_of'][i]}: "
                    f"duckdb {reference[name][i]!r}, {engine} {values[name][i]!r}"
                )
        compared.append(Compared(name, definition.kind, len(reference[name]), different, example))
    return compared


def same(one: Any, other: Any) -> bool:
    """Equal to the last bit and of one type: True is not 1, and 1 is not 1.0."""
    return type(one) is type(other) and bool(one == other)


def compute_on(
    warehouse: Warehouse,
    definitions: Sequence[FeatureDefinition],
    events: Mapping[str, Sequence[Any]],
    spine: Mapping[str, Sequence[Any]],
    timezone: str,
) -> Values:
    """The features by a warehouse's SQL, in the order of the spine, whose rows are distinct."""
    warehouse.load("events", events)
    warehouse.load("spine", spine)
    rows = warehouse.rows(compile_features(definitions, timezone))
    place = {key: i for i, key in enumerate(zip(spine["person_id"], spine["as_of"], strict=True))}
    ordered: list[Any] = [None] * len(place)
    for row in rows:
        ordered[place[row[0], row[1]]] = row
    columns = list(zip(*ordered, strict=True))[2:]
    return {
        definition.name: [_typed(definition, value) for value in decode_values(definition, column)]
        for definition, column in zip(definitions, columns, strict=True)
    }


def compute_by_fold(
    definitions: Sequence[FeatureDefinition],
    events: Mapping[str, Sequence[Any]],
    spine: Mapping[str, Sequence[Any]],
    timezone: str,
) -> Values:
    """The features by the online fold, which gets the events in the order they are in; without those in SQL."""
    fold = FeatureFold(definitions, timezone)
    states: dict[str, Any] = {}
    for row in zip(*(events[name] for name in ("person_id", *_FIELDS)), strict=True):
        person, fields = row[0], dict(zip(_FIELDS, row[1:], strict=True))
        fold.add(states.setdefault(person, fold.empty()), _event(fields))
    values: Values = {definition.name: [] for definition in fold.definitions}
    nobody = fold.empty()
    for person, moment in zip(spine["person_id"], spine["as_of"], strict=True):
        known = fold.values(states.get(person, nobody), moment.replace(tzinfo=UTC))
        for definition in fold.definitions:
            values[definition.name].append(_typed(definition, known[definition.name]))
    return values


def compute_by_columns(
    columns: EventColumns,
    files: Warehouse,
    segment: Path,
    definitions: Sequence[FeatureDefinition],
    events: Mapping[str, Sequence[Any]],
    spine: Mapping[str, Sequence[Any]],
    timezone: str,
    reference: Values,
) -> Values:
    """The features that have a lane, out of columns of a `segment` that is written here by `files`.

    Values of which lanes are not sure are computed by SQL in a campaign too: they are the reference's here.
    """
    files.load("events", events)
    own = {"user_id": "person_id", "anonymous_id": "CAST(NULL AS VARCHAR)", "received_at": "timestamp"}
    files.write(
        f"SELECT {', '.join(f'{own.get(name, name)} AS {name}' for name, _ in EVENT_COLUMNS)} FROM events", segment
    )
    lanes = plan_lanes(definitions, timezone)
    parts = columns.open([segment], lanes.plan, ())
    values: Values = {name: list(reference[name]) for name in lanes.of}
    for rows in _layers(spine["person_id"]):
        row_of = {"u" + spine["person_id"][row]: i for i, row in enumerate(rows)}
        keys = [key for part in parts for key in part.ids]
        owners = Owners(np.array([row_of.get(key, NOBODY) for key in keys], dtype=np.int32))
        moments = np.array([micros_since_epoch(spine["as_of"][row]) for row in rows], dtype=np.int64)
        for definition in definitions:
            if (lane := lanes.of.get(definition.name)) is not None:
                column = lane_column(definition, [part.lanes[lane] for part in parts], owners, len(rows), moments)
                found = listed(definition, column, [text for part in parts for text in part.texts.get(lane, ())])
                for row, value, unsure in zip(rows, found, column.unsure.tolist(), strict=True):
                    values[definition.name][row] = reference[definition.name][row] if unsure else value
    return values


def _layers(people: Sequence[str]) -> list[list[int]]:
    """The rows of a spine, in layers in which nobody comes twice."""
    layers: list[list[int]] = []
    times: dict[str, int] = {}
    for row, person in enumerate(people):
        layer = times[person] = times.get(person, -1) + 1
        if layer == len(layers):
            layers.append([])
        layers[layer].append(row)
    return layers


def readable(events: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Events as every engine can hold them: JSON in one spelling, no NUL in a text, whole numbers of 64 bits."""
    return {**events, **{name: [_one_spelling(text) for text in events[name]] for name in _JSON}}


_FIELDS = ("event", "type", "message_id", "timestamp", *_JSON)


def _event(fields: dict[str, Any]) -> Event:
    moment: datetime = fields["timestamp"].replace(tzinfo=UTC)
    return Event(
        type=fields["type"],
        message_id=fields["message_id"],
        timestamp=moment,
        received_at=moment,
        event=fields["event"],
        **{name: msgspec.json.decode(fields[name]) for name in _JSON},
    )


def _one_spelling(text: str) -> str:
    if not _ODD.search(text):
        return text
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        value = read_loose_json(text)
    return msgspec.json.encode(_held(value)).decode()


def _held(value: Any) -> Any:
    if isinstance(value, dict):
        return {_held(key): _held(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_held(part) for part in value]
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        return float(value)
    return value


def _typed(definition: FeatureDefinition, value: Any) -> Any:
    """A value as what its feature gives: engines have their own whole numbers and truths."""
    if value is None:
        return None
    wanted = value_type(definition)
    if wanted == "whole" and value == int(value):
        return int(value)
    if wanted == "number":
        return float(value)
    return bool(value) if wanted == "boolean" and value in (0, 1) else value


def own_stream(warehouse: Warehouse, rows: int) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """(events, spine) of a warehouse with `events` and `people`: everybody at so many moments that they give the rows.

    The moments lie evenly over the time in which there are events, the last one just behind the last event.
    """
    names = ("person_id", *_FIELDS)
    columns = ", ".join(f'"{name}"' for name in names)
    found = warehouse.rows(f"SELECT {columns} FROM events ORDER BY received_at, message_id")
    people = [person for (person,) in warehouse.rows("SELECT person_id FROM people ORDER BY person_id")] or ["nobody"]
    first, last = warehouse.rows("SELECT min(timestamp), max(timestamp) FROM events")[0]
    steps = -(-rows // len(people))
    moments = [first + (last - first) * (i + 1) / steps + _TICK for i in range(steps)]
    spine = [(person, moment) for person in people for moment in dict.fromkeys(moments)]
    events = {name: list(values) for name, values in zip(names, zip(*found, strict=True), strict=True)}
    return events, {"person_id": [person for person, _ in spine], "as_of": [moment for _, moment in spine]}
