"""Which arm a unit is in: by hash for whoever comes, or by blocks within strata for people who are known at once.

Both give each unit each arm with the probability of its share. By hash, the counts vary as chance has it; by blocks,
every stratum has its share of every arm, rounded up or down by chance, so that a lift is not that of the stratum. Who
has an arm already keeps it: `keep_arms` puts those over what was drawn.
"""

import hashlib
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.assignment.buckets import BUCKETS, bucket_of, buckets_of


def shares_of(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights as shares that add up to 1. Raises ValueError for a weight that is not above 0 or no number."""
    for arm, weight in weights.items():
        if not 0 < weight < float("inf"):
            raise ValueError(f"arm {arm!r} has the weight {weight:g}; it must be above 0")
    total = sum(weights.values())
    return {arm: weight / total for arm, weight in weights.items()}


def _ends(shares: Mapping[str, float]) -> NDArray[np.float64]:
    ends = np.cumsum(np.fromiter(shares.values(), dtype=np.float64))
    ends[-1] = 1.0
    return ends


def draw_arm(unit: str, salt: str, shares: Mapping[str, float]) -> str:
    """One unit's arm by its bucket: the arms follow each other in the mapping's order, each as wide as its share."""
    place = (bucket_of(unit, salt) + 0.5) / BUCKETS
    return list(shares)[int(np.searchsorted(_ends(shares), place, side="right"))]


def draw_arms(units: Sequence[str], salt: str, shares: Mapping[str, float]) -> list[str]:
    """Many units' arms by hash: equal to `draw_arm` for each. `shares` add up to 1."""
    names = list(shares)
    places = (buckets_of(units, salt) + 0.5) / BUCKETS
    return [names[at] for at in np.searchsorted(_ends(shares), places, side="right").tolist()]


def block_arms(units: Sequence[str], strata: Sequence[Hashable], salt: str, shares: Mapping[str, float]) -> list[str]:
    """Units' arms by blocked randomisation within strata.

    A stratum's units are shuffled by hash; the one at place i of n takes the arm in which (i + u) / n falls, u being
    one number per stratum, from its hash. So each arm has its share of every stratum, one unit more or less, and every
    unit has each arm with the probability of its share (systematic sampling of a random order). The order in which the
    units come does not matter, but who else is in the block does: an arm that was drawn has to be remembered.
    """
    names, ends = list(shares), _ends(shares)
    members: dict[Hashable, list[int]] = {}
    for at, stratum in enumerate(strata):
        members.setdefault(stratum, []).append(at)
    arms = [""] * len(units)
    for stratum, rows in members.items():
        shuffled = sorted(rows, key=lambda at: (_fraction(f"{salt}|{units[at]}"), units[at]))
        offset = _fraction(f"{salt}|stratum|{stratum!r}")
        places = (np.arange(len(rows)) + offset) / len(rows)
        for at, arm in zip(shuffled, np.searchsorted(ends, places, side="right").tolist(), strict=True):
            arms[at] = names[arm]
    return arms


def keep_arms(drawn: Sequence[str], earlier: Sequence[str | None]) -> list[str]:
    """What was drawn, but for units that have an arm already (None: they have none)."""
    return [before or arm for arm, before in zip(drawn, earlier, strict=True)]


def _fraction(text: str) -> float:
    """A number in [0, 1) from a text's hash: 53 bits of SHA-256."""
    return (int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 11) * 2.0**-53
