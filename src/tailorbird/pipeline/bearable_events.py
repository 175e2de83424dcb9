"""Events of an import that some reader of the log could not bear: their rows are taken out."""

from typing import Any

import msgspec

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.events.event_line import DEPTH_MAX, trouble_in
from tailorbird.stages.events.loose_json import read_loose_json
from tailorbird.stages.events.mapping_sql import ImportSql

_PARTS = ("properties", "traits", "context")
_TOO_DEEP = f"nested deeper than {DEPTH_MAX} levels"


def refuse_unbearable(compiled: ImportSql, warehouse: Warehouse) -> None:
    """Refuse the rows of events that are nested too deeply, or hold a NUL; the rest is made anew without them.

    A file's values may be JSON of any depth. One such event would end every process that reads the log.
    """
    while sum(_refuse(events, keys, warehouse) for events, keys in compiled.targets):
        for statement in compiled.judged:
            warehouse.run(statement)


def _refuse(events: str, keys: str, warehouse: Warehouse) -> int:
    """Add the rows of one target's bad events to `import_refused`; how many events are bad."""
    # Nearly no event has as many brackets; only the others are decoded.
    suspicious = " OR ".join(f"({_openers(part)} > {DEPTH_MAX} OR contains({part}, '\\u0000'))" for part in _PARTS)
    new = "message_id NOT IN (SELECT message_id FROM import_seen)"
    found = warehouse.rows(f"SELECT message_id, {', '.join(_PARTS)} FROM {events} WHERE ({suspicious}) AND {new}")
    bad = {message_id: reason for message_id, *texts in found if (reason := _trouble(texts))}
    if bad:
        warehouse.load("import_bad", {"message_id": list(bad), "reason": list(bad.values())})
        warehouse.run(
            "INSERT INTO import_refused SELECT k._row, '', min(b.reason) FROM "
            f"{keys} k JOIN import_bad b ON b.message_id = k._message_id GROUP BY k._row"
        )
    return len(bad)


def _openers(part: str) -> str:
    return f"strlen({part}) - strlen(replace(replace({part}, '[', ''), '{{', ''))"


def _trouble(texts: list[str]) -> str | None:
    try:
        return trouble_in([_decoded(text) for text in texts])
    except RecursionError:
        return _TOO_DEEP


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return read_loose_json(text)
