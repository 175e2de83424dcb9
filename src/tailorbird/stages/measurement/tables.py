"""Tables per creative and per tag, with intervals, and shrunk because winners are biased upward.

The best of many lines is partly the luckiest. Each rate is therefore also shown shrunk toward the mean of its block
by empirical Bayes: a beta prior whose mean is the block's own rate and whose strength is what the spread between the
lines, beyond chance, supports. Few exposures or little real spread: all lines move close to the mean.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tailorbird.types.creative import Creative
from tailorbird.types.readout import CountRow, RateRow, SameForAll

Z95 = 1.959964
STRENGTH_LOW, STRENGTH_HIGH = 20.0, 2000.0
EFFECTIVE_PEOPLE_MIN = 1000.0
UNTAGGED = "(none)"


def wilson(successes: float, n: float, z: float = Z95) -> tuple[float, float]:
    """The 95 % Wilson interval of a share; (0, 1) where nobody was exposed."""
    if n <= 0:
        return 0.0, 1.0
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


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


def _shrunk(successes: Sequence[float], exposures: Sequence[float]) -> list[float]:
    total = sum(exposures)
    mean = sum(successes) / total if total else 0.0
    strength = prior_strength(successes, exposures)
    return [(x + strength * mean) / (n + strength) for x, n in zip(successes, exposures, strict=True)]


def rate_rows(rows: Sequence[CountRow]) -> tuple[RateRow, ...]:
    """Rates with Wilson intervals, shrunk within each block; most exposed first inside a block."""
    out: list[RateRow] = []
    for block in dict.fromkeys(row.block for row in rows):
        of_block = sorted((row for row in rows if row.block == block), key=lambda row: (-row.exposures, row.key))
        exposures = [float(row.exposures) for row in of_block]
        clicks = _shrunk([float(row.clicks) for row in of_block], exposures)
        orders = _shrunk([float(row.conversions) for row in of_block], exposures)
        for row, click_shrunk, order_shrunk in zip(of_block, clicks, orders, strict=True):
            n = row.exposures
            out.append(
                RateRow(
                    row,
                    row.clicks / n if n else 0.0,
                    *wilson(row.clicks, n),
                    click_shrunk,
                    row.conversions / n if n else 0.0,
                    *wilson(row.conversions, n),
                    order_shrunk,
                )
            )
    return tuple(out)


def creative_counts(rows: Iterable[Sequence[object]], creatives: Mapping[str, Creative]) -> list[CountRow]:
    """Rows of `compile_creative_counts`, named: text, rung and tags come from the creatives that are still known."""
    out = []
    for block, key, exposures, clicks, conversions, matured in rows:
        known = creatives.get(str(key))
        row = CountRow(
            str(key),
            str(block),
            int(str(exposures)),
            int(str(clicks)),
            int(str(conversions)),
            float(str(matured)),
        )
        if known is not None:
            row = replace(row, rung=known.rung, text=known.text, tags=dict(known.tags))
        out.append(row)
    return out


def tag_counts(rows: Iterable[CountRow]) -> list[CountRow]:
    """The same counts per tag value ('tone: warm'), block by block; lines without the tag are a row of their own.

    The tag `line` is left out: it is an approved line's own id, and the table per creative shows that already. The
    rung counts as a tag, so that lines a model wrote can be held against lines that people wrote. A tag that has one
    value in a block tells nothing there and is left out too.
    """
    rows = list(rows)
    sums: dict[tuple[str, str], CountRow] = {}
    for row in rows:
        names = sorted({name for other in rows if other.block == row.block for name in other.tags if name != "line"})
        tags = {name: row.tags.get(name, UNTAGGED) for name in names}
        if row.rung:
            tags["written by"] = row.rung
        for name, value in tags.items():
            key = (row.block, f"{name}: {value}")
            old = sums.get(key, CountRow(key[1], row.block, 0, 0, 0, 0.0))
            sums[key] = replace(
                old,
                exposures=old.exposures + row.exposures,
                clicks=old.clicks + row.clicks,
                conversions=old.conversions + row.conversions,
                matured=old.matured + row.matured,
            )
    values = Counter((block, key.partition(": ")[0]) for block, key in sums)
    return [sums[block, key] for block, key in sorted(sums) if values[block, key.partition(": ")[0]] > 1]


def same_for_all(
    rows: Iterable[Sequence[object]], texts: Mapping[str, str], least: float = EFFECTIVE_PEOPLE_MIN
) -> tuple[SameForAll, ...]:
    """Per block: what the widest-used line would have brought, had everybody who could get it got it.

    Takes rows of `compile_weighted_counts`. Inside each (subject, locale) where the line was drawn, its rate is
    estimated by self-normalised inverse propensities, and the groups are averaged by their size. Below `least`
    effective people no rate is given.
    """
    blocks: dict[str, dict[tuple[str, str], dict[str, tuple[float, ...]]]] = {}
    for block, subject, locale, creative, *sums in rows:
        cell = blocks.setdefault(str(block), {}).setdefault((str(subject), str(locale)), {})
        cell[str(creative)] = tuple(float(str(value)) for value in sums)
    out = []
    for name, cells in blocks.items():
        reach: dict[str, float] = {}
        for lines in cells.values():
            people = sum(line[0] for line in lines.values())
            for key in lines:
                reach[key] = reach.get(key, 0.0) + people
        if len(reach) > 1:
            widest = max(sorted(reach), key=lambda key: reach[key])
            out.append(_one_line(name, widest, texts.get(widest, widest), list(cells.values()), least))
    return tuple(out)


def _one_line(
    block: str, creative: str, text: str, cells: Sequence[Mapping[str, tuple[float, ...]]], least: float
) -> SameForAll:
    shared = [lines for lines in cells if creative in lines]
    people = sum(line[0] for lines in shared for line in lines.values())
    orders = sum(line[1] for lines in shared for line in lines.values())
    weights = sum(lines[creative][2] for lines in shared)
    squares = sum(lines[creative][4] for lines in shared)
    effective = weights * weights / squares if squares else 0.0
    policy = orders / people if people else 0.0
    if effective < least:
        why = f"{effective:,.0f} effective people saw it; {least:,.0f} are needed"
        return SameForAll(block, text, policy, None, effective, why)
    rate = sum(
        sum(line[0] for line in lines.values()) / people * (lines[creative][3] / lines[creative][2]) for lines in shared
    )
    return SameForAll(block, text, policy, rate, effective)
