"""What an operator says of identities: merges and splits, recorded in the event log with who, when and why."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tailorbird.pipeline.identities import read_links
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.identity.links import judge_links, resolve_links
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.event import Event
from tailorbird.types.identity import IDENTITIES_MERGED, IDENTITIES_SPLIT, IdentityLink, IdentitySplit, People
from tailorbird.types.reserved import IDENTITY_EVENT_PREFIX

_MOMENT = timedelta(microseconds=1)


class IdentityError(TailorbirdError):
    """Ids that cannot be merged or split as asked; the message says why, and what would do it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: the event's id, its moment, and the people that there are now of these ids."""

    event_id: str
    at: datetime
    people: Sequence[Sequence[str]]
    carried_over: int = 0


def merge_people(
    warehouse: Warehouse, log: EventLog, kept: str, other: str, by: str, reason: str, now: datetime
) -> Recorded:
    """Record that `other` is the same person as `kept`, whose id survives. IdentityError: it cannot be, or is so.

    `warehouse` holds the views. The moment is never before a split of the same two ids, whatever the clock says.
    """
    _check_words(by, reason)
    for each in (kept, other):
        _check_known(warehouse, each)
    links, splits = read_links(warehouse, "first_events")
    people = resolve_links(links, splits)
    if kept == other or people.person_of.get(kept, kept) == people.person_of.get(other, other):
        raise IdentityError(f"{other!r} and {kept!r} are one person already; see `tailorbird identity explain {kept}`")
    undone = [split.at for split in splits if {split.one, split.other} == {kept, other}]
    at = max([now, *(moment + _MOMENT for moment in undone)])
    event = _event(IDENTITIES_MERGED, other, kept, by, reason, at, now)
    log.append([event])
    after = resolve_links([*links, IdentityLink("merge", other, kept, at, at, 1, by, reason)], splits)
    return Recorded(event.message_id, at, _people_of(after, (kept, other)))


def merge_proposed(
    warehouse: Warehouse, log: EventLog, pairs: Sequence[tuple[str, str]], by: str, reason: str, now: datetime
) -> list[tuple[str, str]]:
    """Record merges of proposed pairs, the first id of each surviving; those that were recorded.

    A pair that is one person already is passed over, and so is one that an operator has split: a person's word weighs
    more than a probability.
    """
    _check_words(by, reason)
    for each in {each for pair in pairs for each in pair}:
        _check_known(warehouse, each)
    links, splits = read_links(warehouse, "first_events")
    parted = {frozenset((split.one, split.other)) for split in splits}
    events, merged = [], []
    for kept, other in pairs:
        people = resolve_links(links, splits)
        same = people.person_of.get(kept, kept) == people.person_of.get(other, other)
        if same or frozenset((kept, other)) in parted:
            continue
        events.append(_event(IDENTITIES_MERGED, other, kept, by, reason, now, now))
        links.append(IdentityLink("merge", other, kept, now, now, 1, by, reason))
        merged.append((kept, other))
    log.append(events)
    return merged


def split_people(
    warehouse: Warehouse,
    log: EventLog,
    suppressions: Suppressions,
    one: str,
    other: str,
    by: str,
    reason: str,
    now: datetime,
    channels: Sequence[str],
) -> Recorded:
    """Record that two ids are not one person: every alias and merge between them so far is undone.

    The people are then those that there would be without it. Only a no is carried over: what was said against mail
    while they were one was said by one of them, nobody knows which, and holds for both. IdentityError: nothing was said
    of just these two.
    """
    _check_words(by, reason)
    links, splits = read_links(warehouse, "first_events")
    judged = judge_links(links, splits)
    direct = [
        j.link for j in judged if {j.link.source, j.link.target} == {one, other} and not j.idle.startswith("split")
    ]
    before = resolve_links(links, splits)
    if not direct:
        raise IdentityError(_why_not(before, [j.link for j in judged if not j.idle], one, other))
    at = max([now, *(link.at + _MOMENT for link in direct)])
    event = _event(IDENTITIES_SPLIT, other, one, by, reason, at, now)
    carried = _said_no(warehouse, before, one, min(link.first_at for link in direct), at)
    log.append([event, *carried.events])
    for each in carried.silent:
        for channel in channels:
            suppressions.add(each, channel, "unsubscribed while merged with another id", at.isoformat())
    after = resolve_links(links, [*splits, IdentitySplit(other, one, at, by, reason)])
    return Recorded(event.message_id, at, _people_of(after, (one, other)), len(carried.events) + len(carried.silent))


@dataclass(frozen=True, slots=True)
class _Carried:
    events: Sequence[Event]
    silent: Sequence[str]


def _said_no(warehouse: Warehouse, people: People, one: str, since: datetime, until: datetime) -> _Carried:
    """The nos that were said between two moments under the surviving id, for the person's other ids."""
    person = people.person_of.get(one, one)
    others = [each for each in people.ids_of.get(person, ()) if each != person]
    span = " AND ".join(f"\"timestamp\" {test} TIMESTAMP '{_text(at)}'" for test, at in ((">=", since), ("<=", until)))
    spoken = f"FROM events WHERE user_id = {_quoted(person)} AND {span}"
    words = warehouse.rows(
        f"""SELECT message_id, j.key, "timestamp", received_at FROM (SELECT * {spoken} AND event = 'Consent Updated') e,
        json_each(json_extract(e.properties, '$.consents')) j WHERE CAST(j.value AS VARCHAR) <> 'true' ORDER BY 1, 2"""
    )
    events = [
        Event(
            "track",
            f"{IDENTITY_EVENT_PREFIX}{hashlib.sha256(f'{message_id}|{purpose}|{each}'.encode()).hexdigest()[:24]}",
            at.replace(tzinfo=UTC),
            received_at.replace(tzinfo=UTC),
            each,
            event="Consent Updated",
            properties={"consents": {purpose: False}, "carried_over_from": person},
        )
        for message_id, purpose, at, received_at in words
        for each in others
    ]
    left = warehouse.rows(f"SELECT 1 {spoken} AND event = 'Unsubscribed' LIMIT 1")
    return _Carried(events, others if left else ())


def _why_not(people: People, active: Sequence[IdentityLink], one: str, other: str) -> str:
    person = people.person_of.get(one, one)
    if one == other or person != people.person_of.get(other, other):
        return f"{one!r} and {other!r} are not one person, so there is nothing to undo"
    ids = set(people.ids_of.get(person, ()))
    between = ", ".join(f"{link.source} → {link.target}" for link in active if {link.source, link.target} <= ids)
    return f"nothing says directly that {one!r} and {other!r} are one person; undo one of these: {between}"


def _people_of(people: People, ids: Sequence[str]) -> list[tuple[str, ...]]:
    persons = dict.fromkeys(people.person_of.get(each, each) for each in ids)
    return [(person, *(each for each in people.ids_of.get(person, ()) if each != person)) for person in persons]


def _event(name: str, source: str, target: str, by: str, reason: str, at: datetime, now: datetime) -> Event:
    words = {"source": source, "target": target, "by": by, "reason": reason}
    digest = hashlib.sha256("\0".join([name, source, target, at.isoformat()]).encode()).hexdigest()[:24]
    return Event("track", IDENTITY_EVENT_PREFIX + digest, at, now, target, event=name, properties=words)


def _check_words(by: str, reason: str) -> None:
    if not by.strip() or not reason.strip():
        raise IdentityError("say who decides and why: --by and --reason, so that others can follow it later")


def _check_known(warehouse: Warehouse, each: str) -> None:
    if not warehouse.rows(f"SELECT 1 FROM first_events WHERE user_id = {_quoted(each)} LIMIT 1"):
        raise IdentityError(
            f"there is no user {each!r} in the events; an anonymous id is joined by an event with both ids"
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
