"""Headline tests for `bandit_upworthy.py`: read from the archive, with a prior of each headline from other tests."""

import math
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FAULTY = (201325, 201402)
WORDS = re.compile(r"[a-z0-9']+|[?!:.,\"]")
COLUMNS, FOLDS = 2048, 5
PENALTIES = (3.0, 10.0, 30.0, 100.0)
STRENGTHS = np.geomspace(2, 200, 25)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tests:
    """n tests of at most K headlines: `rates`, `priors` (n × K, NaN where there is no headline), and the strength of
    our prior in each."""

    rates: Floats
    priors: Floats
    strength: Floats


def read_groups(path: Path) -> list[tuple[list[str], Floats, Floats]]:
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
    kept = [group for group in groups.values() if len(group) > 1 and sum(c for _, c, _ in group) > 0]
    return [
        ([h for h, _, _ in group], np.array([c for _, c, _ in group]), np.array([n for *_, n in group]))
        for group in kept
    ]


def components(groups: Sequence[tuple[list[str], Floats, Floats]]) -> NDArray[np.int64]:
    """A number for each group: groups that share a headline have the same."""
    parent = list(range(len(groups)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[str, int] = {}
    for at, (headlines, _, _) in enumerate(groups):
        for headline in headlines:
            other = first.setdefault(headline.lower().strip(), at)
            parent[root(at)] = root(other)
    return np.array([root(at) for at in range(len(groups))])


def word_rows(texts: Sequence[str]) -> Floats:
    """(texts × COLUMNS) hashed words and pairs of words, each row of length 1."""
    rows = np.zeros((len(texts), COLUMNS))
    for at, text in enumerate(texts):
        words = WORDS.findall(text.lower())
        for term in [*words, *(" ".join(pair) for pair in pairwise(words))]:
            code = zlib.crc32(term.encode())
            rows[at, code % COLUMNS] += 1.0 if code & 0x80000000 else -1.0
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    made: Floats = rows / np.maximum(length, 1e-9)
    return made


@dataclass(frozen=True)
class Lines:
    """All headlines in columns, each within its group: rows and log rates beside the group's mean, and weights."""

    group: NDArray[np.int64]
    rows: Floats
    target: Floats
    weight: Floats
    clicks: Floats
    impressions: Floats


def lines_of(groups: Sequence[tuple[list[str], Floats, Floats]]) -> Lines:
    """The headlines of all groups, centred."""
    group = np.concatenate([np.full(len(h), at) for at, (h, _, _) in enumerate(groups)])
    clicks, shown = (np.concatenate([each[i] for each in groups]) for i in (1, 2))
    mean = np.bincount(group, clicks)[group] / np.bincount(group, shown)[group]
    rate = (clicks + 50 * mean) / (shown + 50)
    weight = shown * mean
    total = np.bincount(group, weight)[group]
    log_rate = np.log(rate)
    target = log_rate - np.bincount(group, weight * log_rate)[group] / total
    rows = word_rows([h for headlines, _, _ in groups for h in headlines])
    for at in range(len(groups)):
        mine = slice(*np.searchsorted(group, [at, at + 1]))
        rows[mine] -= np.average(rows[mine], axis=0, weights=weight[mine])
    return Lines(group, rows, target, weight / weight.mean(), clicks, shown)


def fit(lines: Lines, at: NDArray[np.bool_], penalties: Sequence[float]) -> list[Floats]:
    """Ridge weights on the headlines at `at`, for each penalty."""
    x, w = lines.rows[at], lines.weight[at]
    gram, moment = x.T @ (x * w[:, None]), x.T @ (w * lines.target[at])
    return [np.asarray(np.linalg.solve(gram + p * np.eye(COLUMNS), moment), dtype=np.float64) for p in penalties]


def learn_prior(lines: Lines, train: NDArray[np.bool_], inner: NDArray[np.bool_]) -> tuple[Floats, float]:
    """(the log of each headline's prior beside its group's mean, the strength of our prior): from `train` alone, with
    `inner` of it left out to choose the penalty, the slope and the strength."""
    tried = fit(lines, train & ~inner, PENALTIES)
    w, y = lines.weight[inner], lines.target[inner]
    found = []
    for weights in tried:
        f = lines.rows[inner] @ weights
        slope = max(float((w * f * y).sum() / max((w * f * f).sum(), 1e-12)), 0.0)
        found.append((float((w * (y - slope * f) ** 2).sum()), slope))
    best = min(range(len(PENALTIES)), key=lambda i: found[i][0])
    slope = found[best][1]
    guess = slope * (lines.rows[inner] @ tried[best])
    strength = best_strength(lines.group[inner], lines.clicks[inner], lines.impressions[inner], guess)
    return slope * (lines.rows @ fit(lines, train, [PENALTIES[best]])[0]), strength


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


def tuned(groups: Sequence[tuple[list[str], Floats, Floats]], part: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which groups are the quarter on which settings were chosen, whatever the seed: they are never reported on."""
    quarter = {name: zlib.crc32(min(groups[name][0]).encode()) % 4 == 0 for name in set(part.tolist())}
    return np.array([quarter[name] for name in part.tolist()])


def real_tests(path: Path, count: int, rng: np.random.Generator) -> Tests:
    """The archive's tests, with priors from tests of other folds."""
    groups = read_groups(path)
    lines, part = lines_of(groups), components(groups)
    fold_of = {name: at % FOLDS for at, name in enumerate(rng.permutation(np.unique(part)).tolist())}
    fold = np.array([fold_of[name] for name in part.tolist()])
    logs, strengths = np.zeros(len(lines.group)), np.zeros(len(groups))
    for at in range(FOLDS):
        test = fold == at
        inner = (fold == (at + 1) % FOLDS)[lines.group]
        f, strength = learn_prior(lines, ~test[lines.group], inner)
        logs[test[lines.group]] = f[test[lines.group]]
        strengths[test] = strength
    overall = lines.clicks.sum() / lines.impressions.sum()
    told = np.flatnonzero(~tuned(groups, part))
    chosen = np.sort(rng.permutation(told)[: count or len(told)])
    width = max(len(groups[at][0]) for at in chosen)
    rates, priors = np.full((len(chosen), width), np.nan), np.full((len(chosen), width), np.nan)
    for row, at in enumerate(chosen):
        mine = slice(*np.searchsorted(lines.group, [at, at + 1]))
        arms = mine.stop - mine.start
        rates[row, :arms] = groups[at][1] / groups[at][2]
        priors[row, :arms] = np.clip(overall * np.exp(logs[mine]), 1e-4, 0.5)
    return Tests(rates, priors, strengths[chosen])
