"""What is known of one id: its person, every id of that person and by which evidence, and the devices."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tailorbird.pipeline.identities import read_links
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.identity.evidence_sql import BEGINNING, END
from tailorbird.stages.identity.links import JudgedLink, judge_links, resolve_links
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.identity import IdentitySplit
from tailorbird.types.reserved import ANONYMOUS_PREFIX


class UnknownIdError(TailorbirdError):
    """No event carries this id."""


def explain_identity(warehouse: Warehouse, each: str, users_max: int) -> dict[str, Any]:
    """{id, person_id, ids, links, splits, devices}: whose an id is, and why. `warehouse` holds the views.

    An id may be a user's, or a device's (with or without 'anon:' before it). Links that do not count are told with the
    reason, so that every step from the events to the person can be followed.
    """
    links, splits = read_links(warehouse, "first_events")
    people = resolve_links(links, splits)
    user = bool(warehouse.rows(f"SELECT 1 FROM first_events WHERE user_id = {_quoted(each)} LIMIT 1"))
    user = user or each in people.person_of
    device = each.removeprefix(ANONYMOUS_PREFIX)
    seen = "" if user else f"SELECT 1 FROM first_events WHERE anonymous_id = {_quoted(device)} LIMIT 1"
    if not user and not warehouse.rows(seen):
        raise UnknownIdError(f"no event carries the id {each!r}; ids are compared letter by letter")
    person = people.person_of.get(each, each)
    ids = people.ids_of.get(person, (person,)) if user else ()
    devices = _devices(
        warehouse, f"user_id IN ({_listed(ids)})" if user else f"anonymous_id = {_quoted(device)}", users_max
    )
    near = {each, *ids}
    return {
        "id": each,
        "kind": "user" if user else "device",
        "person_id": person if user else _only_owner(devices, device),
        "ids": list(ids),
        "links": [
            _link(judged) for judged in judge_links(links, splits) if {judged.link.source, judged.link.target} & near
        ],
        "splits": [_split(split) for split in splits if {split.one, split.other} & near],
        "devices": [each for each in devices if each["anonymous_id"] not in ids],  # an alias named them, as a user's
    }


def list_shared(warehouse: Warehouse, users_max: int) -> list[dict[str, Any]]:
    """Every device that several people were identified on, the most crowded first."""
    return _devices(warehouse, "anonymous_id IN (SELECT anonymous_id FROM identity_counts WHERE people > 1)", users_max)


def list_merged(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Every person of several ids, with the links that count."""
    links, splits = read_links(warehouse, "first_events")
    people = resolve_links(links, splits)
    active = [judged for judged in judge_links(links, splits) if not judged.idle]
    by_person: dict[str, list[dict[str, Any]]] = {}
    for judged in active:
        by_person.setdefault(people.person_of[judged.link.source], []).append(_link(judged))
    return [
        {"person_id": person, "ids": list(people.ids_of[person]), "links": by_person[person]}
        for person in sorted(by_person)
    ]


def _devices(warehouse: Warehouse, which: str, users_max: int) -> list[dict[str, Any]]:
    devices = f"SELECT DISTINCT anonymous_id FROM identity_pairs WHERE {which}"
    found: dict[str, dict[str, Any]] = {
        device: {
            "anonymous_id": device,
            "people": count,
            "status": _status(count, users_max),
            "users": [],
            "periods": [],
        }
        for device, count in warehouse.rows(
            f"SELECT anonymous_id, people FROM identity_counts WHERE anonymous_id IN ({devices}) ORDER BY 2 DESC, 1"
        )
    }
    for device, user, first, last, count in warehouse.rows(
        f"SELECT anonymous_id, user_id, first_at, last_at, count FROM identity_pairs WHERE anonymous_id IN ({devices}) "
        "ORDER BY first_at, user_id"
    ):
        times = {"first_at": _iso(first), "last_at": _iso(last), "count": count}
        found[device]["users"].append({"user_id": user, **times})
    for device, since, until, person in warehouse.rows(
        f"SELECT anonymous_id, CASE WHEN since > {BEGINNING} THEN since END, CASE WHEN until < {END} THEN until END, "
        f"person_id FROM identity_devices WHERE anonymous_id IN ({devices}) ORDER BY identity_devices.since"
    ):
        found[device]["periods"].append({"since": _iso(since), "until": _iso(until), "person_id": person})
    return list(found.values())


def _status(people: int, users_max: int) -> str:
    return (
        "one person's"
        if people == 1
        else "shared"
        if people <= users_max
        else f"nobody's: more than {users_max} people"
    )


def _only_owner(devices: Sequence[Mapping[str, Any]], device: str) -> str | None:
    """The person of a device; None where it changes hands, 'anon:' and the id where it is nobody's."""
    periods = devices[0]["periods"] if devices else []
    if not periods:
        return ANONYMOUS_PREFIX + device
    return periods[0]["person_id"] if len(periods) == 1 else None


def _link(judged: JudgedLink) -> dict[str, Any]:
    link = judged.link
    return {
        "kind": link.kind,
        "source": link.source,
        "target": link.target,
        "first_at": _iso(link.first_at),
        "at": _iso(link.at),
        "count": link.count,
        "by": link.by,
        "reason": link.reason,
        "counts": not judged.idle,
        "why_not": judged.idle,
    }


def _split(split: IdentitySplit) -> dict[str, Any]:
    return {"ids": [split.one, split.other], "at": _iso(split.at), "by": split.by, "reason": split.reason}


def _iso(moment: datetime | None) -> str | None:
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds") if moment else None


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(map(_quoted, ids))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
