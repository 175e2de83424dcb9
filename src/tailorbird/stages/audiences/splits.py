"""Proposals of splits by predicted response: a small, readable tree on past outcomes, honest about what it knows.

People are halved by a stable hash. One half grows the tree; the other, which had no say in it, estimates every leaf
(honest trees: Athey and Imbens, 2016). A node is split by the one condition with the largest chi-square statistic
(Pearson, one degree of freedom), if its p-value times the number of conditions tried there (Bonferroni) is below 5 %
and both sides keep enough people and responses. Where the second half does not show the same direction, the split is
taken back. Rates carry Wilson's 95 % interval (Wilson, 1927), which holds for small counts too; differences to the
holdout Newcombe's (1998, method 10), made of two of those.

Every condition is one that an audience can state, so a leaf is an audience: conditions that hold go to `all`, those
that do not to `none`. A missing value holds in no condition.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tailorbird.stages.audiences.rules import select_people
from tailorbird.types.audience import AudienceRule, Condition
from tailorbird.types.feature import FeatureTable
from tailorbird.types.split import Rate, Split, SplitTree

DEPTH_MAX = 3
LEAF_PEOPLE_MIN = 50
LEAF_RESPONSES_MIN = 5
LEVELS_MAX = 20
THRESHOLDS_MAX = 16
ALPHA = 0.05

_Bools = npt.NDArray[np.bool_]
_Path = tuple[tuple[Condition, bool], ...]
_Z = 1.959963984540054


def propose_splits(
    table: FeatureTable,
    responded: Sequence[bool],
    treated: Sequence[bool],
    seed: int = 0,
    depth: int = DEPTH_MAX,
) -> SplitTree:
    """The tree over the treated people of `table`, with each leaf's response, and that of its held-out people.

    `responded[i]` is the outcome of person i, `treated[i]` whether a message was meant for them; the others are the
    holdout. Whoever has a withheld value is left out and counted: no audience may be made of what they did not allow.
    """
    hidden = np.zeros(len(table.person_ids), dtype=bool)
    for marks in table.withheld.values():
        hidden |= np.asarray(marks, dtype=bool)
    people = _People(
        table,
        np.asarray(responded, dtype=bool),
        np.asarray(treated, dtype=bool) & ~hidden,
        ~np.asarray(treated, dtype=bool) & ~hidden,
        np.fromiter((_grows(person, seed) for person in table.person_ids), bool, len(table.person_ids)),
    )
    everybody = ~hidden
    root = _grow(people, everybody, (), depth, _tests(people, everybody))
    return SplitTree(root, int(hidden.sum()), int(people.treated.sum()), int(people.held.sum()))


def rate_of(people: int, responses: int) -> Rate:
    """A share with Wilson's 95 % interval; of nobody it is unknown, between 0 and 1."""
    if not people:
        return Rate(0, 0, 0.0, 0.0, 1.0)
    share, square = responses / people, _Z * _Z
    centre = (share + square / (2 * people)) / (1 + square / people)
    half = _Z / (1 + square / people) * math.sqrt(share * (1 - share) / people + square / (4 * people * people))
    return Rate(people, responses, share, max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


def lift_of(treated: Rate, held: Rate) -> tuple[float, float, float] | None:
    """(difference of the rates, low, high) by Newcombe's method; None where one arm is empty."""
    if not treated.people or not held.people:
        return None
    difference = treated.share - held.share
    low = difference - math.hypot(treated.share - treated.low, held.high - held.share)
    high = difference + math.hypot(treated.high - treated.share, held.share - held.low)
    return difference, low, high


def leaf_audience(name: str, base: AudienceRule, leaf: Split) -> AudienceRule:
    """The audience of a leaf: the base audience and the leaf's conditions. An audience of SQL stays SQL."""
    if base.sql is not None:
        parts = [f"({base.sql})", *(_as_sql(condition, holds) for condition, holds in leaf.path)]
        return AudienceRule(name, leaf.words(), sql=" AND ".join(parts))
    return replace(
        base,
        name=name,
        description=leaf.words(),
        all=(*base.all, *(condition for condition, holds in leaf.path if holds)),
        none=(*base.none, *(condition for condition, holds in leaf.path if not holds)),
    )


@dataclass(frozen=True)
class _People:
    table: FeatureTable
    responded: _Bools
    treated: _Bools
    held: _Bools
    grows: _Bools


def _grows(person: str, seed: int) -> bool:
    return hashlib.sha256(f"{seed}|split|{person}".encode()).digest()[0] < 128


def _grow(people: _People, here: _Bools, path: _Path, depth: int, tests: Mapping[Condition, _Bools]) -> Split:
    leaf = _leaf(people, here, path)
    best = _best(people, here, tests) if depth > 0 else None
    if best is None:
        return leaf
    holds = tests[best]
    left, right = here & holds, here & ~holds
    if not _same_direction(people, left, right):
        return leaf
    return replace(
        leaf,
        condition=best,
        yes=_grow(people, left, (*path, (best, True)), depth - 1, tests),
        no=_grow(people, right, (*path, (best, False)), depth - 1, tests),
    )


def _leaf(people: _People, here: _Bools, path: _Path) -> Split:
    told = here & ~people.grows
    treated, held = told & people.treated, told & people.held
    rates = [rate_of(int(arm.sum()), int((arm & people.responded).sum())) for arm in (treated, held)]
    return Split(path, int((here & people.treated).sum()), rates[0], rates[1], lift_of(*rates))


def _best(people: _People, here: _Bools, tests: Mapping[Condition, _Bools]) -> Condition | None:
    """The condition that parts the growing half best, if it does so beyond chance."""
    growing = here & people.grows & people.treated
    responses = growing & people.responded
    n, won = int(growing.sum()), int(responses.sum())
    tried, best, most = 0, None, 0.0
    for condition, holds in tests.items():
        inside = int((growing & holds).sum())
        inside_won = int((responses & holds).sum())
        if min(inside, n - inside) < LEAF_PEOPLE_MIN or min(inside_won, won - inside_won) < LEAF_RESPONSES_MIN:
            continue
        tried += 1
        chi_square = _chi_square(inside, inside_won, n - inside, won - inside_won)
        if chi_square > most:
            best, most = condition, chi_square
    if best is None or math.erfc(math.sqrt(most / 2)) * tried >= ALPHA:
        return None
    return best


def _chi_square(n: int, won: int, other: int, other_won: int) -> float:
    total, all_won = n + other, won + other_won
    spread = all_won * (total - all_won)
    return total * (won * other - other_won * n) ** 2 / (n * other * spread) if spread else 0.0


def _same_direction(people: _People, left: _Bools, right: _Bools) -> bool:
    """Whether both halves say that the same side responds more."""
    signs = []
    for half in (people.grows, ~people.grows):
        rates = []
        for side in (left, right):
            counted = side & half & people.treated
            if not counted.any():
                return False
            rates.append(float(people.responded[counted].mean()))
        signs.append(np.sign(rates[0] - rates[1]))
    return bool(signs[0] == signs[1] != 0)


def _tests(people: _People, here: _Bools) -> dict[Condition, _Bools]:
    """Every condition that is tried, with whom it holds for; the same judge as for audiences says so."""
    conditions = [condition for name in people.table.columns for condition in _conditions(people, here, name)]
    judged = replace(people.table, withheld={})
    return {each: np.asarray(select_people(AudienceRule("split", all=(each,)), judged)) for each in conditions}


def _conditions(people: _People, here: _Bools, name: str) -> Iterator[Condition]:
    column = people.table.columns[name]
    growing = np.flatnonzero(here & people.grows & people.treated).tolist()
    values = [column[row] for row in growing if column[row] is not None]
    if not values:
        return
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        numbers = np.asarray(values, dtype=float)
        numbers = numbers[np.isfinite(numbers)]
        if numbers.size:
            steps = np.quantile(numbers, np.arange(1, THRESHOLDS_MAX + 1) / (THRESHOLDS_MAX + 1), method="higher")
            for threshold in sorted({float(numbers.min()), *map(float, steps)}):
                yield Condition(name, at_least=threshold)
    elif all(isinstance(value, bool) for value in values):
        yield Condition(name, equals=True)
        yield Condition(name, equals=False)
    elif all(isinstance(value, str) for value in values):
        yield from _text_conditions(people, growing, name)


def _text_conditions(people: _People, growing: Sequence[int], name: str) -> Iterator[Condition]:
    """Each frequent text by itself, and the best texts together: sorted by their rate, the first one, two, and so on
    (for two classes one of these is the best set there is: Breiman and others, 1984)."""
    column = people.table.columns[name]
    counts: dict[str, list[int]] = {}
    for row in growing:
        if column[row] is not None:
            count = counts.setdefault(column[row], [0, 0])
            count[0] += 1
            count[1] += int(people.responded[row])
    frequent = sorted(counts, key=lambda text: (-counts[text][0], text))[:LEVELS_MAX]
    ranked = sorted(frequent, key=lambda text: (-counts[text][1] / counts[text][0], text))
    for text in frequent:
        yield Condition(name, equals=text)
    for size in range(2, len(ranked)):
        yield Condition(name, one_of=tuple(sorted(ranked[:size])))


def _as_sql(condition: Condition, holds: bool) -> str:
    name = '"' + condition.feature.replace('"', '""') + '"'
    if condition.at_least is not None:
        said = f"{name} >= {condition.at_least!r}"
    elif condition.one_of is not None:
        said = f"{name} IN ({', '.join(map(_quoted, condition.one_of))})"
    elif isinstance(condition.equals, bool):
        said = f"{name} IS {str(condition.equals).upper()}"
    else:
        said = f"{name} = {_quoted(str(condition.equals))}"
    return said if holds else f"({said}) IS NOT TRUE"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
