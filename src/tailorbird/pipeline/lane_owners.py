"""Whose events the kept columns hold, and of whom they hold too much or too little, as the views say now."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.features.lane_runs import NOBODY, SHARED, Owners
from tailorbird.types.event_columns import ColumnPart

_PERIODS = "SELECT anonymous_id, epoch_us(since), epoch_us(until), person_id FROM identity_devices ORDER BY 1, 2"


def find_owners(warehouse: Warehouse, parts: Sequence[ColumnPart], person_ids: Sequence[str]) -> Owners:
    """The row in `person_ids` (ascending) of every key of the parts, by the tables of `resolve_identities`."""
    rows = _Rows(person_ids)
    of = np.concatenate([rows.of_users(part.ids) for part in parts])
    merged = warehouse.rows("SELECT id, person_id FROM identity_people")
    owned = warehouse.rows(_PERIODS)
    if not merged and not owned:
        return Owners(of)
    others = {"u" + each: rows.of(person) for each, person in merged}
    periods: dict[str, list[tuple[int, int, int]]] = {}
    for device, since, until, person in owned:
        periods.setdefault("a" + device, []).append((since, until, rows.of(person)))
    others |= {key: found[0][2] if len(found) == 1 else SHARED for key, found in periods.items()}
    keys = [key for part in parts for key in part.ids]
    shared = []
    for code, key in enumerate(keys):
        if key in others:
            of[code] = others[key]
            if others[key] == SHARED:
                shared += [(code, *period) for period in periods[key]]
    return Owners(of, shared)


class _Rows:
    """Where people stand in a list of theirs."""

    def __init__(self, person_ids: Sequence[str]) -> None:
        self._person_ids = person_ids
        self._keys = list(map("u".__add__, person_ids))
        self._rows: dict[str, int] = {}

    def of(self, person: str) -> int:
        """One person's row."""
        return self._all().get("u" + person, NOBODY)

    def of_users(self, keys: Sequence[str]) -> NDArray[np.int32]:
        """The rows of keys, in ascending order: devices, which are nobody's here, and users."""
        devices = bisect_left(keys, "u")
        # Mostly everybody is known by one id, and none by two.
        if keys[devices:] == self._keys:
            users = np.arange(len(self._keys), dtype=np.int32)
        else:
            users = np.fromiter(map(self._all().get, keys[devices:], repeat(NOBODY)), np.int32, len(keys) - devices)
        return np.concatenate([np.full(devices, NOBODY, np.int32), users])

    def _all(self) -> dict[str, int]:
        if not self._rows:
            self._rows = dict(zip(self._keys, range(len(self._keys)), strict=True))
        return self._rows


def counted_otherwise(
    warehouse: Warehouse, parts: Sequence[ColumnPart], excluded: frozenset[str], person_ids: Sequence[str]
) -> NDArray[np.bool_]:
    """Who has an event that counted when the columns were made and does not now, or the other way about."""
    unsure = np.zeros(len(person_ids), np.bool_)
    differing = excluded.symmetric_difference(message_id for part in parts for message_id in part.excluded)
    if differing:
        warehouse.load("counted_otherwise", {"message_id": sorted(differing)})
        row_of = {person: row for row, person in enumerate(person_ids)}
        for (person,) in warehouse.rows(
            "SELECT DISTINCT person_id FROM all_events WHERE message_id IN (SELECT message_id FROM counted_otherwise)"
        ):
            if person in row_of:
                unsure[row_of[person]] = True
    return unsure
