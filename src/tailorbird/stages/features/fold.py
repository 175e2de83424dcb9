"""The online fold: a person's features from events one by one, equal to the compiled SQL at every moment.

Events come in any order, and late ones count where they belong. One event must be added once: duplicates, by
message_id, are removed before. A `FoldState` is settled up to a moment `until`: what happened before it is summed up,
what windows no longer reach is dropped, and everything later waits. `values` answers for every moment from `until`
on, also where events with later timestamps are known already. Features in SQL are not folded: they come from the
warehouse, as old as their `freshness` allows.

Two states of different events of one person merge to the state of all of them: new segments are folded apart and
merged into a snapshot, and people who turn out to be one are merged the same way. A person is one state: removing the
person is removing it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from tailorbird.stages.features.compile import default_of, ratio_of
from tailorbird.stages.features.definitions import check_definitions, value_type, window_hours
from tailorbird.stages.features.readers import Reader, micros_since_epoch, reader_of
from tailorbird.stages.features.tallies import (
    Count,
    Distinct,
    Extreme,
    Frequent,
    Row,
    Sessions,
    Since,
    Sum,
    Tally,
    Windowed,
)
from tailorbird.types.event import Event
from tailorbird.types.feature import FeatureDefinition

_LONG_AGO_US = -(2**62)


class FoldState(msgspec.Struct, array_like=True):
    """What is known of one person. `waiting` are (timestamp, message_id, [(slot, position, value), ...]) per event."""

    until_us: int
    tallies: list[Any]
    waiting: list[tuple[int, str, list[tuple[int, int, Any]]]]


class FeatureFold:
    """Folds events into states by a set of definitions; a state belongs to the fold that made it."""

    def __init__(self, definitions: Sequence[FeatureDefinition], timezone: str = "UTC") -> None:
        """`timezone` is the zone of local times where an event has none. FeatureError as for `compile_features`."""
        check_definitions(definitions)
        self.definitions = tuple(definition for definition in definitions if definition.kind != "sql")
        self._folded = [definition for definition in self.definitions if definition.kind != "ratio"]
        written = {definition.name for definition in definitions if definition.kind == "sql"}
        # A ratio of what is not folded is not folded either.
        self.definitions = tuple(d for d in self.definitions if not {d.numerator, d.denominator} & written)
        self._tallies = [_tally_of(definition) for definition in self._folded]
        self._readers: dict[str | None, list[tuple[int, Reader]]] = {}
        for slot, definition in enumerate(self._folded):
            self._readers.setdefault(definition.event, []).append((slot, reader_of(definition, timezone)))

    def empty(self) -> FoldState:
        """The state of a person of whom nothing happened yet."""
        return FoldState(_LONG_AGO_US, [tally.empty() for tally in self._tallies], [])

    def add(self, state: FoldState, event: Event) -> None:
        """Fold one event of the person in."""
        read = list(self._readers.get(None, ()))
        if event.event is not None:
            read += self._readers.get(event.event, ())
        rows = [(slot, position, value) for slot, reader in read for position, value in reader(event)]
        if not rows:
            return
        entry = (micros_since_epoch(event.timestamp), event.message_id, rows)
        if entry[0] < state.until_us:
            self._sum_up(state, entry)
        else:
            state.waiting.append(entry)

    def settle(self, state: FoldState, until: datetime) -> None:
        """Sum up what happened before `until`: earlier moments can no longer be asked for, later ones cost less."""
        self._settle(state, micros_since_epoch(until))

    def values(self, state: FoldState, as_of: datetime) -> dict[str, Any]:
        """Every feature by name, None where it is missing. ValueError: `as_of` is before what the state is settled to.

        Events at `as_of` itself do not count. The state is not changed.
        """
        moment_us = micros_since_epoch(as_of)
        if moment_us < state.until_us:
            raise ValueError("the state is settled to a later moment than the one that is asked for")
        if any(entry[0] < moment_us for entry in state.waiting):
            state = self.decode(self.encode(state))
            self._settle(state, moment_us)
        found: dict[str, Any] = {}
        for definition, tally, kept in zip(self._folded, self._tallies, state.tallies, strict=True):
            value = tally.result(kept, moment_us)
            found[definition.name] = default_of(definition) if value is None else value
        for definition in self.definitions:
            if definition.kind == "ratio":
                over, under = found[str(definition.numerator)], found[str(definition.denominator)]
                found[definition.name] = ratio_of(definition, over, under)
        return {definition.name: found[definition.name] for definition in self.definitions}

    def merge(self, state: FoldState, other: FoldState) -> FoldState:
        """The state of the events of both, settled as far as either is. Neither is changed."""
        until_us = max(state.until_us, other.until_us)
        one, two = (self.decode(self.encode(each)) for each in (state, other))
        for each in (one, two):
            self._settle(each, until_us)
        merged = [t.merge(a, b) for t, a, b in zip(self._tallies, one.tallies, two.tallies, strict=True)]
        return FoldState(until_us, merged, [*one.waiting, *two.waiting])

    def encode(self, state: FoldState) -> bytes:
        """The state as bytes."""
        return msgspec.msgpack.encode(state)

    def decode(self, data: bytes) -> FoldState:
        """The state that `encode` wrote."""
        return msgspec.msgpack.decode(data, type=FoldState)

    def _settle(self, state: FoldState, until_us: int) -> None:
        if until_us <= state.until_us:
            return
        state.until_us = until_us
        waiting, state.waiting = state.waiting, []
        for entry in waiting:
            if entry[0] < until_us:
                self._sum_up(state, entry)
            else:
                state.waiting.append(entry)
        for slot, tally in enumerate(self._tallies):
            if isinstance(tally, Windowed):
                state.tallies[slot] = tally.pruned(state.tallies[slot], until_us)

    def _sum_up(self, state: FoldState, entry: tuple[int, str, list[tuple[int, int, Any]]]) -> None:
        timestamp_us, message_id, rows = entry
        for slot, position, value in rows:
            row: Row = (timestamp_us, message_id, position, value)
            state.tallies[slot] = self._tallies[slot].add(state.tallies[slot], row)


def _tally_of(definition: FeatureDefinition) -> Tally:
    tally: Tally
    match definition.kind:
        case "count":
            tally = Count()
        case "sum" | "mean":
            tally = Sum(mean=definition.kind == "mean")
        case "last" | "first":
            tally = Extreme(definition.kind == "last", value_type(definition) == "number")
        case "recency" | "days_since":
            tally = Since(definition)
        case "distinct":
            tally = Distinct()
        case "session":
            tally = Sessions(definition)
        case "place" if definition.pick == "last":
            tally = Extreme(last=True, number=False)
        case _:
            listed = value_type(definition) == "list"
            tally = Frequent(definition.k if listed else 1, listed)
    hours = window_hours(definition)
    return tally if hours is None else Windowed(tally, hours)
