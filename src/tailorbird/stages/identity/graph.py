"""Who is whom, live: the same people as the warehouse finds, from events one at a time, in any order."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from tailorbird.stages.identity.links import resolve_links
from tailorbird.stages.identity.matches import MATCH_TRAITS, Matched, group_links, matched_of
from tailorbird.types.event import Event
from tailorbird.types.identity import IDENTITIES_MERGED, IDENTITIES_SPLIT, IdentityLink, IdentitySplit
from tailorbird.types.reserved import ANONYMOUS_PREFIX, IDENTITY_EVENT_PREFIX

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class IdentityGraph:
    """Fed with every event once (each message_id once), it answers `person_of` as `events_query` does.

    Links are kept by id: a new one makes the ids that hang together be resolved again, and nobody else. Of each device
    it keeps who was identified on it and when, 8 bytes an identification, so that a late event changes exactly what it
    would have changed in time. `match` and `verified` are the project's `identity.match` and `match_verified`.
    """

    def __init__(self, device_users_max: int = 5, match: Sequence[str] = (), verified: bool = True) -> None:
        self._users_max, self._match, self._verified = device_users_max, match, verified
        self._said: dict[str, dict[str, tuple[datetime, object]]] = {}
        self._matched: dict[str, tuple[Matched, ...]] = {}
        self._groups: dict[tuple[str, str], dict[str, datetime]] = {}
        self._links: dict[str, dict[tuple[str, ...], IdentityLink]] = {}
        self._splits: dict[str, dict[tuple[str, ...], IdentitySplit]] = {}
        self._person_of: dict[str, str] = {}
        self._devices: dict[str, dict[str, array[int]]] = {}
        self._devices_of: dict[str, set[str]] = {}

    def add(self, event: Event) -> frozenset[str]:
        """Take in one event; the persons whose events may belong to somebody else since, before and after.

        Nobody, for nearly every event. Anonymous persons are among them as 'anon:' and their id.
        """
        touched: set[str] = set()
        if event.user_id is not None and event.anonymous_id is not None:
            touched |= self._identify(event.anonymous_id, event.user_id, event.timestamp)
            if event.type == "alias" and event.user_id != event.anonymous_id:
                touched |= self._alias(event.anonymous_id, event.user_id, event.timestamp)
        if self._match and event.type == "identify" and event.user_id is not None:
            touched |= self._tell(event.user_id, event.traits, event.timestamp)
        elif event.type == "track" and event.message_id.startswith(IDENTITY_EVENT_PREFIX):
            touched |= self._hear(event)
        return frozenset(touched)

    def person_of(self, user_id: str | None, anonymous_id: str | None, timestamp: datetime) -> str:
        """The person of an event with these ids at this moment, by all that is known now."""
        if user_id is not None:
            return self._person_of.get(user_id, user_id)
        device = anonymous_id or ""
        return self._owner(device, _micros(timestamp)) or ANONYMOUS_PREFIX + device

    def owners_of(self, anonymous_id: str) -> frozenset[str]:
        """The people who were identified on a device."""
        return frozenset(self._person_of.get(user, user) for user in self._devices.get(anonymous_id, ()))

    def ids_of(self, person_id: str) -> frozenset[str]:
        """Every id that events of this person may bear: the person's names, and the devices somebody of them was on."""
        if person_id.startswith(ANONYMOUS_PREFIX):
            return frozenset((person_id.removeprefix(ANONYMOUS_PREFIX),))
        near, _ = self._near((person_id,))
        names = {each for each in near if self._person_of.get(each, each) == person_id}
        return frozenset(names.union(*(self._devices_of.get(name, ()) for name in names)))

    def _identify(self, device: str, user: str, moment: datetime) -> set[str]:
        users = self._devices.setdefault(device, {})
        before = self.owners_of(device)
        times, at = users.setdefault(user, array("q")), _micros(moment)
        self._devices_of.setdefault(user, set()).add(device)
        place = bisect_left(times, at)
        if place < len(times) and times[place] == at:
            return set()
        times.insert(place, at)
        after = self.owners_of(device)
        # On a device with one person, and among identifications in order, nothing that happened before moves.
        return set() if before == after and len(after) == 1 else {*before, *after, ANONYMOUS_PREFIX + device}

    def _alias(self, former: str, user: str, moment: datetime) -> set[str]:
        at = moment.astimezone(UTC)
        key = ("alias", former, user)
        known = self._links.get(former, {}).get(key)
        if known is None:
            link = IdentityLink("alias", former, user, at, at)
        else:
            first, last = min(known.first_at, at), max(known.at, at)
            link = IdentityLink("alias", former, user, last, first, known.count + 1)
        return self._link(key, link)

    def _hear(self, event: Event) -> set[str]:
        source, target, by, reason = (
            _text(event.properties.get(name)) for name in ("source", "target", "by", "reason")
        )
        if not source or not target or source == target:
            return set()
        at = event.timestamp.astimezone(UTC)
        if event.event == IDENTITIES_MERGED:
            key = ("merge", source, target, event.message_id)
            return self._link(key, IdentityLink("merge", source, target, at, at, 1, by, reason))
        if event.event == IDENTITIES_SPLIT:
            split = IdentitySplit(source, target, at, by, reason)
            for each in (source, target):
                self._splits.setdefault(each, {})["split", event.message_id] = split
            return self._resolve((source, target))
        return set()

    def _tell(self, user: str, traits: Mapping[str, object], moment: datetime) -> set[str]:
        """Take in what was said of a user's addresses, and match anew who shares one, before or now."""
        said, at = self._said.setdefault(user, {}), moment.astimezone(UTC)
        for name in MATCH_TRAITS:
            if name in traits and (name not in said or _later((at, traits[name]), said[name])):
                said[name] = (at, traits[name])
        before, now = self._matched.get(user, ()), matched_of(said, self._match, self._verified)
        if before == now:
            return set()
        self._matched[user] = now
        near = {user}
        for each in before:
            near |= self._unmatch(each)
            self._groups[each.field, each.value].pop(user, None)
        for each in now:
            near |= self._unmatch(each)
            self._groups.setdefault((each.field, each.value), {})[user] = each.at
        for each in {*before, *now}:
            for link in group_links(each.field, self._groups[each.field, each.value], self._users_max):
                for end in (link.source, link.target):
                    self._links.setdefault(end, {})["match", each.field, each.value, link.source] = link
                    near.add(end)
        return self._resolve(near)

    def _unmatch(self, each: Matched) -> set[str]:
        """Drop the links of everybody with an address; whom they linked."""
        users = self._groups.get((each.field, each.value), {})
        for link in group_links(each.field, users, self._users_max):
            for end in (link.source, link.target):
                self._links[end].pop(("match", each.field, each.value, link.source), None)
        return set(users) if len(users) <= self._users_max else set()

    def _link(self, key: tuple[str, ...], link: IdentityLink) -> set[str]:
        for each in (link.source, link.target):
            self._links.setdefault(each, {})[key] = link
        return self._resolve((link.source, link.target))

    def _resolve(self, ids: Iterable[str]) -> set[str]:
        """Resolve anew all that hangs together with `ids`, and tell which persons that changes."""
        near, links = self._near(ids)
        splits = {key: split for each in near for key, split in self._splits.get(each, {}).items()}
        people = resolve_links(links, splits.values())
        touched: set[str] = set()
        for each in near:
            before, after = self._person_of.get(each, each), people.person_of.get(each, each)
            if before != after:
                touched |= {before, after}
                touched |= {ANONYMOUS_PREFIX + device for device in self._devices_of.get(each, ())}
                touched |= {owner for device in self._devices_of.get(each, ()) for owner in self.owners_of(device)}
            if after == each:
                self._person_of.pop(each, None)
            else:
                self._person_of[each] = after
        return touched

    def _near(self, ids: Iterable[str]) -> tuple[set[str], list[IdentityLink]]:
        """Every id that links lead to, also links that do not count now, and those links."""
        near, found = set(ids), {}
        waiting = list(near)
        while waiting:
            for key, link in self._links.get(waiting.pop(), {}).items():
                found[key] = link
                for each in (link.source, link.target):
                    if each not in near:
                        near.add(each)
                        waiting.append(each)
        return near, list(found.values())

    def _owner(self, device: str, at: int) -> str | None:
        users = self._devices.get(device)
        if not users:
            return None
        owners = self.owners_of(device)
        if len(owners) == 1:
            return next(iter(owners))
        if len(owners) > self._users_max:
            return None
        moments = [
            (times[place - 1], self._person_of.get(user, user))
            for user, times in users.items()
            if (place := bisect_right(times, at))
        ]
        if moments:
            return max(moments)[1]
        first = min(times[0] for times in users.values())
        return max(self._person_of.get(user, user) for user, times in users.items() if times[0] == first)


def _micros(moment: datetime) -> int:
    return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND


def _later(one: tuple[datetime, object], other: tuple[datetime, object]) -> bool:
    """Whether a word is the later one; at equal times the one whose JSON is the greater text, as in the warehouse."""
    return (one[0], msgspec.json.encode(one[1])) > (other[0], msgspec.json.encode(other[1]))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
