"""Finding a person by whatever name somebody knows: an id, a device's id, or an address."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.audiences.eligibility import mailbox_hash
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.person import Person
from tailorbird.types.reserved import ANONYMOUS_PREFIX

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
ReadRows = Callable[[Person], Rows]
"""Everything that the state knows of a person, by table."""

_TRACES = ("decision_id", "message_id", "idempotency_key", "provider_id")


class PersonError(TailorbirdError):
    """A name that several people share. The message lists their ids."""


def find_person(name: str, warehouse: Warehouse | None, read_rows: ReadRows) -> Person | None:
    """The person of that id, device or address, with every identifier; None if nothing at all is known.

    `warehouse` holds the views over the log, or is None where there are no events. People who share an address are
    told apart by their ids: PersonError lists them.
    """
    person_id = _resolve(name, warehouse) if warehouse else None
    person = Person(person_id or name)
    if warehouse and person_id:
        person = _from_events(warehouse, person_id)
    elif "@" in name:
        person = Person(name, addresses=frozenset({name.lower()}))
    rows = read_rows(person)
    if not person_id and not rows:
        return None
    addresses = person.addresses | {str(row["address"]).lower() for row in rows.get("tb_outbox", ()) if row["address"]}
    traces = {str(row[key]) for found in rows.values() for row in found for key in _TRACES if row.get(key)}
    users = person.user_ids | {str(row["person_id"]) for row in rows.get("tb_outbox", ()) if not person_id}
    return Person(
        person.person_id,
        users if users or person.person_id.startswith(ANONYMOUS_PREFIX) else frozenset({person.person_id}),
        person.anonymous_ids,
        addresses,
        person.phones,
        person.event_ids,
        frozenset(traces | {mailbox_hash(address) for address in addresses}),
    )


def _resolve(name: str, warehouse: Warehouse) -> str | None:
    told = _quoted(name)
    view = all_events(warehouse)
    rows = warehouse.rows(
        f"SELECT DISTINCT person_id FROM {view} WHERE person_id = {told} OR user_id = {told} "
        f"UNION SELECT person_id FROM people WHERE lower(email) = lower({told}) ORDER BY 1"
    )
    if not rows:
        rows = warehouse.rows(f"SELECT DISTINCT person_id FROM {view} WHERE anonymous_id = {told} ORDER BY 1")
    if len(rows) > 1:
        raise PersonError(f"{name!r} is {len(rows)} people: name one of {', '.join(row[0] for row in rows[:10])}")
    return str(rows[0][0]) if rows else None


def _from_events(warehouse: Warehouse, person_id: str) -> Person:
    view, told = all_events(warehouse), _quoted(person_id)
    mine = f"FROM {view} WHERE person_id = {told}"

    def column(sql: str) -> frozenset[str]:
        return frozenset(str(row[0]) for row in warehouse.rows(sql) if row[0] not in (None, ""))

    def told_as(key: str) -> frozenset[str]:
        parts = (f"{place} ->> '$.{key}'" for place in ("traits", "properties", "context"))
        return column(" UNION ".join(f"SELECT DISTINCT {part} {mine}" for part in parts))

    return Person(
        person_id,
        column(f"SELECT DISTINCT user_id {mine}"),
        column(
            f"SELECT anonymous_id FROM {view} WHERE anonymous_id IN (SELECT anonymous_id {mine}) "
            f"GROUP BY anonymous_id HAVING bool_and(person_id = {told})"
        ),
        frozenset(address.lower() for address in told_as("email") if "@" in address),
        told_as("phone"),
        column(f"SELECT message_id {mine}"),
    )


def all_events(warehouse: Warehouse) -> str:
    """The view that leaves nothing out: test traffic and machines' opens are somebody's too."""
    found = warehouse.rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'all_events' LIMIT 1")
    return "all_events" if found else "events"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
