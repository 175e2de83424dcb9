"""A/A tests: how often each way of looking finds a difference where there is none, and whether intervals hold.

    python benchmarks/aa.py [--data HILLSTROM.csv.gz] [--runs N] [--seed N] [--json] [--peers .venv-peers]

Simulated: `runs` experiments of 20,000 people in two equal arms, 5 % of whom convert, looked at 100 times. The
intervals are the product's (`share_interval`, n_star the planned people, nothing said below 25 conversions in an arm,
as in a report); beside them the z test of 95 % at each look. `coverage` is the share of as many experiments with a true
effect of 0.5 points whose interval held it at all 100 looks; `coverage_fixed` that of a Welch interval at the end only.
`srm_false_alarm` is the product's e-value for the split, looked at 100 times, alarm at 1,000.

`cuped_error` is how far the variance that a covariate with r = .6 leaves is from 1 - r²: relative, mean over runs of
1,000 people; `cuped_drawn` is the variance of the adjusted differences over runs, beside that of the plain ones.

With --data (columns visit, spend), people of a real campaign are split at random, `runs` times, 100 looks each: visits,
and spend, whose largest sums are cut off as in a report. Nothing is tuned on these rows.

What SciPy and tea-tasting compute too must be equal to four digits: Welch's test, a chi-square for the split, two
shares; means with and without a covariate, and a ratio of means.
"""

import csv
import gzip
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import figures
import numpy as np
import numpy.typing as npt
from readout import find_peer, largest_difference, tea_tasting

from tailorbird.stages.measurement.confidence_sequence import share_interval
from tailorbird.stages.measurement.estimates import always_valid, estimate
from tailorbird.stages.measurement.fixed_horizon import fixed_horizon, two_shares_p
from tailorbird.stages.measurement.moments import Moments, moments_of
from tailorbird.stages.measurement.readout import MIN_CONVERSIONS, MIN_ORDERS, VALUE_QUANTILE
from tailorbird.stages.measurement.srm import srm_p
from tailorbird.stages.measurement.srm_sequence import split_log_e
from tailorbird.types.readout import Effect

RUNS, LOOKS, PEOPLE, RATE, LIFT = 2_000, 100, 20_000, 0.05, 0.005
SRM_ALARM = math.log(1_000)
HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("TAILORBIRD_DATA", HERE.parent.parent / "shared" / "data")) / "hillstrom/hillstrom.csv.gz"
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def draw(rng: np.random.Generator, runs: int, lift: float) -> tuple[Counts, Counts, Counts, Counts]:
    """(people, conversions) of both arms at each look: runs × looks, as if people came one by one."""
    block = PEOPLE // LOOKS
    treated = rng.binomial(block, 0.5, (runs, LOOKS))
    parts = (treated, rng.binomial(treated, RATE + lift), block - treated, rng.binomial(block - treated, RATE))
    n_t, x_t, n_c, x_c = (part.cumsum(axis=1) for part in parts)
    return n_t, x_t, n_c, x_c


def watch(n_t: Sequence[int], x_t: Sequence[int], n_c: Sequence[int], x_c: Sequence[int], truth: float) -> list[bool]:
    """Of one experiment: whether an interval ever excluded zero, ever missed the truth, a z test ever found, the
    split's e-value ever alarmed, its chi-square ever did, and whether Welch's last interval held the truth."""
    excluded = missed = naive = alarmed = chi = False
    for at in range(len(n_t)):
        counts = int(x_t[at]), int(n_t[at]), int(x_c[at]), int(n_c[at])
        alarmed |= split_log_e((counts[1], counts[3]), (0.5, 0.5)) >= SRM_ALARM
        chi |= (srm_p(counts[1], counts[3], 0.5) or 1.0) < 0.001
        if min(counts[0], counts[2]) < MIN_CONVERSIONS:
            continue
        low, high, _ = share_interval(*counts, n_star=PEOPLE)
        excluded |= low > 0 or high < 0
        missed |= not low <= truth <= high
        naive |= (two_shares_p(*counts) or 1.0) < 0.05
    last = fixed_horizon(estimate(shares(counts[0], counts[1]), shares(counts[2], counts[3])))
    return [excluded, missed, naive, alarmed, chi, last is not None and last.low <= truth <= last.high]


def shares(x: float, n: float) -> Moments:
    """The sums of a yes/no outcome."""
    return Moments(n, x, yy=x)


def simulated(rng: np.random.Generator, runs: int) -> list[dict[str, Any]]:
    """The figures of simulated experiments."""
    null = np.array([watch(*each, 0.0) for each in zip(*draw(rng, runs, 0.0), strict=True)])
    lifted = np.array([watch(*each, LIFT) for each in zip(*draw(rng, runs, LIFT), strict=True)])
    unit = f"of {runs:,} runs of {LOOKS} looks"
    return [
        share("false_positive", null[:, 0], unit, "value <= 0.05"),
        share("naive_false_positive", null[:, 2], unit),
        share("srm_false_alarm", null[:, 3], unit, "value <= 0.001"),
        share("srm_chi_square_false_alarm", null[:, 4], unit),
        share("coverage", ~lifted[:, 1], unit, "value >= 0.95"),
        share("coverage_fixed", lifted[:, 5], f"of {runs:,} runs, looked at once"),
        share("power", lifted[:, 0], f"{unit}, {LIFT:.1%} planted"),
    ]


def share(name: str, hits: npt.NDArray[np.bool_], unit: str, goal: str | None = None) -> dict[str, Any]:
    """A share with Wilson's interval, to four digits."""
    low, high = figures.wilson(int(hits.sum()), len(hits))
    found = {"name": name, "value": round(float(hits.mean()), 4), "low": round(low, 4), "high": round(high, 4)}
    return figures.judged(found | {"unit": unit}, goal)


def cuped(rng: np.random.Generator, runs: int, r: float = 0.6, people: int = 500) -> list[dict[str, Any]]:
    """How much variance a covariate leaves, beside 1 - r²."""
    kept, adjusted, plain = [], [], []
    for _ in range(runs):
        x = rng.normal(0, 1, (2, people))
        y = r * x + math.sqrt(1 - r * r) * rng.normal(0, 1, (2, people))
        arms = moments_of(y[0], x=x[0]), moments_of(y[1], x=x[1])
        found = estimate(*arms)
        kept.append(found.kept)
        adjusted.append(found.difference or 0.0)
        plain.append(estimate(*arms, adjust=False).difference or 0.0)
    ratio = float(np.mean(kept))
    error = {"name": "cuped_error", "value": round(abs(ratio / (1 - r * r) - 1), 4), "unit": f"of 1 - r² = {1 - r * r}"}
    drawn = float(np.var(adjusted) / np.var(plain))
    reach = 1.96 * math.sqrt(4 * (1 - (1 - r * r)) / runs) * drawn
    return [
        figures.judged(error, "value <= 0.02"),
        {"name": "cuped_drawn", "value": round(drawn, 3), "low": round(drawn - reach, 3),
         "high": round(drawn + reach, 3), "unit": "variance of differences, adjusted over plain"},
    ]  # fmt: skip


def read_people(path: Path) -> tuple[Floats, Floats]:
    """(visit, spend) of a real campaign's people."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [(float(row["visit"]), float(row["spend"])) for row in csv.DictReader(file)]
    visit, spend = np.array(rows).T
    return visit, spend


def real(rng: np.random.Generator, runs: int, visit: Floats, spend: Floats) -> list[dict[str, Any]]:
    """False positives on real outcomes, split at random."""
    capped = np.minimum(spend, np.quantile(spend[spend > 0], VALUE_QUANTILE))
    found = np.array([[look_often(rng, visit, MIN_CONVERSIONS), look_often(rng, capped, MIN_ORDERS)]
                      for _ in range(runs)])  # fmt: skip
    unit = f"of {runs:,} runs of {LOOKS} looks"
    return [share(f"false_positive_{name}", found[:, at], unit, "value <= 0.05")
            for at, name in enumerate(("visit", "spend"))]  # fmt: skip


def look_often(rng: np.random.Generator, outcome: Floats, floor: int) -> bool:
    """Whether the interval of a mean ever excludes zero, people coming in random order and split at random."""
    mixed, arm = rng.permutation(outcome), rng.random(len(outcome)) < 0.5
    looks = np.linspace(0, len(mixed), LOOKS + 1).astype(int)[1:] - 1
    # At each look, by arm: people, people with an outcome, sum, sum of squares.
    parts = [[column.cumsum()[looks] for column in (inside * 1.0, inside * (mixed > 0), inside * mixed,
              inside * mixed**2)] for inside in (arm, ~arm)]  # fmt: skip
    for at in range(LOOKS):
        (n_t, some_t, y_t, yy_t), (n_c, some_c, y_c, yy_c) = ([float(each[at]) for each in arm] for arm in parts)
        if min(some_t, some_c) >= floor:
            effect = always_valid(estimate(Moments(n_t, y_t, yy=yy_t), Moments(n_c, y_c, yy=yy_c)), len(mixed))
            if effect is not None and effect.excludes_zero:
                return True
    return False


def against_scipy(rng: np.random.Generator) -> float:
    """The largest relative difference to SciPy: Welch's p and bounds, the split's chi-square, two shares."""
    from scipy import stats

    pairs: list[tuple[float, float]] = []
    for size in (40, 700, 30_000):
        t, c = rng.gamma(2, 3, size), rng.gamma(2, 3.1, size // 2)
        ours, theirs = fixed_horizon(estimate(moments_of(t), moments_of(c))), stats.ttest_ind(t, c, equal_var=False)
        assert ours is not None
        interval = theirs.confidence_interval()
        pairs += [(ours.p, theirs.pvalue), (ours.low, interval.low), (ours.high, interval.high)]
        counts = int(size * 0.52), size - int(size * 0.52)
        pairs.append((srm_p(*counts, 0.5) or 0.0, stats.chisquare(counts).pvalue if size > 40 else
                      stats.binomtest(counts[0], size).pvalue))  # fmt: skip
        table = [[size // 10, size - size // 10], [size // 9, size - size // 9]]
        p = two_shares_p(table[0][0], size, table[1][0], size)
        pairs.append((p or 0.0, stats.chi2_contingency(table, correction=False).pvalue))
    return max(abs(mine / theirs - 1) for mine, theirs in pairs)


def against_tea_tasting(rng: np.random.Generator, python: Path) -> float:
    """The largest relative difference to tea-tasting: a mean, one with a covariate, a ratio of means."""
    size = 5_000
    arm = rng.integers(0, 2, size).astype("int8")
    habit, orders = rng.gamma(4, 5, size), rng.poisson(2, size) + 1.0
    columns = {"arm": arm, "habit": habit, "orders": orders,
               "money": orders * (habit + rng.gamma(4, 1, size)) + 8.0 * arm}  # fmt: skip
    metrics = {"mean": {"y": "money"}, "cuped": {"y": "money", "x": "habit"}, "ratio": {"y": "money", "b": "orders"}}
    ours: dict[str, Effect] = {}
    for name, chosen in metrics.items():
        parts = {part: columns[column] for part, column in chosen.items()}
        control, treated = (
            moments_of(**{part: column[arm == side] for part, column in parts.items()}) for side in (0, 1)
        )
        effect = fixed_horizon(estimate(treated, control, ratio="b" in chosen))
        assert effect is not None
        ours[name] = effect
    with tea_tasting(python, columns, metrics) as (theirs, _):
        return largest_difference(ours, theirs)


def main() -> None:
    """Measure, and print."""
    parser = figures.options(__doc__, "a campaign's people: a .csv.gz with visit and spend", data=DATA)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--peers", type=Path, default=HERE.parent / ".venv-peers", help="where the peer is installed")
    chosen = parser.parse_args()
    rng = np.random.default_rng(chosen.seed)
    metrics, notes, rows = [*simulated(rng, chosen.runs), *cuped(rng, chosen.runs)], [], 0
    if chosen.data.exists():
        visit, spend = read_people(chosen.data)
        rows = len(visit)
        metrics += real(rng, chosen.runs, visit, spend)
    else:
        notes.append(f"there is no {chosen.data}: name a campaign's people with --data; left out")
    equal = {"scipy": against_scipy(rng)}
    if python := find_peer(chosen.peers):
        equal["tea_tasting"] = against_tea_tasting(rng, python)
    else:
        notes.append("tea-tasting is not installed: make peers; left out")
    for name, difference in equal.items():
        found = {"name": f"difference_from_{name}", "value": float(f"{difference:.1e}"), "unit": "relative, at most"}
        metrics.append(figures.judged(found, "value <= 0.00005"))
    packages = ("tailorbird", "numpy", "scipy")
    figures.show(figures.report("aa", chosen.data, rows, chosen.seed, packages, metrics, notes), chosen.json)


if __name__ == "__main__":
    main()
