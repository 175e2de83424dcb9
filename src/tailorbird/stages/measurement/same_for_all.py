"""'Treat everybody the same', the baseline that personalization has to beat, estimated from the logged draws."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from tailorbird.stages.measurement.confidence_sequence import ALPHA, half_width_factor, share_variance
from tailorbird.stages.measurement.strata import LineStratum
from tailorbird.types.readout import SameForAll

EFFECTIVE_PEOPLE_MIN = 200.0

Cell = dict[str, tuple[int, int]]
"""One stratum: {line: (people, conversions)}."""


def same_for_all(strata: Iterable[LineStratum], texts: Mapping[str, str], n_star: float) -> tuple[SameForAll, ...]:
    """Per block: what the line that most people could have got would have brought, had all of them got it.

    Inside a stratum everybody had the same chance of each line, so the plain mean of those who got it is the
    self-normalised inverse-propensity estimate. Strata are averaged by their size, and what the policy reached is
    averaged over the same ones. Below EFFECTIVE_PEOPLE_MIN effective people (Kish) no rate is given.
    """
    blocks: dict[str, dict[tuple[str, ...], dict[str, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    for row in strata:
        cell = blocks[row.block][row.stratum]
        people, orders = cell.get(row.key, (0, 0))
        cell[row.key] = (people + row.people, orders + row.conversions)
    out = []
    for block, by_stratum in blocks.items():
        reach: dict[str, int] = defaultdict(int)
        cells = [cell for cell in by_stratum.values() if len(cell) > 1]
        for cell in cells:
            for key in cell:
                reach[key] += sum(people for people, _ in cell.values())
        if reach:
            widest = max(sorted(reach), key=lambda key: reach[key])
            shared = [cell for cell in cells if widest in cell]
            out.append(_one_line(block, widest, texts.get(widest, widest), shared, n_star))
    return tuple(out)


def _one_line(block: str, line: str, text: str, cells: list[Cell], n_star: float) -> SameForAll:
    total = sum(people for cell in cells for people, _ in cell.values())
    policy = sum(orders for cell in cells for _, orders in cell.values()) / total
    rate = variance = squares = 0.0
    for cell in cells:
        size, won = sum(people for people, _ in cell.values()), sum(orders for _, orders in cell.values())
        people, orders = cell[line]
        weight = size / total
        rate += weight * orders / people
        squares += weight * weight / people
        # The line against the others of its stratum: the policy's rate holds the line's own people too.
        others = (size - people) / size
        chance = share_variance(won, size) * (1 / people + 1 / (size - people))
        variance += (weight * others) ** 2 * chance
    effective = 1 / squares
    if effective < EFFECTIVE_PEOPLE_MIN:
        why = f"{effective:,.0f} effective people saw it; {EFFECTIVE_PEOPLE_MIN:,.0f} are needed"
        return SameForAll(block, text, policy, None, effective, why=why)
    half = math.sqrt(variance) * half_width_factor(total, ALPHA, n_star)
    return SameForAll(block, text, policy, rate, effective, rate - policy - half, rate - policy + half)
