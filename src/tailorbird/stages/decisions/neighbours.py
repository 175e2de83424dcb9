"""Items bought by the same people: cosine similarity over who bought what."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Neighbours:
    """For each item its `width` nearest others: `index` (items × width, -1 where there are fewer), `score` in [0, 1].

    `popularity` is each item's share of all (person, item) pairs.
    """

    index: NDArray[np.int64]
    score: NDArray[np.float64]
    popularity: NDArray[np.float64]


def find_neighbours(
    people: NDArray[np.int64], items: NDArray[np.int64], n_items: int, width: int = 30, per_person_max: int = 60
) -> Neighbours:
    """Neighbours from purchases, oldest first: `people[i]` bought `items[i]`.

    Similarity is co-buyers / sqrt(buyers × buyers) (item-based collaborative filtering, Sarwar et al. 2001). Of each
    person only the last `per_person_max` distinct items count, which bounds the pairs: a trade buyer of a thousand
    items would otherwise outweigh everybody.
    """
    people, items = _distinct_recent(people, items, n_items, per_person_max)
    buyers = np.bincount(items, minlength=n_items).astype(np.float64)
    popularity = buyers / max(buyers.sum(), 1.0)
    left, right = _pairs(people, items)
    codes, counts = np.unique(left * n_items + right, return_counts=True)
    left, right = codes // n_items, codes % n_items
    score = counts / np.sqrt(buyers[left] * buyers[right])
    order = np.lexsort((right, -score, left))
    left, right, score = left[order], right[order], score[order]
    starts = np.searchsorted(left, np.arange(n_items))
    rank = np.arange(len(left)) - starts[left] if len(left) else np.empty(0, dtype=np.int64)
    keep = rank < width
    index = np.full((n_items, width), -1, dtype=np.int64)
    table = np.zeros((n_items, width))
    index[left[keep], rank[keep]] = right[keep]
    table[left[keep], rank[keep]] = score[keep]
    return Neighbours(index, table, popularity)


def _distinct_recent(
    people: NDArray[np.int64], items: NDArray[np.int64], n_items: int, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The last purchase of each (person, item), at most `limit` per person, grouped by person, newest first."""
    position = np.arange(len(people))
    codes = people * n_items + items
    order = np.lexsort((-position, codes))
    first = np.ones(len(order), dtype=bool)
    first[1:] = codes[order][1:] != codes[order][:-1]
    kept = order[first]
    kept = kept[np.lexsort((-position[kept], people[kept]))]
    grouped = people[kept]
    starts = np.searchsorted(grouped, grouped)
    kept = kept[np.arange(len(kept)) - starts < limit]
    return people[kept], items[kept]


def _pairs(people: NDArray[np.int64], items: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All ordered pairs of different items within each person; `people` is grouped."""
    left, right = [], []
    size = np.bincount(people, minlength=1)[people] if len(people) else np.empty(0, dtype=np.int64)
    for shift in range(1, int(size.max()) if len(size) else 0):
        same = people[shift:] == people[:-shift]
        a, b = items[shift:][same], items[:-shift][same]
        left += [a, b]
        right += [b, a]
    if not left:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    return np.concatenate(left), np.concatenate(right)
