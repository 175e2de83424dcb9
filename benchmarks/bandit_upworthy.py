"""Headlines tested by bandits: how many clicks each rule gets on the way, replayed on a public archive of real tests.

    python benchmarks/bandit_upworthy.py [--data packages.parquet] [--pairs FILE] [--tests N] [--simulate] [--seed N]
        [--json]

Workload: headline tests of the Upworthy Research Archive, without the weeks whose randomisation was faulty (201325 to
201402), as groups of packages of one test and one picture with at least two headlines; equal headlines count together.
Each rule shows τ impressions per headline, one after the other; a shown headline is clicked with the rate that was
observed of it, so rates of the best are a bit too high, for all rules alike. Told is the mean rate of what was shown,
averaged over tests, and the gain in per cent with a 95 % interval by 500 paired bootstraps of tests.

Rules: equal split; explore then commit (a fifth evenly, then the best); UCB (a = 0.08); Thompson sampling from
Beta(1.38, 96.11); LOLA's LLM-2UCB (a = 0.08, 1,000 impressions of prior); ours, tempered Thompson sampling with the
shares of `stages/bandits/thompson.py`: a floor, and a prior at the level that the test reaches.

LOLA and ours have the same prior of a headline, the product's creative prior (`stages/learning/creative_prior.py`).
It was learned from other tests that share no headline with the test (five folds), and from the pairs of --pairs, of
which those that share a headline or a test with the test's fold are left out (`--pairs none` does without). Its
ridge, its slope, the weight of the pairs and the strength of our prior (in clicks, so that it is worth fewer
impressions where people click more) were chosen inside these other tests. The temper (64), the floor (0.02), and that
our prior is worth half of its likeliest strength (rates that are observed scatter more than true ones) were chosen on
a quarter of the tests that is never reported on, and on simulated tests (--simulate: four arms, rates from Beta(4.14,
288.3), standard deviation of the log rate within a test 0.25, a prior that orders 61 % of pairs).
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from figures import judged, options, report, show
from headline_tests import Floats, Tests, real_tests
from headlines import read_pairs
from numpy.typing import NDArray

from tailorbird.stages.bandits.counts import expected_rates
from tailorbird.stages.bandits.lola import indices

DATA = Path("../shared/data/upworthy/packages.parquet")
PAIRS = Path("../shared/data/upworthy/pairs.csv.gz")
TAUS = (50, 100, 200, 400, 1000)
GOALS = {"ucb": "value >= 2", "ec": "value >= 5", "lola": "value >= 0"}
TEMPER, FLOOR, WORTH = 64.0, 0.02, 0.5
MEAN = 0.0142
RULES = ("equal", "ec", "ucb", "ts", "lola", "ours")


def simulated_tests(count: int, rng: np.random.Generator) -> Tests:
    """Tests of four arms with a prior that orders about 61 % of pairs."""
    base = rng.beta(4.14, 288.3, (count, 1))
    effect = rng.normal(0, 0.25, (count, 4))
    noisy = effect + rng.normal(0, 0.72, (count, 4))
    guess = noisy * 0.25**2 / (0.25**2 + 0.72**2)
    rates = np.clip(base * np.exp(effect), 1e-4, 0.5)
    return Tests(rates, np.clip(0.0142 * np.exp(guess), 1e-4, 0.5), np.full(count, 1 / 0.236**2))


def levels(won: Floats, shown: Floats, priors: Floats, here: NDArray[np.bool_], strength: Floats) -> Floats:
    """`expected_rates` of all tests at once."""
    s = strength[:, None]
    p = np.where(here, priors, 0.0142)
    start = (p * here).sum(1, keepdims=True) / here.sum(1, keepdims=True)
    total = s + shown.sum(1, keepdims=True)
    reached, said = (
        (s * start + won.sum(1, keepdims=True)) / total,
        (s * start + (shown * p).sum(1, keepdims=True)) / total,
    )
    odds = p / (1 - p) * (reached / (1 - reached)) / (said / (1 - said))
    made: Floats = np.clip(odds / (1 + odds), 1e-6, 1 - 1e-6)
    return made


def play(rule: str, tests: Tests, rng: np.random.Generator, temper: float = TEMPER, floor: float = FLOOR) -> Floats:
    """(tests × TAUS) the mean rate of what the rule had shown after τ impressions per headline."""
    here = np.isfinite(tests.rates)
    n, arms = tests.rates.shape
    count = here.sum(axis=1)
    rates, priors = np.where(here, tests.rates, 0.0), np.where(here, tests.priors, 0.5)
    won, shown, earned = np.zeros((n, arms)), np.zeros((n, arms)), np.zeros(n)
    told = np.zeros((n, len(TAUS)))
    for t in range(int(count.max()) * TAUS[-1]):
        alive = np.flatnonzero(t < count * TAUS[-1])
        at = chosen(
            rule, won[alive], shown[alive], priors[alive], here[alive], tests.strength[alive], rng, temper, floor
        )
        rate = rates[alive, at]
        won[alive, at] += rng.random(len(alive)) < rate
        shown[alive, at] += 1
        earned[alive] += rate
        for place, tau in enumerate(TAUS):
            done = count * tau == t + 1
            told[done, place] = earned[done] / (t + 1)
    return told


def chosen(
    rule: str, won: Floats, shown: Floats, priors: Floats, here: NDArray[np.bool_], strength: Floats,
    rng: np.random.Generator, temper: float, floor: float,
) -> NDArray[np.int64]:  # fmt: skip
    """The arm that each test shows next."""
    n = len(won)
    rounds = np.maximum(shown, 1.0 * here).sum(axis=1, keepdims=True)
    if rule == "ucb":
        value = won / np.maximum(shown, 1) + 0.08 * np.sqrt(np.log(rounds) / np.maximum(shown, 1))
    elif rule == "lola":
        value = indices(won, shown, priors, 0.08, 1000.0, rounds)
    elif rule == "ts":
        value = rng.beta(1.38 + won, 96.11 + shown - won)
    else:
        strength = strength * WORTH
        s = strength / MEAN
        for _ in range(2):
            mean = levels(won, shown, priors, here, s)
            s = strength / ((mean * here).sum(axis=1) / here.sum(axis=1))
        s, h = s[:, None], temper
        value = rng.beta(h * (s * mean + won), h * (s * (1 - mean) + shown - won))
    value = np.where(here, value, -np.inf)
    if rule in ("ucb", "lola"):
        value = value + np.where(here, rng.random(value.shape) * 1e-9, 0.0)
    arm: NDArray[np.int64] = value.argmax(axis=1)
    if rule == "ours":
        explore = rng.random(n) < floor
        arm = np.where(explore, (rng.random(n) * here.sum(axis=1)).astype(np.int64), arm)
    return arm


def even_and_commit(tests: Tests, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """(equal split, explore then commit): tests × TAUS mean rates."""
    here = np.isfinite(tests.rates)
    rates, count = np.where(here, tests.rates, 0.0), here.sum(axis=1)
    even = rates.sum(axis=1) / count
    commit = []
    for tau in TAUS:
        each = max(round(0.2 * tau), 1)
        seen = np.where(here, rng.binomial(each, rates) + rng.random(rates.shape) * 1e-6, -1)
        best = rates[np.arange(len(rates)), seen.argmax(axis=1)]
        commit.append((each * even + (tau - each) * best) / tau)
    return np.tile(even[:, None], len(TAUS)), np.stack(commit, axis=1)


def gain(ours: Floats, theirs: Floats, rng: np.random.Generator) -> tuple[float, float, float]:
    """(gain in per cent, low, high) of the mean over tests."""
    drawn = rng.integers(0, len(ours), (500, len(ours)))
    ratios = 100 * (ours[drawn].mean(axis=1) / theirs[drawn].mean(axis=1) - 1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return float(100 * (ours.mean() / theirs.mean() - 1)), float(low), float(high)


def metrics(found: dict[str, Floats], rng: np.random.Generator) -> list[dict[str, Any]]:
    """Gains of ours over each rule, and of every rule over the equal split."""
    made = []
    for peer in ("ucb", "ec", "lola", "ts", "equal"):
        for place, tau in enumerate(TAUS):
            value, low, high = gain(found["ours"][:, place], found[peer][:, place], rng)
            told = {"name": f"gain_over_{peer}_{tau}", "value": round(value, 2), "low": round(low, 2)}
            made.append(judged(told | {"high": round(high, 2), "unit": "%"}, GOALS.get(peer)))
    for rule in ("ec", "ucb", "ts", "lola"):
        for place, tau in enumerate(TAUS):
            value, low, high = gain(found[rule][:, place], found["equal"][:, place], rng)
            told = {"name": f"{rule}_over_equal_{tau}", "value": round(value, 2), "low": round(low, 2)}
            made.append(told | {"high": round(high, 2), "unit": "%"})
    return made


def main() -> None:
    """Replay and print."""
    parser = options(__doc__, "packages of the archive (Parquet)", data=DATA)
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="pairs of other tests for the prior, or none")
    parser.add_argument("--tests", type=int, default=500, help="so many tests, drawn from the seed; 0: all")
    parser.add_argument("--simulate", action="store_true", help="simulated tests instead")
    asked: argparse.Namespace = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    if not asked.simulate and not asked.data.exists():
        parser.error(f"there is no {asked.data}; --data takes packages.parquet, and --simulate needs none")
    pairs = read_pairs(asked.pairs) if not asked.simulate and asked.pairs.exists() else None
    if pairs is None and not asked.simulate and str(asked.pairs) not in ("none", str(PAIRS)):
        parser.error(f"there is no {asked.pairs}; --pairs takes a file of pairs, or none")
    tests = (
        simulated_tests(asked.tests or 1500, rng) if asked.simulate else real_tests(asked.data, asked.tests, rng, pairs)
    )
    row = int(np.isfinite(tests.rates[0]).sum())
    assert np.allclose(
        levels(
            np.ones((1, row)),
            np.full((1, row), 90.0),
            tests.priors[:1, :row],
            np.ones((1, row), bool),
            np.array([300.0]),
        ),
        expected_rates(np.ones(row), np.full(row, 90.0), tests.priors[0, :row], 300.0),
    )
    even, commit = even_and_commit(tests, rng)
    found = {"equal": even, "ec": commit} | {rule: play(rule, tests, rng) for rule in RULES[2:]}
    headlines, right = int(np.isfinite(tests.rates).sum()), ordered(tests)
    strength = np.median(tests.strength)
    taught = "none" if pairs is None else f"{len(pairs.first):,}, less those of the told tests"
    notes = [
        f"{len(tests.rates):,} tests, {headlines:,} headlines; the prior orders {right:.1%} of pairs",
        f"pairs of other tests for the prior: {'-' if asked.simulate else taught}",
        f"ours: temper {TEMPER:g}, floor {FLOOR:g}, strength {strength:,.0f} clicks (median over tests)",
    ]
    data = "simulated" if asked.simulate else asked.data
    show(
        report(
            "bandit_upworthy", data, len(tests.rates), asked.seed, ["numpy", "tailorbird"], metrics(found, rng), notes
        ),
        asked.json,
    )


def ordered(tests: Tests) -> float:
    """The share of pairs of headlines of a test that the prior puts in the order of their rates."""
    a, b = np.triu_indices(tests.rates.shape[1], 1)
    rate, prior = tests.rates[:, a] - tests.rates[:, b], tests.priors[:, a] - tests.priors[:, b]
    known = np.isfinite(rate) & (rate != 0) & (prior != 0)
    return float((np.sign(rate[known]) == np.sign(prior[known])).mean())


if __name__ == "__main__":
    main()
