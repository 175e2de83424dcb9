"""Off-policy estimators on Open Bandit: what Bernoulli Thompson sampling earned, told from the random policy's log.

    python benchmarks/ope_open_bandit.py [--data FOLDER] [--campaign all|men|women] [--seed N] [--json]

FOLDER holds random-CAMPAIGN.csv.gz and bts-CAMPAIGN.csv.gz (the sample that its authors publish), or the full set as
it is published: random/CAMPAIGN/CAMPAIGN.csv and bts/CAMPAIGN/CAMPAIGN.csv. Columns: item_id, position, click,
propensity_score, user_feature_0 to 3.

Protocol: the policy to be evaluated draws items with the shares that they had in its own log, by position (clicks of
that log are not looked at). Each estimator sees the random log only, drawn again with replacement 30 times;
relative_error is |estimate - truth| / truth, the truth being the click rate of the other log: mean over the 30, and
the range that holds 95 % of them. Published beside it: the errors that the data's own estimators had with 30
bootstraps of the same sample of 10,000 rows ("all").

The second part asks whether the intervals are true: 1,000 logs of a simulator with known truth (6 situations, 10 arms,
rewards of 1 to 10 %, 10,000 draws each, 40 pairs of policies). `coverage` is the share of the logs in which the
95 % interval of the doubly robust estimate holds the truth, among those that are not refused. Settings of the
estimators are fixed in the source, and were chosen on that simulator with other seeds.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import figures
import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.off_policy.draws import LoggedDraws, even_folds
from tailorbird.stages.off_policy.estimators import BIASED, ESTIMATORS
from tailorbird.stages.off_policy.evaluation import Evaluation, evaluate_policy
from tailorbird.stages.off_policy.overlap import SUCCESSES_MIN

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("TAILORBIRD_DATA", HERE.parent.parent / "shared" / "data")) / "open-bandit"
BOOTSTRAPS, FOLDS, LOGS, DRAWS, PAIRS = 30, 2, 1_000, 10_000, 40
SITUATIONS, ARMS = 6, 10
PUBLISHED = {"dm": 0.157, "ips": 0.311, "snips": 0.312, "dr": 0.292, "sndr": 0.302, "switch_dr": 0.258, "dros": 0.160}
CONTEXT = ("position", "user_feature_0", "user_feature_1", "user_feature_2", "user_feature_3")

Columns = Mapping[str, NDArray[Any]]


def find_file(folder: Path, policy: str, campaign: str) -> Path:
    """The log of a policy in the folder, in one of its two layouts. Exits with a message where there is none."""
    names = (f"{policy}-{campaign}.csv.gz", f"{policy}-{campaign}.csv", f"{policy}/{campaign}/{campaign}.csv")
    for name in names:
        if (folder / name).exists():
            return folder / name
    sys.exit(f"ope_open_bandit: there is no {names[0]} in {folder}; name the folder with --data, or another --campaign")


def read_log(path: Path) -> Columns:
    """The columns of a log, texts as numbers from 0."""
    import duckdb

    users = ", ".join(f'dense_rank() OVER (ORDER BY "{name}") - 1 AS "{name}"' for name in CONTEXT[1:])
    query = f"""SELECT item_id::BIGINT AS item_id, dense_rank() OVER (ORDER BY position) - 1 AS position,
      click::DOUBLE AS click, propensity_score::DOUBLE AS propensity_score, {users}
      FROM read_csv($path, header = true) ORDER BY "timestamp", item_id"""
    return duckdb.execute(query, {"path": str(path)}).fetchnumpy()


def shares(log: Columns, arms: int) -> NDArray[np.float64]:
    """(positions × arms) How often each item stood in each position."""
    positions = int(log["position"].max()) + 1
    found = np.bincount(log["position"] * arms + log["item_id"], minlength=positions * arms).reshape(positions, arms)
    result: NDArray[np.float64] = found / found.sum(axis=1, keepdims=True)
    return result


def draws_of(log: Columns, rows: NDArray[np.int64], generator: np.random.Generator) -> LoggedDraws:
    """The draws at `rows`, in random folds: copies of one row are one unit, and stay together."""
    unit = np.unique(rows, return_inverse=True)[1]
    return LoggedDraws(
        arm=log["item_id"][rows],
        propensity=log["propensity_score"][rows],
        reward=log["click"][rows],
        situation=log["position"][rows],
        context=np.stack([log[name][rows] for name in CONTEXT], axis=1),
        unit=np.arange(len(rows)),
        fold=even_folds(unit, FOLDS, generator),
    )


def relative_errors(
    log: Columns, policy: NDArray[np.float64], truth: float, seed: int
) -> tuple[dict[str, list[float]], Evaluation]:
    """({estimator: its relative error in each bootstrap}, the evaluation of the log as it is)."""
    generator = np.random.default_rng(seed)
    n = len(log["click"])
    whole = evaluate_policy(draws_of(log, np.arange(n), generator), policy)
    errors: dict[str, list[float]] = {name: [] for name in ESTIMATORS}
    for _ in range(BOOTSTRAPS):
        found = evaluate_policy(draws_of(log, generator.integers(0, n, n), generator), policy)
        for name, estimate in found.estimates.items():
            errors[name].append(abs(estimate.value - truth) / truth)
    return errors, whole


def open_bandit(folder: Path, campaign: str, seed: int) -> tuple[int, list[dict[str, Any]], list[str]]:
    """(rows read, metrics, notes)."""
    random, bts = (read_log(find_file(folder, policy, campaign)) for policy in ("random", "bts"))
    arms = int(max(random["item_id"].max(), bts["item_id"].max())) + 1
    truth, clicks, n = float(bts["click"].mean()), int(bts["click"].sum()), len(bts["click"])
    if not clicks:
        sys.exit(f"ope_open_bandit: the log of the policy to be evaluated has no click in {n:,} rows: no truth")
    errors, whole = relative_errors(random, shares(bts, arms), truth, seed)
    low, high = figures.wilson(clicks, n)
    sample = campaign == "all" and len(random["click"]) == DRAWS
    metrics = []
    for name, found in errors.items():
        ends = np.quantile(found, (0.025, 0.975))
        metric: dict[str, Any] = {
            "name": f"relative_error_{name}",
            "value": round(float(np.mean(found)), 3),
            "unit": "of the truth",
        }
        metric |= {"low": round(float(ends[0]), 3), "high": round(float(ends[1]), 3)}
        if sample:
            metric |= {"peer": "published", "peer_value": PUBLISHED[name]}
            metric["ratio"] = round(metric["value"] / PUBLISHED[name], 2)
        metrics.append(metric)
    notes = [
        f"campaign {campaign}: the policy earned {truth:.4%} ({clicks:,} clicks; interval {low:.4%} to {high:.4%})",
        f"the random log has {int(random['click'].sum()):,} clicks; {whole.overlap.effective:,.0f} effective draws and "
        f"{whole.overlap.successes:,.1f} effective clicks are like the policy's",
        _conclusion(whole, truth, (low, high)),
    ]
    return len(random["click"]) + n, metrics, notes


def _conclusion(whole: Evaluation, truth: float, span: tuple[float, float]) -> str:
    dr = whole.estimates["dr"]
    said = f"dr says {dr.value:.4%} ({dr.low:.4%} to {dr.high:.4%})"
    wide = (span[1] - span[0]) / truth
    if whole.overlap.why or wide > 0.2:
        why = whole.overlap.why or "there is too little of it"
        return (
            f"THIS DECIDES NOTHING: {why}, and the truth itself is known to ± {wide / 2:.0%} only. No estimator is "
            f"better than another here, and `tailorbird replay` would refuse to answer; {said}"
        )
    inside = "inside" if (dr.low or 0) <= truth <= (dr.high or 0) else "outside"
    return f"{said}; the truth lies {inside}"


def simulated_pair(generator: np.random.Generator) -> tuple[NDArray[np.float64], ...]:
    """(logged policy, evaluated policy, true rates), each situations × arms."""
    base = np.log(generator.uniform(0.015, 0.06))
    logit = base + generator.normal(0, 0.5, (SITUATIONS, 1)) + generator.normal(0, 0.4, ARMS)
    logit = logit + generator.normal(0, 0.2, (SITUATIONS, ARMS))

    def policy(floor: float) -> NDArray[np.float64]:
        share = np.exp(generator.normal(size=(SITUATIONS, ARMS)))
        result: NDArray[np.float64] = (1 - floor) * share / share.sum(axis=1, keepdims=True) + floor / ARMS
        return result

    return policy(0.2), policy(0.05), 1 / (1 + np.exp(-logit))


def simulated_log(
    logged: NDArray[np.float64], rate: NDArray[np.float64], generator: np.random.Generator
) -> LoggedDraws:
    """A log of DRAWS draws by the logged policy."""
    situation = generator.integers(0, SITUATIONS, DRAWS)
    arm = (generator.random(DRAWS)[:, None] > logged.cumsum(axis=1)[situation]).sum(axis=1).clip(max=ARMS - 1)
    reward = (generator.random(DRAWS) < rate[situation, arm]).astype(float)
    unit = np.arange(DRAWS)
    fold = even_folds(unit, FOLDS, generator)
    return LoggedDraws(arm, logged[situation, arm], reward, situation, situation[:, None], unit, fold)


def coverage(logs: int, seed: int) -> tuple[list[dict[str, Any]], str]:
    """How often intervals hold the truth, and the errors of dr and ips: (metrics, note)."""
    generator = np.random.default_rng(seed)
    held: dict[str, int] = {name: 0 for name in ESTIMATORS if name not in BIASED}
    errors: dict[str, list[float]] = {name: [] for name in ESTIMATORS}
    refused = told = unfit = 0
    for at in range(logs):
        if at % max(logs // PAIRS, 1) == 0:
            logged, policy, rate = simulated_pair(generator)
            truth = float((policy * rate).sum() / SITUATIONS)
        found = evaluate_policy(simulated_log(logged, rate, generator), policy, logged)
        unfit += abs(found.overlap.weight_mean - 1) > 3 * found.overlap.weight_error
        for name, estimate in found.estimates.items():
            errors[name].append(estimate.value / truth - 1)
        if found.overlap.why:
            refused += 1
            continue
        told += 1
        for name in held:
            estimate = found.estimates[name]
            held[name] += estimate.low is not None and estimate.low <= truth <= (estimate.high or 0)
    unit = f"of {told:,} simulated logs"
    main_one = figures.share("coverage", held["dr"], told, unit)
    metrics = [main_one | {"goal": "0.93 to 0.97", "met": 0.93 <= main_one["value"] <= 0.97}]
    metrics += [figures.share(f"coverage_{name}", held[name], told, unit) for name in held if name != "dr"]
    rmse = {name: float(np.sqrt(np.mean(np.square(errors[name])))) for name in ESTIMATORS}
    metrics += [
        {"name": f"rmse_{name}", "value": round(rmse[name], 4), "unit": "of the truth, simulated"}
        for name in ESTIMATORS
    ]
    metrics.append(
        figures.judged(
            {"name": "rmse_dr_over_ips", "value": round(rmse["dr"] / rmse["ips"], 3), "unit": "times"}, "value <= 1"
        )
    )
    note = (
        f"simulator: {refused} of {logs:,} logs refused (fewer than {SUCCESSES_MIN:.0f} effective successes, or thin "
        f"overlap); the mean weight is more than 3 standard errors from 1 in {unfit}"
    )
    return metrics, note


def main() -> None:
    """The command line."""
    parser = figures.options(__doc__, "the folder of Open Bandit's logs", data=DATA)
    parser.add_argument("--campaign", choices=("all", "men", "women"), default="all")
    parser.add_argument("--logs", type=int, default=LOGS, help="how many logs are simulated")
    chosen = parser.parse_args()
    rows, metrics, notes = open_bandit(chosen.data, chosen.campaign, chosen.seed)
    truths, note = coverage(chosen.logs, chosen.seed)
    found = figures.report(
        "ope_open_bandit", chosen.data, rows, chosen.seed, ("tailorbird", "numpy"), metrics + truths, [*notes, note]
    )
    figures.show(found, chosen.json)


if __name__ == "__main__":
    main()
