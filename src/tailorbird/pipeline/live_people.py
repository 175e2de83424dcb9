"""People as they are now: features and audiences of one person in microseconds, kept up to date by every event.

Most people did nothing since a moment ago. Their values come from a *snapshot*, computed for everybody at once by the
warehouse and packed; a value may be as old as its feature's `freshness` allows. Whoever has a new event is *moved*: the
person's own events are folded anew, so that a value holds at the moment of the question.
An event that changes who is whom (a login, an alias, a merge) moves everybody whom it touches. The next snapshot takes
them all in.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tailorbird.stages.features.definitions import freshness_seconds
from tailorbird.stages.features.fold import FeatureFold, FoldState
from tailorbird.stages.features.packing import PackedTable
from tailorbird.stages.features.withhold import features_of, kept_features, told_purposes, withhold_features
from tailorbird.stages.identity.graph import IdentityGraph
from tailorbird.types.event import Event
from tailorbird.types.feature import FeatureDefinition, Features, FeatureTable, RawFeatures
from tailorbird.types.settings import IdentitySettings

Consents = Mapping[str, bool]
FOLDED_AT_ONCE_MAX = 500
"""Folding costs some ten microseconds an event, and the most active people have most of the events: an import that
moves more people than this is taken in faster by a snapshot."""
_WITHHELD = "withheld by consent"  # no feature's name: they hold no blank


class EventSource(Protocol):
    """The events of a log, as they come in."""

    def poll(self) -> Iterator[Sequence[Event]]:
        """What is there and was not given before, at first everything. One event may come twice."""
        ...

    def of(self, ids: Collection[str]) -> Iterator[Event]:
        """Of everything given so far, the events that bear one of these user or anonymous ids, each once."""
        ...


@dataclass(frozen=True)
class LiveReader:
    """What the warehouse does for live people.

    `snapshot` computes everybody's features at a moment, withheld where consent asks for it. `look` reads the consents
    of a few people, in force at a moment, from all their events, and which of the events count (message ids: machine
    and test traffic does not). `silence` is what is in force for whoever has no profile.
    """

    snapshot: Callable[[datetime], FeatureTable]
    look: Callable[[Sequence[Event], datetime], tuple[Mapping[str, Consents], Collection[str]]]
    silence: Callable[[datetime], Consents]


@dataclass(frozen=True)
class _Moved:
    """Somebody with events that the snapshot lacks: the fold of all that count, and the round in which they came."""

    state: FoldState
    consents: Consents
    since: int


class LivePeople:
    """Everybody's features in this process. One thread refreshes; any thread reads."""

    def __init__(
        self,
        definitions: Sequence[FeatureDefinition],
        source: EventSource,
        reader: LiveReader,
        timezone: str = "UTC",
        identity: IdentitySettings | None = None,
    ) -> None:
        """FeatureError: a definition that cannot be computed."""
        self._definitions = definitions
        self._purposes = told_purposes(definitions)
        self._fold = FeatureFold(definitions, timezone)
        self._folded = {definition.name for definition in self._fold.definitions}
        self._fresh = min((timedelta(seconds=freshness_seconds(each)) for each in definitions), default=timedelta.max)
        by = identity or IdentitySettings()
        self._graph = IdentityGraph(by.device_users_max, by.match, by.match_verified)
        self._source, self._reader = source, reader
        self._lock = threading.Lock()
        self._folding = threading.Lock()
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._moved: dict[str, _Moved] = {}
        self._due: set[str] = set()
        self._rounds = 0
        self._packed = PackedTable([], {})
        self._taken_at: datetime | None = None

    @property
    def snapshot_life(self) -> timedelta:
        """How long a snapshot serves: as long as the shortest freshness of the features."""
        return self._fresh

    def begin(self, now: datetime) -> None:
        """Learn who is whom from everything there is, and take the first snapshot."""
        for events in self._source.poll():
            for event in events:
                self._graph.add(event)
        self.take_snapshot(now)

    def take_snapshot(self, now: datetime) -> None:
        """Compute everybody anew at `now`; whoever has no event since then is no longer moved."""
        before = self._rounds
        table = self._reader.snapshot(now)
        marks = [(name, marks) for name, marks in table.withheld.items()]
        hidden = [tuple(name for name, mark in marks if mark[row]) for row in range(len(table.person_ids))]
        packed = PackedTable(table.person_ids, {**table.columns, _WITHHELD: hidden})
        with self._lock:
            self._packed, self._taken_at = packed, now
            self._moved = {person: moved for person, moved in self._moved.items() if moved.since > before}

    def refresh(self, now: datetime) -> frozenset[str]:
        """Take in what is new; the people whom it moved. Where they are too many to fold, a snapshot takes them in.

        Where that fails, the next call takes in what this one did not.
        """
        with self._folding:
            self._take_in()
            moved = frozenset(self._due)
            if len(moved) <= FOLDED_AT_ONCE_MAX:
                self._fold_anew(moved, now)
                self._due.clear()
                return moved
        self.take_snapshot(now)
        self._due.clear()
        return moved

    def _take_in(self) -> None:
        """Remember the people of new events, and those whom these make somebody else: no event is given again."""
        self._rounds += 1
        for events in self._source.poll():
            with self._lock:
                for event in events:
                    self._due |= self._graph.add(event)
                self._due.update(map(self._person_of, events))

    def at_hand(self, person_id: str, now: datetime) -> Features | None:
        """One person's features, if they can be told without looking into the log."""
        with self._lock:
            moved = self._moved.get(person_id)
            if moved is not None:
                return self._from_events(person_id, moved, now)
            taken_at = self._taken_at
            if taken_at is None or now - taken_at > self._fresh:
                return None
            row = self._packed.row(person_id)
        return None if row is None else kept_features(person_id, taken_at, row, row.pop(_WITHHELD), self._purposes)

    def features(self, person_id: str, now: datetime) -> Features | None:
        """One person's features; None: nobody of that id."""
        if (found := self.at_hand(person_id, now)) is not None:
            return found
        with self._folding:  # a refresh that is under way may bring newer events of the same person
            self._fold_anew({person_id}, now)
        with self._lock:
            moved = self._moved.get(person_id)
            return None if moved is None else self._from_events(person_id, moved, now)

    def person_of(self, user_id: str | None, anonymous_id: str | None, now: datetime) -> str:
        """Who is meant by these ids now."""
        with self._lock:
            return self._graph.person_of(user_id, anonymous_id, now)

    def _person_of(self, event: Event) -> str:
        return self._graph.person_of(event.user_id, event.anonymous_id, event.timestamp)

    def _fold_anew(self, people: Collection[str], now: datetime) -> None:
        """Fold all events of these people that count; who has none is not moved."""
        if not people:
            return
        ids = frozenset().union(*map(self._graph.ids_of, people))
        events = [event for event in self._source.of(ids) if self._person_of(event) in people]
        consents, counted = self._reader.look(events, now) if events else ({}, ())
        silence = self._reader.silence(now)
        found: dict[str, _Moved] = {}
        for event in events:
            person = self._person_of(event)
            if event.message_id in counted:
                if person not in found:
                    found[person] = _Moved(self._fold.empty(), consents.get(person, silence), self._rounds)
                self._fold.add(found[person].state, event)
        with self._lock:
            for person in people:
                self._moved.pop(person, None)
            self._moved.update(found)

    def _from_events(self, person_id: str, moved: _Moved, now: datetime) -> Features:
        """The fold's values; those of features in SQL are the snapshot's, where it has any."""
        now = self._latest = max(now, self._latest)  # a clock that goes back asks again for where it was
        self._fold.settle(moved.state, now)
        values = self._fold.values(moved.state, now)
        row = self._packed.row(person_id) or {}
        columns = {each.name: [values.get(each.name, row.get(each.name))] for each in self._definitions}
        table = RawFeatures(now, [person_id], columns)
        return features_of(withhold_features(table, self._definitions, [moved.consents]), 0, self._definitions)
