"""Events of an import against the tracking plan: what violates it takes its rows out, and the rest is made anew."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.events.loose_json import read_loose_json
from tailorbird.stages.events.mapping_sql import ImportSql
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.types.tracking_plan import PLAN_FILE

_PART_EVENTS = 100_000
_UNPLANNED_NAMES_MAX = 20


def hold_to_plan(compiled: ImportSql, plan: PlanChecks, warehouse: Warehouse) -> dict[str, int]:
    """Refuse the rows of new events that violate the plan; {event that the plan does not know: how many there are}.

    A refused row is wrong for every target, and a group with one waits whole, so the events are made again without
    them, until nothing violates the plan. Events that are in the log already are known, whatever the plan says now.
    """
    while True:
        unplanned: Counter[str] = Counter()
        if not sum(_refuse(events, keys, plan, unplanned, warehouse) for events, keys in compiled.targets):
            return dict(unplanned.most_common(_UNPLANNED_NAMES_MAX))
        for statement in compiled.judged:
            warehouse.run(statement)


def _refuse(events: str, keys: str, plan: PlanChecks, unplanned: Counter[str], warehouse: Warehouse) -> int:
    """Add the rows of one target's bad events to `import_refused`; how many events are bad."""
    (count,) = warehouse.rows(f"SELECT count(*) FROM {events}")[0]
    parts = count // _PART_EVENTS + 1
    bad: dict[str, str] = {}
    for part in range(parts):
        # A part at a time, so that the texts of a large import never are in memory all at once.
        rows = warehouse.rows(
            f"SELECT message_id, type, event, properties, traits FROM {events} "
            f"WHERE hash(message_id) % {parts} = {part} AND message_id NOT IN (SELECT message_id FROM import_seen)"
        )
        for message_id, kind, name, properties, traits in rows:
            reason = plan.judge(kind, name, _object(properties), _object(traits))
            if reason is not None:
                bad[message_id] = reason
            elif not plan.is_planned(kind, name):
                unplanned[name] += 1
    if bad:
        warehouse.load("import_bad", {"message_id": list(bad), "reason": list(bad.values())})
        warehouse.run(
            f"INSERT INTO import_refused SELECT k._row, '{PLAN_FILE}', min(b.reason) FROM {keys} k "
            "JOIN import_bad b ON b.message_id = k._message_id GROUP BY k._row"
        )
    return len(bad)


def _object(text: str) -> Mapping[str, Any]:
    if text == "{}":
        return {}
    try:
        found: Mapping[str, Any] = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return read_loose_json(text)
    return found
