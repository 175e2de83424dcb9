"""Items bought by the same people, together and one after the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SAME_BASKET_DAYS = 1 / 24


@dataclass(frozen=True)
class Neighbours:
    """For each item its `width` nearest others: `index` (items × width, -1 where there are fewer) and `score` (above
    0, the nearest first). They lead one way: from an item that was bought to one that may be next."""

    index: NDArray[np.int64]
    score: NDArray[np.float64]


def find_neighbours(
    people: NDArray[np.int64],
    items: NDArray[np.int64],
    days: NDArray[np.float64],
    n_items: int,
    boost: NDArray[np.float64] | None = None,
    width: int = 50,
    per_person_max: int = 30,
    earlier: float = 0.5,
) -> Neighbours:
    """Neighbours from purchases, oldest first: `people[i]` bought `items[i]` on `days[i]`.

    score(i → j) = boost_j · Σ w / (buyers_i^0.4 · buyers_j^0.5) over the people who bought both; w is 1 where j was
    bought with i or after it, and `earlier` where it was bought before; people of n items weigh n^-0.5. This is
    item-based collaborative filtering (Sarwar et al. 2001; the exponents and the weight of people after Deshpande and
    Karypis 2004) with a direction. Of each person only the last `per_person_max` distinct items count: a trade buyer
    of a thousand items would otherwise outweigh everybody.
    """
    people, items, days = _distinct_recent(people, items, days, n_items, per_person_max)
    left, right, weight = _pair_weights(people, items, days, n_items, earlier)
    buyers = np.maximum(np.bincount(items, minlength=n_items), 1).astype(np.float64)
    into = buyers**-0.5 if boost is None else buyers**-0.5 * boost
    score = weight * (buyers**-0.4)[left] * into[right]
    # One sort by item and falling score: the score is the part behind the point, exact to 2^-32 of the greatest.
    falling = ((1.0 - score / score.max(initial=1e-300)) * 2**32).astype(np.int64)
    order = np.argsort((left << 33) + falling, kind="stable")
    right, score = right[order], score[order]
    count = np.bincount(left, minlength=n_items)
    rank = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    keep = rank < width
    index, table = np.full((n_items, width), -1, dtype=np.int64), np.zeros((n_items, width))
    index[left[keep], rank[keep]] = right[keep]
    table[left[keep], rank[keep]] = score[keep]
    return Neighbours(index, table)


def _distinct_recent(
    people: NDArray[np.int64], items: NDArray[np.int64], days: NDArray[np.float64], n_items: int, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The last purchase of each (person, item), at most `limit` per person, grouped by person, newest first."""
    position = np.arange(len(people))
    codes = people * n_items + items
    order = np.argsort(codes, kind="stable")
    last = np.ones(len(order), dtype=bool)
    last[:-1] = codes[order][1:] != codes[order][:-1]
    kept = order[last]
    kept = kept[np.lexsort((-position[kept], people[kept]))]
    grouped = people[kept]
    kept = kept[np.arange(len(kept)) - np.searchsorted(grouped, grouped) < limit]
    return people[kept], items[kept], days[kept]


def _pair_weights(
    people: NDArray[np.int64], items: NDArray[np.int64], days: NDArray[np.float64], n_items: int, earlier: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """(from, to, summed weight) of every ordered pair of different items that some person bought; `people` is grouped,
    newest purchase first.

    A pair is one number (from, to, how many items the person has, whether it leads back), each in bits of its own, so
    that one sort brings equal pairs together and nothing is divided.
    """
    size = np.bincount(people, minlength=1)[people] if len(people) else np.empty(0, dtype=np.int64)
    most = int(size.max(initial=0)) + 1
    low, wide = (2 * most).bit_length(), max(n_items - 1, 1).bit_length()
    packed: list[NDArray[np.int64]] = []
    for shift in range(1, most - 1):
        at = np.flatnonzero(people[shift:] == people[:-shift])
        after, before, many = items[at], items[at + shift], size[at] * 2
        apart = days[at] - days[at + shift] >= _SAME_BASKET_DAYS
        packed += [
            ((before << wide | after) << low) + many,
            ((after << wide | before) << low) + many + apart,
        ]
    pairs = np.sort(np.concatenate(packed)) if packed else np.empty(0, dtype=np.int64)
    code, kind = pairs >> low, pairs & ((1 << low) - 1)
    first = np.ones(len(code), dtype=bool)
    first[1:] = code[1:] != code[:-1]
    starts = np.flatnonzero(first)
    worth = np.maximum(np.arange(2 * most) // 2, 1) ** -0.5 * np.where(np.arange(2 * most) % 2, earlier, 1.0)
    weight = np.add.reduceat(worth[kind], starts) if len(starts) else np.empty(0)
    return code[starts] >> wide, code[starts] & ((1 << wide) - 1), weight
