"""Identities: who is whom, resolved over the event log for everybody at once."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.identity.evidence_sql import (
    counts_query,
    devices_query,
    links_query,
    pairs_query,
    traits_query,
)
from tailorbird.stages.identity.links import resolve_links
from tailorbird.stages.identity.matches import MATCH_TRAITS, match_links, matched_of
from tailorbird.types.identity import IdentityLink, IdentitySplit, People
from tailorbird.types.settings import IdentitySettings


class Identities:
    """Which ids are one person, as known now: it may change while a run sends, and whoever asks gets the latest.

    An id that nothing was said of is a person of its own.
    """

    def __init__(self, people: People | None = None) -> None:
        self._people = people or People()

    @property
    def people(self) -> People:
        """The ids that are not alone."""
        return self._people

    def update(self, people: People) -> None:
        """From now on, `people` holds; equal people leave the object as it is."""
        if people != self._people:
            self._people = people

    def person_of(self, each: str) -> str:
        """The person to whom an id belongs."""
        return self._people.person_of.get(each, each)

    def ids_of(self, person_id: str) -> Sequence[str]:
        """Every id of the person to whom this id belongs."""
        person = self.person_of(person_id)
        return self._people.ids_of.get(person, (person,))

    def all_ids(self, person_ids: Iterable[str]) -> list[str]:
        """Every id of these people, each once."""
        return list(dict.fromkeys(each for person in person_ids for each in self.ids_of(person)))


def resolve_identities(
    warehouse: Warehouse,
    firsts: str,
    settings: IdentitySettings,
    identity: str = "identity",
    words: str | None = None,
    paired: str | None = None,
) -> People:
    """Make the tables `<identity>_people` (id, person_id) and `<identity>_devices` that `events_query` joins.

    `firsts` is a relation of events, each message_id once. The links between users are few and resolved here; devices
    are many and stay in the warehouse. `words` is a relation of the events that `words_query` finds in `firsts`, and
    `paired` a query of its pairs, where somebody has them already.
    """
    find_matches(warehouse, words or firsts, settings, identity)
    links, splits = read_links(warehouse, words or firsts, identity)
    people = resolve_links(links, splits)
    load_people(warehouse, people, identity)
    resolve_devices(warehouse, firsts, settings, identity, paired)
    return people


def resolve_devices(
    warehouse: Warehouse,
    firsts: str,
    settings: IdentitySettings,
    identity: str = "identity",
    paired: str | None = None,
) -> None:
    """Make the table `<identity>_devices`; `<identity>_people` is there.

    `paired` is a query of what `pairs_query` finds in `firsts`, where somebody has that already.
    """
    pairs, counts = f"{identity}_pairs", f"{identity}_counts"
    make = "CREATE OR REPLACE TABLE"
    warehouse.run(f"{make} {pairs} AS {paired or pairs_query(firsts)}")
    warehouse.run(f"{make} {counts} AS {counts_query(pairs, f'{identity}_people')}")
    owners = devices_query(firsts, counts, f"{identity}_people", settings.device_users_max)
    warehouse.run(f"{make} {identity}_devices AS {owners}")


def load_people(warehouse: Warehouse, people: People, identity: str = "identity") -> None:
    """Make the table `<identity>_people` of the ids that have become somebody else."""
    moved = [(each, person) for each, person in people.person_of.items() if each != person]
    columns = {"id": [each for each, _ in moved], "person_id": [person for _, person in moved]}
    warehouse.load(f"{identity}_people", columns)


def find_matches(warehouse: Warehouse, firsts: str, settings: IdentitySettings, identity: str = "identity") -> None:
    """Make the table `<identity>_matches` of links between users with one address; empty unless settings ask for it."""
    links: list[IdentityLink] = []
    if settings.match:
        said: dict[str, dict[str, tuple[datetime, object]]] = {}
        for user, name, text, at in warehouse.rows(traits_query(firsts, MATCH_TRAITS)):
            said.setdefault(user, {})[name] = (_utc(at), _value(text))
        matched = (
            (user, each)
            for user, traits in said.items()
            for each in matched_of(traits, settings.match, settings.match_verified)
        )
        links = match_links(matched, settings.device_users_max)
    columns = {
        "source": [link.source for link in links],
        "target": [link.target for link in links],
        "said_at": [link.at.isoformat() for link in links],
        "reason": [link.reason for link in links],
    }
    warehouse.load(f"{identity}_matches", columns)


def read_links(
    warehouse: Warehouse, firsts: str, identity: str = "identity"
) -> tuple[list[IdentityLink], list[IdentitySplit]]:
    """What says who is whom: aliases, merges and matches, and the splits that undo some of them."""
    matches = warehouse.rows(f"SELECT source, target, said_at, reason FROM {identity}_matches")
    links = [
        IdentityLink("match", source, target, at := datetime.fromisoformat(text), at, reason=reason)
        for source, target, text, reason in matches
    ]
    splits: list[IdentitySplit] = []
    for kind, source, target, at, first_at, count, by, reason in warehouse.rows(links_query(firsts)):
        if not source or not target or source == target:
            continue
        if kind == "split":
            splits.append(IdentitySplit(source, target, _utc(at), by or "", reason or ""))
        else:
            links.append(IdentityLink(kind, source, target, _utc(at), _utc(first_at), count, by or "", reason or ""))
    return links, splits


def read_identities(warehouse: Warehouse) -> Identities:
    """Who is whom by the views that `open_views` made."""
    ids_of: dict[str, list[str]] = {}
    for each, person in warehouse.rows("SELECT id, person_id FROM identity_people"):
        ids_of.setdefault(person, [person]).append(each)
    named = {person: tuple(sorted(ids)) for person, ids in ids_of.items()}
    return Identities(People({each: person for person, ids in named.items() for each in ids}, named))


def _value(text: str | None) -> object:
    try:
        return msgspec.json.decode(text or "null")
    except msgspec.DecodeError:
        return None


def _utc(moment: Any) -> Any:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
