"""Lines compared like with like: inside groups of people who could have got either, then summed over the groups.

A line that was written for one cell of people carries that cell's base rate, and one that older runs used carries
their seasons and longer waiting. Rates of lines are therefore never held against each other as they are. A *stratum*
is a set of people between whom the policy drew: one step, subject, locale, and number of competing lines. Inside it
the lines were drawn at random, with probabilities that were the same for everybody. A line's *expected* successes are
those that its people would have had at the rates of their strata; what it had beyond that is its own. The sum over
strata and its variance are those of the Cochran-Mantel-Haenszel test (Mantel and Haenszel, 1959).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Reward = Literal["conversion", "click"]


@dataclass(frozen=True, slots=True)
class LineStratum:
    """Counts of one line in one stratum: people who were shown it, and how many of them clicked and converted."""

    block: str
    key: str
    stratum: tuple[str, ...]
    people: int
    clicks: int
    conversions: int

    def successes(self, reward: Reward) -> int:
        """Converted people, or people who clicked."""
        return self.conversions if reward == "conversion" else self.clicks


@dataclass(frozen=True, slots=True)
class Standardised:
    """One line against the others that its people could have got: successes, those expected, and the variance of the
    difference by chance. Strata in which it was alone tell nothing of it and are left out."""

    observed: float = 0.0
    expected: float = 0.0
    variance: float = 0.0


def standardise(rows: Iterable[LineStratum], reward: Reward) -> dict[tuple[str, str], Standardised]:
    """{(block, key): the line against its strata}; rows of the same block, key and stratum count together."""
    cells: dict[tuple[str, tuple[str, ...]], dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        cell = cells[row.block, row.stratum]
        people, successes = cell.get(row.key, (0, 0))
        cell[row.key] = (people + row.people, successes + row.successes(reward))
    sums: dict[tuple[str, str], Standardised] = {}
    for (block, _), lines in cells.items():
        total = sum(people for people, _ in lines.values())
        won = sum(successes for _, successes in lines.values())
        for key, (people, successes) in lines.items():
            old = sums.get((block, key), Standardised())
            if people == total:
                sums[block, key] = old
                continue
            spread = won * (total - won) / (total * total * (total - 1))
            sums[block, key] = Standardised(
                old.observed + successes,
                old.expected + people * won / total,
                old.variance + people * (total - people) * spread,
            )
    return sums


def block_rates(rows: Iterable[LineStratum], reward: Reward) -> Mapping[str, float]:
    """Successes per person of each block, over all its lines; 0 where nobody was shown one."""
    people: dict[str, int] = defaultdict(int)
    successes: dict[str, int] = defaultdict(int)
    for row in rows:
        people[row.block] += row.people
        successes[row.block] += row.successes(reward)
    return {block: successes[block] / n if n else 0.0 for block, n in people.items()}
