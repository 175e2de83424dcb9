"""What the online fold keeps of the rows of one feature: one tally per kind, all of them order-independent.

A tally's state is made of lists, dictionaries, texts and whole numbers, so that it can be stored as it is. Adding the
same rows in any order gives an equal state's answers; `merge` of two states is the state of the rows of both. A row is
(timestamp in microseconds, message_id, position, value). States are changed in place and returned.
"""

from typing import Any, Protocol

from tailorbird.stages.features.aggregates_sql import UNIT_US
from tailorbird.stages.features.scalars import double_of
from tailorbird.types.feature import FeatureDefinition

Row = tuple[int, str, int, Any]
_HIGH = 10**18


class Tally(Protocol):
    """One kind's way to count. `keyed`: whether message_id and position of a row matter to it."""

    keyed: bool

    def empty(self) -> Any:
        """The state of no rows."""

    def add(self, state: Any, row: Row) -> Any:
        """The state with one row more."""

    def merge(self, state: Any, other: Any) -> Any:
        """The state of the rows of both."""

    def result(self, state: Any, as_of_us: int) -> Any:
        """The feature's value before its default; None where there is none."""


class Count:
    """How many rows. State: the count."""

    keyed = False

    def empty(self) -> Any:
        return 0

    def add(self, state: Any, row: Row) -> Any:
        return state + 1

    def merge(self, state: Any, other: Any) -> Any:
        return state + other

    def result(self, state: Any, as_of_us: int) -> Any:
        return state


class Sum:
    """Sum or mean of numbers in millionths, which is exact. State: [high, low, how many], 64 bits each."""

    keyed = False

    def __init__(self, mean: bool) -> None:
        self._mean = mean

    def empty(self) -> Any:
        return [0, 0, 0]

    def add(self, state: Any, row: Row) -> Any:
        return self.merge(state, [0, row[3], 1])

    def merge(self, state: Any, other: Any) -> Any:
        carried, low = divmod(state[1] + other[1], _HIGH)
        return [state[0] + other[0] + carried, low, state[2] + other[2]]

    def result(self, state: Any, as_of_us: int) -> Any:
        high, low, rows = state
        if not rows:
            return None
        total = double_of(high * _HIGH + low)
        return total / rows if self._mean else total


class Extreme:
    """The value of the last or the first row. State: the row, [] before the first."""

    keyed = True

    def __init__(self, last: bool, number: bool) -> None:
        self._last, self._number = last, number

    def empty(self) -> Any:
        return []

    def add(self, state: Any, row: Row) -> Any:
        return list(row) if not state or (list(row[:3]) > state[:3]) == self._last else state

    def merge(self, state: Any, other: Any) -> Any:
        return self.add(state, tuple(other)) if other else state

    def result(self, state: Any, as_of_us: int) -> Any:
        if not state:
            return None
        return double_of(state[3]) if self._number else state[3]


class Since:
    """How long before the moment the last or the first row was. State: [timestamp], [] before the first."""

    keyed = False

    def __init__(self, definition: FeatureDefinition) -> None:
        self._pick = min if definition.pick == "first" else max
        self._unit_us = UNIT_US[definition.unit]

    def empty(self) -> Any:
        return []

    def add(self, state: Any, row: Row) -> Any:
        return [self._pick([row[0], *state])]

    def merge(self, state: Any, other: Any) -> Any:
        return [self._pick([*state, *other])] if state or other else []

    def result(self, state: Any, as_of_us: int) -> Any:
        return (as_of_us - state[0]) // self._unit_us if state else None


class Distinct:
    """How many different texts. State: a dictionary whose keys they are."""

    keyed = False

    def empty(self) -> Any:
        return {}

    def add(self, state: Any, row: Row) -> Any:
        state[row[3]] = 1
        return state

    def merge(self, state: Any, other: Any) -> Any:
        return {**state, **other}

    def result(self, state: Any, as_of_us: int) -> Any:
        return len(state)


class Frequent:
    """The most frequent texts, of equals the one of the later row first. State: text to [count, *latest row]."""

    keyed = True

    def __init__(self, k: int, listed: bool) -> None:
        self._k, self._listed = k, listed

    def empty(self) -> Any:
        return {}

    def add(self, state: Any, row: Row) -> Any:
        return self._count(state, row[3], 1, list(row[:3]))

    def merge(self, state: Any, other: Any) -> Any:
        for value, (count, *latest) in other.items():
            self._count(state, value, count, latest)
        return state

    def _count(self, state: Any, value: str, count: int, latest: list[Any]) -> Any:
        known = state.get(value)
        state[value] = [known[0] + count, *max(known[1:], latest)] if known else [count, *latest]
        return state

    def result(self, state: Any, as_of_us: int) -> Any:
        if not state:
            return None
        # Two values can share a row only where the row is a list's; then their positions differ.
        ranked = sorted(state, key=state.__getitem__, reverse=True)
        return tuple(ranked[: self._k]) if self._listed else ranked[0]


class Sessions:
    """Sessions. State: [start, end, rows, first row that has a landing or []] each, oldest first.

    All of them are kept, because a late event can join two: what is between them was then no silence.
    """

    def __init__(self, definition: FeatureDefinition) -> None:
        self.keyed = definition.measure == "landing"
        self._measure, self._current = definition.measure, definition.current
        self._gap_us = definition.gap_minutes * 60_000_000

    def empty(self) -> Any:
        return []

    def add(self, state: Any, row: Row) -> Any:
        landing = [] if row[3] is None else list(row)
        if not state or row[0] - state[-1][1] > self._gap_us:
            state.append([row[0], row[0], 1, landing])
            return state
        last = state[-1]
        if row[0] >= last[0]:
            # Nearly every event is the newest one, or of the newest session.
            last[1] = max(last[1], row[0])
            last[2] += 1
            last[3] = min((one for one in (last[3], landing) if one), default=[])
            return state
        return self.merge(state, [[row[0], row[0], 1, landing]])

    def merge(self, state: Any, other: Any) -> Any:
        joined: list[Any] = []
        for session in sorted([*state, *other], key=lambda session: int(session[0])):
            if joined and session[0] - joined[-1][1] <= self._gap_us:
                before = joined[-1]
                landings = [landing for landing in (before[3], session[3]) if landing]
                end = max(before[1], session[1])
                joined[-1] = [before[0], end, before[2] + session[2], min(landings, default=[])]
            else:
                joined.append(session)
        return joined

    def result(self, state: Any, as_of_us: int) -> Any:
        if self._measure == "count":
            return len(state)
        if not state or (self._current and as_of_us - state[-1][1] > self._gap_us):
            return None
        start, end, rows, landing = state[-1]
        if self._measure == "events":
            return rows
        if self._measure == "seconds":
            return (end - start) // 1_000_000
        return landing[3] if landing else None


class Windowed:
    """Any tally over the rows of a window that moves. State: the rows that a window can still reach."""

    def __init__(self, inner: Tally, hours: int) -> None:
        self.keyed = inner.keyed
        self._inner, self._window_us = inner, hours * 3_600_000_000

    def empty(self) -> Any:
        return []

    def add(self, state: Any, row: Row) -> Any:
        state.append(list(row) if self.keyed else [row[0], row[3]])
        return state

    def merge(self, state: Any, other: Any) -> Any:
        return [*state, *other]

    def pruned(self, state: Any, until_us: int) -> Any:
        """The state without the rows that no moment from `until_us` on can reach."""
        since = until_us - self._window_us
        return [row for row in state if row[0] >= since]

    def result(self, state: Any, as_of_us: int) -> Any:
        since = as_of_us - self._window_us
        inner = self._inner.empty()
        for row in state:
            if row[0] >= since:
                full = (row[0], row[1], row[2], row[3]) if self.keyed else (row[0], "", 0, row[1])
                inner = self._inner.add(inner, full)
        return self._inner.result(inner, as_of_us)
