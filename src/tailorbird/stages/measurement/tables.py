"""Tables per creative and per tag: rates that may be compared, with intervals, and shrunk.

Lines are held against the others that the same people could have got (`strata`), never rate against rate. The best of
many lines is partly the luckiest. Each rate is therefore also shrunk toward the mean of its block by empirical Bayes:
a beta prior whose mean is the block's own rate and whose strength is what the spread between the lines, beyond
chance, supports. Few exposures or little real spread: all lines move close to the mean.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tailorbird.stages.measurement.confidence_sequence import ALPHA, half_width_factor
from tailorbird.stages.measurement.strata import LineStratum, Reward, Standardised, block_rates, standardise
from tailorbird.types.creative import Creative
from tailorbird.types.readout import CountRow, Rate, RateRow

STRENGTH_LOW, STRENGTH_HIGH = 20.0, 2000.0
EXPECTED_MIN = 5.0
"""Expected successes below which a line gets no interval: its counts are too far from normal. In seeded simulations of
equal lines (2 to 40 of them, base rates 1 to 16 %, one to five cells, 14 looks), 2 % at most of the tables then held
a line that seemed to stand out; without the floor up to 30 % did."""
UNTAGGED = "(none)"


def prior_strength(successes: Sequence[float], exposures: Sequence[float]) -> float:
    """How many exposures the block's mean is worth against one line's own, by moments, within 20 to 2,000.

    The variance of the rates minus what chance alone gives is the real spread; none left: 2,000.
    """
    total = sum(exposures)
    if total <= 0 or len(exposures) < 2:
        return STRENGTH_HIGH
    mean = sum(successes) / total
    chance = mean * (1 - mean)
    if chance <= 0:
        return STRENGTH_HIGH
    spread = sum(n * (x / n - mean) ** 2 for x, n in zip(successes, exposures, strict=True) if n > 0)
    effective = total - sum(n * n for n in exposures) / total
    # Between-line variance by the usual moment estimator (as in DerSimonian and Laird), clipped at zero.
    lines = sum(1 for n in exposures if n > 0)
    between = (spread - (lines - 1) * chance) / effective if effective > 0 else 0.0
    if between <= 0:
        return STRENGTH_HIGH
    return min(max(chance / between - 1.0, STRENGTH_LOW), STRENGTH_HIGH)


def rate_rows(rows: Sequence[CountRow], strata: Sequence[LineStratum], n_star: float) -> tuple[RateRow, ...]:
    """Each row with its comparable rates; most exposed first inside a block.

    `strata` are the counts behind the rows, by the same keys; `n_star` as for the lift: people at which intervals are
    tightest, fixed before outcomes.
    """
    clicks, conversions = _rates(rows, strata, "click", n_star), _rates(rows, strata, "conversion", n_star)
    blocks = list(dict.fromkeys(row.block for row in rows))
    ordered = sorted(rows, key=lambda row: (blocks.index(row.block), -row.exposures, row.key))
    return tuple(RateRow(row, clicks[row.block, row.key], conversions[row.block, row.key]) for row in ordered)


def _rates(
    rows: Sequence[CountRow], strata: Sequence[LineStratum], reward: Reward, n_star: float
) -> dict[tuple[str, str], Rate]:
    found, means = standardise(strata, reward), block_rates(strata, reward)
    people: dict[str, set[tuple[tuple[str, ...], str]]] = defaultdict(set)
    counts: dict[tuple[str, tuple[tuple[str, ...], str]], int] = {}
    for row in strata:
        people[row.block].add((row.stratum, row.key))
        counts[row.block, (row.stratum, row.key)] = row.people
    rates: dict[tuple[str, str], Rate] = {}
    for block in dict.fromkeys(row.block for row in rows):
        keys = [row.key for row in rows if row.block == block]
        mean = means.get(block, 0.0)
        lines = {key: found.get((block, key), Standardised()) for key in keys}
        exposures = {key: line.expected / mean if mean else 0.0 for key, line in lines.items()}
        strength = prior_strength([lines[key].observed for key in keys], [exposures[key] for key in keys])
        n = sum(counts[block, cell] for cell in people[block])
        factor = half_width_factor(n, ALPHA / len(keys), n_star) if n else 0.0
        for key, line in lines.items():
            rates[block, key] = _rate(line, mean, exposures[key], strength, factor)
    return rates


def _rate(line: Standardised, mean: float, exposures: float, strength: float, factor: float) -> Rate:
    if exposures <= 0:
        return Rate(mean, 0.0, 1.0, mean, mean)
    value = line.observed / exposures
    shrunk = (line.observed + strength * mean) / (exposures + strength)
    low, high = 0.0, 1.0
    if line.expected >= EXPECTED_MIN and line.variance > 0:
        half = factor * math.sqrt(line.variance) / exposures
        low, high = max(0.0, value - half), min(1.0, value + half)
    return Rate(min(value, 1.0), low, high, min(shrunk, 1.0), mean, line.observed, line.expected)


def line_strata(rows: Iterable[Sequence[object]]) -> list[LineStratum]:
    """Rows of `compile_line_counts` as strata."""
    return [
        LineStratum(str(block), str(key), tuple(map(str, stratum)), int(str(n)), int(str(clicks)), int(str(orders)))
        for block, key, *stratum, n, clicks, orders in rows
    ]


def creative_counts(strata: Iterable[LineStratum], creatives: Mapping[str, Creative]) -> list[CountRow]:
    """The counts per line, named: text, rung and tags come from the creatives that are still known."""
    sums: dict[tuple[str, str], CountRow] = {}
    for row in strata:
        known = creatives.get(row.key)
        new = CountRow(row.key, row.block, 0, 0, 0)
        if known is not None:
            new = replace(new, rung=known.rung, text=known.text, tags=dict(known.tags))
        sums[row.block, row.key] = _added(sums.get((row.block, row.key), new), row)
    return list(sums.values())


def _added(count: CountRow, row: LineStratum) -> CountRow:
    return replace(
        count,
        exposures=count.exposures + row.people,
        clicks=count.clicks + row.clicks,
        conversions=count.conversions + row.conversions,
    )


def tag_counts(rows: Iterable[CountRow], strata: Iterable[LineStratum]) -> tuple[list[CountRow], list[LineStratum]]:
    """The same per tag value ('tone: warm'), block by block; lines without the tag are a row of their own.

    The tag `line` is left out: it is an approved line's own id, and the table per creative shows that already. The
    rung counts as a tag, so that lines a model wrote can be held against lines that people wrote. A tag that has one
    value in a block tells nothing there and is left out too.
    """
    rows = list(rows)
    tags = {(row.block, row.key): _tags(row, rows) for row in rows}
    seen = {(block, name, value) for (block, _), own in tags.items() for name, value in own.items()}
    values = Counter((block, name) for block, name, _ in seen)
    sums: dict[tuple[str, str], CountRow] = {}
    tagged: list[LineStratum] = []
    for row in strata:
        for name, value in tags.get((row.block, row.key), {}).items():
            if values[row.block, name] < 2:
                continue
            key = f"{name}: {value}"
            tagged.append(replace(row, key=key, stratum=(name, *row.stratum)))
            sums[row.block, key] = _added(sums.get((row.block, key), CountRow(key, row.block, 0, 0, 0)), row)
    return [sums[key] for key in sorted(sums)], tagged


def _tags(row: CountRow, rows: Sequence[CountRow]) -> dict[str, str]:
    names = sorted({name for other in rows if other.block == row.block for name in other.tags if name != "line"})
    tags = {name: row.tags.get(name, UNTAGGED) for name in names}
    return {**tags, "written by": row.rung} if row.rung else tags
