"""Which items to show: the best of each person's scores, by the rules, drawn with propensities."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.recommendation.best import best_columns
from tailorbird.types.recommendation import ItemChoice

_CHUNK = 1000
_POOL = 8
"""With a limit per family, candidates are found among so many times as many."""


@dataclass(frozen=True)
class ChoiceRules:
    """What limits and spreads the choice. `allowed` (items,) can be shown at all; `lift` (items,) multiplies
    scores above 0.

    families (items,): -1 for none. `per_family` is how many items of one family a message shows (0: any number).
    The best `candidates` compete for `slots` places by softmax(−rank / (4 · temperature)).
    """

    allowed: NDArray[np.bool_]
    lift: NDArray[np.float64]
    families: NDArray[np.int64]
    slots: int
    candidates: int
    temperature: float
    per_family: int = 0


def choose_items(
    uniform: Callable[[int, int], NDArray[np.float64]],
    score: Callable[[int, int], NDArray[np.float64]],
    excluded: NDArray[np.int64],
    forced: NDArray[np.int64],
    rules: ChoiceRules,
    avoid: NDArray[np.int64] | None = None,
) -> ItemChoice:
    """Choose different items per person, in Plackett-Luce order, with propensities.

    uniform(start, end): numbers in (0, 1), people × candidates, of the people from start to end; score(start, end):
    their scores, people × items; -inf and NaN are never shown. excluded (pairs × 2): (person, item) that is not to be
    shown, by person; any number for each. forced (people,): the item that the first place must show (propensity 1), -1
    for none. avoid (people,): a family of which nothing is shown (-1: none), unless nothing else is left.
    """
    parts = []
    for at in range(0, max(len(forced), 1), _CHUNK):
        end = min(at + _CHUNK, len(forced))
        pairs = excluded[slice(*np.searchsorted(excluded[:, 0], [at, end]))] - np.array([at, 0])
        fit = _by_rules(score(at, end), rules, pairs, forced[at:end], None if avoid is None else avoid[at:end])
        best = _candidates(fit, rules)
        parts.append(_draw(fit, best, uniform(at, end)[:, : best.shape[1]], forced[at:end], rules))
    return ItemChoice(
        np.concatenate([p.items for p in parts]),
        np.concatenate([p.propensity for p in parts]),
        np.concatenate([p.eligible for p in parts]),
    )


def _by_rules(
    score: NDArray[np.float64],
    rules: ChoiceRules,
    excluded: NDArray[np.int64],
    forced: NDArray[np.int64],
    avoid: NDArray[np.int64] | None,
) -> NDArray[np.float64]:
    score = np.where(score > 0, score * rules.lift[None, :], np.where(np.isnan(score), -np.inf, score))
    score[:, ~rules.allowed] = -np.inf
    score[excluded[:, 0], excluded[:, 1]] = -np.inf
    hit = forced >= 0
    score[np.flatnonzero(hit), forced[hit]] = -np.inf
    if avoid is None:
        return score
    unwanted = np.equal(rules.families[None, :], avoid[:, None]) & np.greater_equal(avoid[:, None], 0)
    reduced = np.where(unwanted, -np.inf, score)
    left = np.isfinite(reduced).any(axis=1)
    result: NDArray[np.float64] = np.where(np.reshape(left, (-1, 1)), reduced, score)
    return result


def _candidates(score: NDArray[np.float64], rules: ChoiceRules) -> NDArray[np.int64]:
    """The columns that compete, best first. With a limit per family they hold enough families to fill the places."""
    if not rules.per_family:
        return best_columns(score, rules.candidates)
    pool = best_columns(score, rules.candidates * _POOL)
    family = rules.families[pool]
    earlier = np.zeros(pool.shape, dtype=np.int64)
    for at in range(1, pool.shape[1]):
        earlier[:, at] = (family[:, :at] == family[:, at, None]).sum(axis=1)
    most = max(rules.per_family, rules.candidates // rules.slots)
    order = np.argsort((family >= 0) & (earlier >= most), axis=1, kind="stable")
    return np.take_along_axis(pool, order, axis=1)[:, : rules.candidates]


def _draw(
    score: NDArray[np.float64],
    best: NDArray[np.int64],
    noise: NDArray[np.float64],
    forced: NDArray[np.int64],
    rules: ChoiceRules,
) -> ItemChoice:
    """Place after place the greatest of score and Gumbel noise among what is still open: exact Plackett-Luce, also
    where a choice closes others (noise has no memory beyond the maximum)."""
    people, width = best.shape
    rows = np.arange(people)
    logit = -np.arange(width) / (rules.temperature * 4.0)
    weight, noisy = np.exp(logit), logit[None, :] - np.log(-np.log(noise))
    is_open = np.isfinite(np.take_along_axis(score, best, axis=1))
    family = rules.families[best]
    items, eligible = (
        np.full((people, rules.slots), -1, dtype=np.int64),
        np.zeros((people, rules.slots), dtype=np.int64),
    )
    propensity, shown = np.zeros((people, rules.slots)), np.zeros(best.shape, dtype=np.int64)

    def close(families: NDArray[np.int64], where: NDArray[np.bool_]) -> None:
        if rules.per_family:
            same = (family == families[:, None]) & (family >= 0) & where[:, None]
            shown[same] += 1
            is_open[shown >= rules.per_family] = False

    hit = forced >= 0
    close(rules.families[forced], hit)
    for place in range(rules.slots):
        now = ~hit if place == 0 else np.ones(people, dtype=bool)
        there = is_open.any(axis=1) & now if width else np.zeros(people, dtype=bool)
        if there.any():
            at = np.where(is_open, noisy, -np.inf).argmax(axis=1)
            total = np.where(is_open, weight[None, :], 0.0).sum(axis=1)
            items[:, place] = np.where(there, best[rows, at], -1)
            propensity[:, place] = np.divide(weight[at], total, out=np.zeros(people), where=there)
            eligible[:, place] = np.where(there, is_open.sum(axis=1), 0)
            is_open[rows[there], at[there]] = False
            close(family[rows, at], there)
        if place == 0:
            items[hit, 0], propensity[hit, 0], eligible[hit, 0] = forced[hit], 1.0, 1
    return ItemChoice(items, propensity, eligible)
