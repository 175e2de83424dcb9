"""Consent signals that imported events carry: the same words as over HTTP, in the segment of their events."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.consent.signals import PLACES
from tailorbird.stages.events.event_line import EventLine, encode_lines
from tailorbird.stages.events.loose_json import read_loose_json
from tailorbird.stages.events.mapping_sql import ImportSql
from tailorbird.types.event import EVENT_COLUMNS, EventLines
from tailorbird.types.settings import SignalSettings

WORDS_TABLE = "import_words"
_CARRIERS, _PART_EVENTS = "import_carriers", 100_000
_CARRIES = "(" + " OR ".join(f"contains(context, '\"{place}\"')" for place in PLACES) + ")"


def with_words(
    compiled: ImportSql, settings: SignalSettings, warehouse: Warehouse, moment: datetime
) -> tuple[str, int]:
    """(the query for the segment's rows: the new events, and the words of the signals they carry; how many words).

    `moment` (aware) is when they are received. The words are put into the table WORDS_TABLE.
    """
    if not ConsentSignals(settings).reads_strings or not any(
        warehouse.rows(f"SELECT 1 FROM {events} WHERE {_CARRIES} LIMIT 1") for events, _ in compiled.targets
    ):
        return compiled.new_events, 0
    columns: dict[str, list[object]] = {name: [] for name, _ in EVENT_COLUMNS}
    carriers = "message_id, type, user_id, anonymous_id, timestamp, context"
    warehouse.run(
        f"CREATE OR REPLACE TEMP TABLE {_CARRIERS} AS SELECT {carriers} FROM ({compiled.new_events}) WHERE {_CARRIES}"
    )
    ((count,),) = warehouse.rows(f"SELECT count(*) FROM {_CARRIERS}")
    parts = count // _PART_EVENTS + 1
    for part in range(parts):
        # All that one browser carried is in one part: a word begins where its string changes.
        rows = warehouse.rows(f"FROM {_CARRIERS} WHERE hash(user_id, anonymous_id) % {parts} = {part}")
        for word in _words(rows, settings, moment):
            for name, values in columns.items():
                values.append(_cell(getattr(word, name)))
    warehouse.load(WORDS_TABLE, columns)
    cast = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in EVENT_COLUMNS)
    fresh = f"FROM {WORDS_TABLE} WHERE message_id NOT IN (SELECT message_id FROM import_seen)"
    ((words,),) = warehouse.rows(f"SELECT count(*) {fresh}")
    query = f"SELECT * FROM ({compiled.new_events}) UNION ALL SELECT {cast} {fresh} ORDER BY timestamp, message_id"
    return query, words


def _words(rows: Sequence[Sequence[Any]], settings: SignalSettings, moment: datetime) -> list[EventLine]:
    lines = [
        EventLine(kind, message_id, at.replace(tzinfo=UTC), moment, user, device, None, {}, {}, _object(context))
        for message_id, kind, user, device, at, context in rows
    ]
    carriers = EventLines(tuple(line.message_id for line in lines), encode_lines(lines))
    heard = ConsentSignals(settings).hear(carriers).events.lines.splitlines()
    return [msgspec.json.decode(line, type=EventLine) for line in heard[len(lines) :]]


def _object(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return dict(read_loose_json(text))
    return found


def _cell(value: object) -> object:
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode()
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
