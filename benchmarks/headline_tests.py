"""Headline tests for `bandit_upworthy.py`: read from the archive, with a prior of each headline from other tests."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from headlines import Pairs, alike
from numpy.typing import NDArray

from tailorbird.stages.learning.creative_prior import LineOutcome, fit_outcomes, fit_pairs

FAULTY = (201325, 201402)
FOLDS = 5
STRENGTHS = np.geomspace(2, 200, 25)

Floats = NDArray[np.float64]


class Group(NamedTuple):
    """The headlines of one test and picture, with their clicks and impressions, and the test's id."""

    headlines: list[str]
    clicks: Floats
    shown: Floats
    test: str = ""


@dataclass(frozen=True)
class Tests:
    """n tests of at most K headlines: `rates`, `priors` (n × K, NaN where there is no headline), and the strength of
    our prior in each."""

    rates: Floats
    priors: Floats
    strength: Floats


def read_groups(path: Path) -> list[Group]:
    """(headlines, clicks, impressions) of each group of one test and picture, without the faulty weeks."""
    import duckdb

    rows = (
        duckdb.connect()
        .execute(
            f"""SELECT clickability_test_id, coalesce(eyecatcher_id, ''), headline, sum(clicks), sum(impressions)
        FROM read_parquet('{path}') WHERE NOT test_week BETWEEN {FAULTY[0]} AND {FAULTY[1]}
        AND impressions > 0 AND headline IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
        )
        .fetchall()
    )
    groups: dict[tuple[str, str], list[tuple[str, float, float]]] = {}
    for test, picture, headline, clicks, impressions in rows:
        groups.setdefault((test, picture), []).append((headline, float(clicks), float(impressions)))
    return [
        Group([h for h, _, _ in found], np.array([c for _, c, _ in found]), np.array([n for *_, n in found]), test)
        for (test, _), found in groups.items()
        if len(found) > 1 and sum(clicks for _, clicks, _ in found) > 0
    ]


def components(groups: Sequence[Group]) -> NDArray[np.int64]:
    """A number for each group: groups that share a headline have the same."""
    parent = list(range(len(groups)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[str, int] = {}
    for at, group in enumerate(groups):
        for headline in group.headlines:
            other = first.setdefault(headline.lower().strip(), at)
            parent[root(at)] = root(other)
    return np.array([root(at) for at in range(len(groups))])


@dataclass(frozen=True)
class Lines:
    """All headlines in columns, each with the place of its group."""

    group: NDArray[np.int64]
    clicks: Floats
    impressions: Floats


def lines_of(groups: Sequence[Group]) -> Lines:
    """The headlines of all groups."""
    group = np.concatenate([np.full(len(each.headlines), at) for at, each in enumerate(groups)])
    return Lines(group, np.concatenate([g.clicks for g in groups]), np.concatenate([g.shown for g in groups]))


def utilities(groups: Sequence[Group], taught: NDArray[np.bool_]) -> Floats:
    """The log of each headline's expected rate beside its group's, by the product's prior from the groups `taught`;
    zeros where these teach nothing."""
    outcomes = [
        LineOutcome(text, str(at), won, shown)
        for at in np.flatnonzero(taught).tolist()
        for text, won, shown in zip(groups[at].headlines, groups[at].clicks, groups[at].shown, strict=True)
    ]
    prior, _ = fit_outcomes(outcomes)
    texts = [text for each in groups for text in each.headlines]
    return prior.slope * prior.utilities(texts) if prior else np.zeros(len(texts))


def pair_utilities(groups: Sequence[Group], hidden: NDArray[np.bool_], pairs: Pairs) -> Floats:
    """How well each headline does by the product's prior from pairs that share no headline and no test with the groups
    `hidden`, on a scale of its own."""
    kept = [groups[at] for at in np.flatnonzero(hidden).tolist()]
    seen, tests = {alike(text) for each in kept for text in each.headlines}, {each.test for each in kept}
    told = zip(pairs.first, pairs.second, pairs.tests, strict=True)
    new = np.array([not {alike(a), alike(b)} & seen and test not in tests for a, b, test in told])
    train = pairs.some(np.flatnonzero(new))
    texts = [text for each in groups for text in each.headlines]
    if not train.first:
        return np.zeros(len(texts))
    return fit_pairs(train.first, train.second, train.better.tolist()).utilities(texts)


def shares_of_two(lines: Lines, at: NDArray[np.bool_], own: Floats, other: Floats) -> Floats:
    """(2,) How much of each of two guesses tells the log rates of the headlines `at` best, beside their groups'."""
    group, clicks, shown = (each[at] for each in (lines.group, lines.clicks, lines.impressions))
    mean = np.bincount(group, clicks)[group] / np.bincount(group, shown)[group]
    weight = shown * mean
    total = np.maximum(np.bincount(group, weight), 1e-9)

    def centred(values: Floats) -> Floats:
        apart: Floats = values - (np.bincount(group, weight * values) / total)[group]
        return apart

    target = centred(np.log((clicks + 50 * mean) / (shown + 50)))
    columns = np.stack([centred(own[at]), centred(other[at])])
    gram, moment = (columns * weight) @ columns.T, (columns * weight) @ target
    found: Floats = np.maximum(np.linalg.solve(gram + 1e-9 * np.trace(gram) * np.eye(2) + 1e-12 * np.eye(2), moment), 0)
    return found


def learn_prior(
    groups: Sequence[Group],
    lines: Lines,
    train: NDArray[np.bool_],
    inner: NDArray[np.bool_],
    pairs: Pairs | None = None,
) -> tuple[Floats, float]:
    """(the log of each headline's expected rate beside its group's, the strength of our prior): from the groups `train`
    alone, with `inner` of them left out to choose the strength, and what `pairs` count beside them."""
    rest, left_out = train & ~inner, inner[lines.group]
    guess, final = utilities(groups, rest), utilities(groups, train)
    if pairs is not None:
        own, other = guess, pair_utilities(groups, ~rest, pairs)
        shares = shares_of_two(lines, left_out, own, other)
        guess = shares[0] * own + shares[1] * other
        final = shares[0] * final + shares[1] * pair_utilities(groups, ~train, pairs)
    strength = best_strength(
        lines.group[left_out], lines.clicks[left_out], lines.impressions[left_out], guess[left_out]
    )
    return final, strength


def best_strength(group: NDArray[np.int64], clicks: Floats, shown: Floats, guess: Floats) -> float:
    """The strength of greatest beta-binomial likelihood, with each group's own level."""
    level = np.bincount(group, clicks)[group] / np.maximum(np.bincount(group, shown * np.exp(guess))[group], 1e-9)
    mean = np.clip(level * np.exp(guess), 1e-5, 0.5)
    lgamma = np.vectorize(math.lgamma, otypes=[np.float64])
    told = []
    for s in STRENGTHS:
        people = s / mean
        a, b = people * mean, people * (1 - mean)
        likelihood = lgamma(a + clicks) - lgamma(a) + lgamma(b + shown - clicks) - lgamma(b)
        told.append((likelihood - lgamma(people + shown) + lgamma(people)).sum())
    return float(STRENGTHS[int(np.argmax(told))])


def tuned(groups: Sequence[Group], part: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which groups are the quarter on which settings were chosen, whatever the seed: they are never reported on."""
    quarter = {name: zlib.crc32(min(groups[name].headlines).encode()) % 4 == 0 for name in set(part.tolist())}
    return np.array([quarter[name] for name in part.tolist()])


def real_tests(path: Path, count: int, rng: np.random.Generator, pairs: Pairs | None = None) -> Tests:
    """The archive's tests, with priors from tests of other folds, and from `pairs` of other tests."""
    groups = read_groups(path)
    lines, part = lines_of(groups), components(groups)
    fold_of = {name: at % FOLDS for at, name in enumerate(rng.permutation(np.unique(part)).tolist())}
    fold = np.array([fold_of[name] for name in part.tolist()])
    logs, strengths = np.zeros(len(lines.group)), np.zeros(len(groups))
    for at in range(FOLDS):
        test = fold == at
        f, strength = learn_prior(groups, lines, ~test, fold == (at + 1) % FOLDS, pairs)
        logs[test[lines.group]] = f[test[lines.group]]
        strengths[test] = strength
    overall = lines.clicks.sum() / lines.impressions.sum()
    told = np.flatnonzero(~tuned(groups, part))
    chosen = np.sort(rng.permutation(told)[: count or len(told)])
    width = max(len(groups[at].headlines) for at in chosen)
    rates, priors = np.full((len(chosen), width), np.nan), np.full((len(chosen), width), np.nan)
    for row, at in enumerate(chosen):
        mine = slice(*np.searchsorted(lines.group, [at, at + 1]))
        arms = mine.stop - mine.start
        rates[row, :arms] = groups[at].clicks / groups[at].shown
        priors[row, :arms] = np.clip(overall * np.exp(logs[mine]), 1e-4, 0.5)
    return Tests(rates, priors, strengths[chosen])
