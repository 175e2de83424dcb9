"""A few people, from nothing but their own events: what changed must not wait for the whole log."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from tailorbird.pipeline.people import make_views, read_profiles
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.event import EVENT_COLUMNS, Event
from tailorbird.types.profile import Profile
from tailorbird.types.settings import IdentitySettings, QaSettings


def look_at(
    warehouse: Warehouse,
    events: Sequence[Event],
    moment: datetime,
    rules: ConsentRules | None = None,
    identity: IdentitySettings | None = None,
    testers: QaSettings | None = None,
) -> tuple[list[Profile], frozenset[str]]:
    """The profiles that these events alone make, with the consents in force at `moment`, and the message ids of those
    that count: machine and test traffic does not.

    The views are those over the log; the warehouse is used up by them. Give every event of a person, or the answer
    lacks what the others say.
    """
    if not events:
        return [], frozenset()
    columns: dict[str, list[object]] = {name: [] for name, _ in EVENT_COLUMNS}
    for event in events:
        for name in columns:
            columns[name].append(_told(getattr(event, name)))
    warehouse.load("few_events", columns)
    cast = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in EVENT_COLUMNS)
    warehouse.run(f"CREATE OR REPLACE VIEW event_segments AS SELECT {cast} FROM few_events")
    make_views(warehouse, "TABLE", identity, testers)
    counted = frozenset(message_id for (message_id,) in warehouse.rows("SELECT message_id FROM events"))
    return read_profiles(warehouse, rules, moment), counted


def _told(value: object) -> object:
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode()
    moment = getattr(value, "astimezone", None)
    return moment(UTC).replace(tzinfo=None) if moment is not None else value
