"""Which arm a unit is in: by hash for whoever comes, or by blocks within strata for people who are known at once.

Both give each unit each arm with the probability of its share. By hash, the counts vary as chance has it; by blocks,
every stratum has its share of every arm, rounded up or down by chance, so that a lift is not that of the stratum. Who
has an arm already keeps it: `keep_arms` puts those over what was drawn.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.assignment.places import PLACES, place_of, places_of, turn_of, unit_hash, unit_hashes


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


def arm_ranges(shares: Mapping[str, float], coverage: float = 1.0) -> tuple[list[int], tuple[str, ...]]:
    """(where each range of places ends, the arm of each range); the last range has no end. `shares` add up to 1.

    The arms follow each other in the mapping's order, each as wide as its share, of which `coverage` is the arm's and
    the rest nobody's ('').
    """
    ends: list[int] = []
    arms: list[str] = []
    before, last = 0.0, len(shares) - 1
    for number, (arm, share) in enumerate(shares.items()):
        after = 1.0 if number == last else before + share
        for end, name in ((before + (after - before) * coverage, arm), (after, "")):
            ends.append(round(end * PLACES))
            arms.append(name)
        before = after
    inside = [at for at, end in enumerate(ends) if end < PLACES]
    return [ends[at] for at in inside], (*(arms[at] for at in inside), arms[len(inside)])


def draw_arm(unit: str, salt: str, shares: Mapping[str, float]) -> str:
    """One unit's arm by its place in the split of `salt`; `shares` add up to 1."""
    ends, arms = arm_ranges(shares)
    return arms[bisect_right(ends, place_of(unit_hash(unit), turn_of(salt)))]


def draw_arms(units: Sequence[str], salt: str, shares: Mapping[str, float]) -> list[str]:
    """Many units' arms: equal to `draw_arm` for each."""
    ends, arms = arm_ranges(shares)
    places = places_of(unit_hashes(units), turn_of(salt))
    return [arms[at] for at in np.searchsorted(np.array(ends, dtype=np.uint64), places, side="right").tolist()]


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
