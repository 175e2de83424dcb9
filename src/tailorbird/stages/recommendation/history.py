"""Who bought what, newest first: what recommenders are asked about."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.recommendation import Bought, Shoppers

RECENT_MAX = 60
"""So many of a person's last purchases count."""


@dataclass(frozen=True)
class History:
    """Purchases grouped by person, newest first. Those of person i are from `starts[i]` to `starts[i + 1]`."""

    starts: NDArray[np.int64]
    items: NDArray[np.int64]
    days: NDArray[np.float64]
    cells: NDArray[np.int64]
    as_of: float

    @classmethod
    def build(cls, bought: Bought, n_people: int, cells: NDArray[np.int64], as_of: float) -> "History":
        """Group purchases, oldest first, of `n_people` people; `cells` (people,) is each one's cell."""
        newest = np.lexsort((-np.arange(len(bought.people)), bought.people))
        counts = np.bincount(bought.people, minlength=n_people)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(starts, bought.items[newest], bought.days[newest], cells, as_of)

    def shoppers(self, people: Sequence[int] | NDArray[np.int64]) -> Shoppers:
        """The last purchases of these people, at most 60 of each."""
        rows = np.asarray(people, dtype=np.int64)
        count = np.minimum(self.starts[rows + 1] - self.starts[rows], RECENT_MAX)
        at = np.arange(int(count.max(initial=1)))
        there = at[None, :] < count[:, None]
        place = np.where(there, self.starts[rows][:, None] + at[None, :], 0)
        if len(self.items) == 0:
            return Shoppers(np.full(place.shape, -1), np.zeros(place.shape), self.cells[rows])
        ages = np.where(there, np.maximum(self.as_of - self.days[place], 0.0), 0.0)
        return Shoppers(np.where(there, self.items[place], -1), ages, self.cells[rows])

    def last_items(self, people: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """The item that each of these people bought last, -1 for none."""
        rows = np.asarray(people, dtype=np.int64)
        some = self.starts[rows + 1] > self.starts[rows]
        if len(self.items) == 0:
            return np.full(len(rows), -1, dtype=np.int64)
        return np.where(some, self.items[np.where(some, self.starts[rows], 0)], -1)
