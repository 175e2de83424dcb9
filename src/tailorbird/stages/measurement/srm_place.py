"""Where a split is off: the strata, days and channels in which the arms are not as planned."""

import math
from collections import defaultdict
from collections.abc import Sequence

from tailorbird.stages.measurement.srm import split_p
from tailorbird.types.split_check import SplitCell, SplitPlace

PLACES_MAX = 8
LEVEL = 0.001


def add_cells(cells: Sequence[SplitCell]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """(people by arm, people planned by arm) of some cells; each counts with its own plan."""
    arms = len(cells[0].counts)
    counts = tuple(sum(cell.counts[arm] for cell in cells) for arm in range(arms))
    expected = tuple(math.fsum(sum(cell.counts) * cell.shares[arm] for cell in cells) for arm in range(arms))
    return counts, expected


def cells_p(cells: Sequence[SplitCell]) -> float | None:
    """The p of some cells together against their plans; None where they are nobody."""
    if not cells:
        return None
    counts, expected = add_cells(cells)
    total = sum(counts)
    return split_p(counts, [each / total for each in expected]) if total else None


def find_places(cells: Sequence[SplitCell], level: float = LEVEL) -> tuple[SplitPlace, ...]:
    """The parts of the people that are not as planned, each with what is left without it, the most unlikely first.

    Each value of each dimension is a part of its own. Its p counts `parts` times (Bonferroni), because as many were
    looked at; those at or above `level` are left out. A dimension with one value cannot say where, and is left out.
    """
    parts: dict[str, dict[str, list[SplitCell]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        for dimension, value in (("day", cell.day), *cell.values.items()):
            parts[dimension][value].append(cell)
    told = {dimension: values for dimension, values in parts.items() if len(values) > 1}
    looked_at = sum(len(values) for values in told.values())
    found = []
    for dimension, values in told.items():
        for value, inside in values.items():
            p = cells_p(inside)
            if p is not None and p * looked_at < level:
                rest = [cell for other, those in values.items() if other != value for cell in those]
                counts, expected = add_cells(inside)
                found.append(SplitPlace(dimension, value, counts, expected, p * looked_at, cells_p(rest)))
    found.sort(key=lambda place: (place.p, -(place.rest_p or 0.0), place.dimension, place.value))
    return tuple(found[:PLACES_MAX])
