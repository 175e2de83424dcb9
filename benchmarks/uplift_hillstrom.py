"""Uplift on a real randomised e-mail campaign, and the honest verdict: personalise, or treat everybody alike.

    python benchmarks/uplift_hillstrom.py [--data hillstrom.csv.gz] [--seed N] [--json] [--rounds N]
        [--models ridge|logistic|trees]

Workload: Hillstrom's challenge of 2008, or any file with its columns (segment, visit, conversion, spend and the seven
features); everybody got the men's mail, the women's, or none, at random.

- qini_s, _t, _x, _dr, _random: women's mail against none, outcome visit. The normalised Qini as scikit-uplift has it
  (stages/uplift/curves.py states it), of scores by models that did not see the person: five folds, drawn anew for each
  of three seeds, the mean of the three; the interval is the bootstrap's over people, of the first seed's scores. Random
  is the mean of 50 random scores. auuc_dr: the other curve, defined there too. --models: what learners are made of,
  ridge by default; logistic regression for outcomes; boosted trees of scikit-learn, which take minutes.
- policy_value_ours, _treat_all: money per person at a margin of .4 and $.01 a mail, doubly robust, by five folds. Ours
  is the whole procedure, its verdict included, run on the other four folds only: what it says there is done here.
  treat_all is the men's mail for everybody; _ipw the same by inverse propensity weighting; value_none, value_womens.
- gain: the learned policy (before the verdict) minus the same for all; verdict_treat_all: 1 if the verdict on the whole
  file is to treat everybody alike.
- planted_gain: the same procedure on simulated people, where each mail helps some and puts others off: ours minus the
  best single action, per person, by the known truth of people that it did not see. planted_verdict_treat_all: 0 there.

Nothing was chosen by these rows: the learners' penalties are chosen by leave-one-out inside each training part, and the
knots of features were fixed before they were read.
"""

import csv
import gzip
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import figures
import numpy as np
from numpy.typing import NDArray

from tailorbird.adapters.sklearn.boosted_trees import BoostedTrees
from tailorbird.ports.regressor import RegressorError
from tailorbird.stages.uplift.curves import auuc_score, bootstrap_interval, qini_score
from tailorbird.stages.uplift.design import learn_design
from tailorbird.stages.uplift.learners import LEARNERS, Trial, draw_folds, predict_unseen
from tailorbird.stages.uplift.policy_value import (
    ActionTrial,
    Value,
    action_scores,
    difference_of,
    mean_value,
    value_ipw,
    value_of,
)
from tailorbird.stages.uplift.regressors import Fit, Matrix, Vector, fit_logistic, fit_ridge
from tailorbird.stages.uplift.verdict import judge_policy

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "hillstrom" / "hillstrom.csv.gz"
NONE, MENS, WOMENS = "No E-Mail", "Mens E-Mail", "Womens E-Mail"
ACTIONS = (NONE, MENS, WOMENS)
NUMBERS, FLAGS, TEXTS = ("recency", "history"), ("mens", "womens", "newbie"), ("zip_code", "channel")
MARGIN, COST, FOLDS, SEEDS, RANDOM_SCORES = 0.4, 0.01, 5, 3, 50
PLANTED = 30_000
PUBLISHED = {"s": 0.0595, "t": 0.0619, "x": 0.0591, "dr": 0.0612}
"""One run each on the whole set (30,000 to learn, 6,000 to test, CatBoost): yablochnikovds/uplift-bench."""


def read(path: Path) -> tuple[dict[str, list[Any]], NDArray[np.int64], Vector, Vector]:
    """(features in columns, action, visit, spend)."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns: dict[str, list[Any]] = {name: [float(row[name]) for row in rows] for name in NUMBERS}
    columns |= {name: [row[name] == "1" for row in rows] for name in FLAGS}
    columns |= {name: [row[name] for row in rows] for name in TEXTS}
    action = np.array([ACTIONS.index(row["segment"]) for row in rows], dtype=np.int64)
    visit, spend = (np.array([float(row[name]) for row in rows]) for name in ("visit", "spend"))
    return columns, action, visit, spend


def qini(
    columns: Mapping[str, Sequence[Any]], action: NDArray[np.int64], visit: Vector, seed: int, rounds: int,
    outcomes: Fit, effects: Fit,
) -> list[dict[str, Any]]:  # fmt: skip
    """The Qini of every learner, women's mail against none."""
    rows = np.flatnonzero(action != ACTIONS.index(MENS)).tolist()
    columns = {name: [values[row] for row in rows] for name, values in columns.items()}
    treated, outcome = action[rows] == ACTIONS.index(WOMENS), visit[rows]
    trial = Trial(learn_design(columns).matrix(columns), treated, outcome, np.full(len(rows), 0.5))
    found = []
    for name, learner in LEARNERS.items():
        scores = []
        for turn in range(SEEDS):
            rng = np.random.default_rng([seed, turn])
            folds = draw_folds(treated, FOLDS, rng)
            scores.append(predict_unseen(trial, learner, outcomes, effects, rng, folds))
        rng = np.random.default_rng([seed, 100])
        found.append(scored(f"qini_{name}", qini_score, outcome, scores, treated, rng, rounds))
        found[-1] |= {"peer": "published, CatBoost", "peer_value": PUBLISHED[name]}
        found[-1]["ratio"] = round(found[-1]["value"] / PUBLISHED[name], 2)
    found.append(scored("auuc_dr", auuc_score, outcome, scores, treated, rng, rounds))
    chance = [qini_score(outcome, rng.random(len(outcome)), treated) for _ in range(RANDOM_SCORES)]
    low, high = np.quantile(chance, (0.025, 0.975))
    mean = Value(float(np.mean(chance)), float(low), float(high), len(rows))
    found.append(shown("qini_random", mean, "normalised area", 4))
    return found


def scored(
    name: str, measure: Callable[..., float], outcome: Vector, scores: Sequence[Vector], treated: NDArray[np.bool_],
    rng: np.random.Generator, rounds: int,
) -> dict[str, Any]:  # fmt: skip
    """One score: the mean over seeds, the bootstrap's interval of the first."""
    mean = float(np.mean([measure(outcome, score, treated) for score in scores]))
    low, high = bootstrap_interval(measure, outcome, scores[0], treated, rng, rounds)
    return shown(name, Value(mean, low, high, len(outcome)), "normalised area", 4)


def shown(name: str, value: Value, unit: str, digits: int = 3, goal: str | None = None) -> dict[str, Any]:
    """A value as a metric."""
    told = {"value": round(value.mean, digits), "low": round(value.low, digits), "high": round(value.high, digits)}
    return figures.judged({"name": name, **told, "unit": unit}, goal)


def procedure(trial: ActionTrial, leading: Vector, folds: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """What the whole procedure, its verdict included, would give each person, from the other folds."""
    given = np.empty(len(folds), dtype=np.int64)
    for fold in range(FOLDS):
        here = folds == fold
        rng = np.random.default_rng([seed, 200, fold])
        told = judge_policy(trial.part(~here), fit_ridge, fit_ridge, rng, leading=leading[~here])
        given[here] = told.policy(trial.features[here])
    return given


def values(
    columns: Mapping[str, Sequence[Any]], action: NDArray[np.int64], visit: Vector, spend: Vector, seed: int
) -> tuple[list[dict[str, Any]], str]:
    """(the values of policies, the verdict in words)."""
    reward = MARGIN * spend - COST * (action > 0)
    shares = np.bincount(action, minlength=len(ACTIONS)) / len(action)
    trial = ActionTrial(learn_design(columns).matrix(columns), action, reward, np.tile(shares, (len(action), 1)))
    rng = np.random.default_rng([seed, 300])
    folds = draw_folds(action, FOLDS, rng)
    scores = action_scores(trial, fit_ridge, folds)
    ours = procedure(trial, visit, folds, seed)
    told = judge_policy(trial, fit_ridge, fit_ridge, rng, leading=visit)
    all_mens = np.full(len(action), ACTIONS.index(MENS))
    alike = value_of(scores, all_mens)
    found = [
        shown("policy_value_ours", value_of(scores, ours), "$ a person", 3, f"value >= {round(alike.mean, 3)}"),
        shown("policy_value_treat_all", alike, "$ a person"),
        shown("policy_value_ours_ipw", value_ipw(trial, ours), "$ a person"),
        shown("policy_value_treat_all_ipw", value_ipw(trial, all_mens), "$ a person"),
        shown("ours_minus_treat_all", difference_of(scores, ours, all_mens), "$ a person"),
        shown("value_none", told.value_alike[0], "$ a person"),
        shown("value_womens", told.value_alike[ACTIONS.index(WOMENS)], "$ a person"),
        shown("gain", told.gain, "$ a person, learned policy minus the same for all"),
        {"name": "verdict_treat_all", "value": int(not told.personalise), "unit": f"1: {ACTIONS[told.alike]} for all"},
    ]
    return found, told.sentence


def simulate(count: int, rng: np.random.Generator) -> tuple[Matrix, Matrix]:
    """(features, what each action truly earns with each person): each mail suits some and puts others off."""
    features = rng.normal(size=(count, 5))
    base = 0.2 + 0.1 * features[:, 2]
    mens = 0.25 - 0.5 * (features[:, 0] > 0.3) - COST
    womens = 0.15 - 0.5 * (features[:, 0] < -0.3) + 0.1 * features[:, 1] - COST
    return features, np.column_stack([base, base + mens, base + womens])


def planted(seed: int) -> list[dict[str, Any]]:
    """The procedure where there is something to find, judged by the truth."""
    rng = np.random.default_rng([seed, 400])
    features, truth = simulate(PLANTED, rng)
    action = rng.integers(0, len(ACTIONS), PLANTED)
    reward = truth[np.arange(PLANTED), action] + rng.normal(0, 1.5, PLANTED)
    trial = ActionTrial(features, action, reward, np.full(truth.shape, 1 / len(ACTIONS)))
    told = judge_policy(trial, fit_ridge, fit_ridge, rng)
    fresh, gains = simulate(PLANTED, rng)
    rows, given = np.arange(PLANTED), told.policy(fresh)
    best = int(np.argmax(gains.mean(axis=0)))
    perfect = float((gains.max(axis=1) - gains[:, best]).mean())
    gain = shown(
        "planted_gain", mean_value(gains[rows, given] - gains[:, best]), f"$ a person, of {perfect:.3f} to gain"
    )
    return [
        figures.judged(gain, "low >= 0.001"),
        {"name": "planted_verdict_treat_all", "value": int(not told.personalise), "unit": "0: personalise"},
    ]


def main() -> None:
    """Read, measure, print."""
    parser = figures.options(__doc__, "Hillstrom's file (.csv or .csv.gz), or another of its columns", data=DATA)
    parser.add_argument("--models", choices=("ridge", "logistic", "trees"), default="ridge", help="of the learners")
    parser.add_argument("--rounds", type=int, default=200, help="rounds of the bootstrap")
    given = parser.parse_args()
    if not given.data.is_file():
        parser.error(f"{given.data} is not there; name Hillstrom's file with --data")
    columns, action, visit, spend = read(given.data)
    outcomes: Fit = fit_logistic if given.models == "logistic" else fit_ridge
    effects: Fit = fit_ridge
    if given.models == "trees":
        try:
            outcomes = effects = BoostedTrees(given.seed)
        except RegressorError as error:
            parser.error(str(error))
    metrics = qini(columns, action, visit, given.seed, given.rounds, outcomes, effects)
    found, sentence = values(columns, action, visit, spend, given.seed)
    metrics += [*found, *planted(given.seed)]
    packages = ["tailorbird", "numpy"]
    notes = [f"learners of {given.models}", sentence]
    figures.show(
        figures.report("uplift_hillstrom", given.data, len(action), given.seed, packages, metrics, notes), given.json
    )


if __name__ == "__main__":
    main()
