"""A read-out of ten million users, from columns and from running sums, against tea-tasting.

    python benchmarks/readout.py [--data FILE.npz] [--users N] [--rounds N] [--seed N] [--json] [--peers .venv-peers]

Two arms, two metrics: the share who bought, and revenue adjusted by what people spent before (CUPED). Both sides give
effect, interval and p of both metrics (Welch's, which tea-tasting has). FILE.npz has the columns arm (0, 1), bought,
revenue and before; without it, they are made from the seed.

From columns, both sides are given the users' columns in memory, and ours reads them with as many threads as there are
processors. From running sums, ours reads 28 days × 2 arms × 2 metrics from the state database, a SQLite file, which
adds them up, and gives always-valid intervals besides. Keeping the sums costs a pass over the users of the days that
are still open; it is not in that figure, and told as a note. Both sides run by turns, warm.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import figures
import numpy as np
import numpy.typing as npt
from peer_process import peer_process

from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.metric_sums import SqlMetricSums
from tailorbird.stages.measurement.column_sums import MetricColumns, sums_by_arm
from tailorbird.stages.measurement.estimates import always_valid, estimate
from tailorbird.stages.measurement.fixed_horizon import fixed_horizon
from tailorbird.stages.measurement.moments import Moments, sums_of
from tailorbird.types.day_sums import DaySums
from tailorbird.types.readout import Effect

USERS, ROUNDS, DAYS = 10_000_000, 3, 28
PEER = "tea-tasting, Arrow table"
HERE = Path(__file__).resolve().parent
METRICS = {"bought": {"y": "bought"}, "revenue": {"y": "revenue", "x": "before"}}
FIELDS = ("difference", "low", "high")
ARMS = ("control", "treatment")
Columns = Mapping[str, npt.NDArray[Any]]


def make_users(users: int, seed: int) -> dict[str, npt.NDArray[Any]]:
    """Users of an experiment: arm, whether they bought (5.0 and 5.2 %), revenue, and what they spent before."""
    rng = np.random.default_rng(seed)
    arm = rng.integers(0, 2, users).astype("int8")
    before = rng.gamma(2, 10, users)
    bought = (rng.random(users) < 0.05 + 0.002 * arm).astype("int8")
    revenue = np.where(bought, before * 0.5 + rng.gamma(2, 20, users), 0.0)
    return {"arm": arm, "bought": bought, "revenue": revenue, "before": before}


def metric_columns(users: Columns, rows: slice = slice(None)) -> list[MetricColumns]:
    """The two metrics' columns."""
    return [MetricColumns(users["bought"][rows]), MetricColumns(users["revenue"][rows], x=users["before"][rows])]


def from_columns(users: Columns) -> dict[str, Effect]:
    """The read-out from the users' columns."""
    control, treated = sums_by_arm(users["arm"], 2, metric_columns(users), threads=os.cpu_count() or 1)
    return read_out(treated, control)


def read_out(treated: list[Moments], control: list[Moments]) -> dict[str, Effect]:
    """Effect, interval and p of each metric."""
    found = {}
    for name, mine, theirs in zip(METRICS, treated, control, strict=True):
        effect = fixed_horizon(estimate(mine, theirs))
        assert effect is not None
        found[name] = effect
    return found


def keep_sums(users: Columns, store: SqlMetricSums) -> float:
    """Put the sums of each day into the store, users spread evenly over the days; the seconds of the last day."""
    edges = np.linspace(0, len(users["arm"]), DAYS + 1).astype(int)
    seconds = 0.0
    for day in range(DAYS):
        before = time.perf_counter()
        rows = slice(edges[day], edges[day + 1])
        by_arm = sums_by_arm(users["arm"][rows], 2, metric_columns(users, rows))
        name = f"2026-10-{day + 1:02d}"
        store.replace("benchmark", [name], [
            DaySums(arm, metric, "", name, sums_of(sums), "2026-11-20T00:00:00+00:00")
            for arm, metrics in zip(ARMS, by_arm, strict=True) for metric, sums in zip(METRICS, metrics, strict=True)
        ])  # fmt: skip
        seconds = time.perf_counter() - before
    return seconds


def from_sums(store: SqlMetricSums) -> dict[str, Effect]:
    """The read-out from running sums, with the always-valid intervals too."""
    sums = {(row.arm, row.metric): Moments(*row.sums) for row in store.read("benchmark", by=())}
    control, treated = ([sums[arm, metric] for metric in METRICS] for arm in ARMS)
    for mine, theirs in zip(treated, control, strict=True):
        always_valid(estimate(mine, theirs), mine.n + theirs.n)
    return read_out(treated, control)


@contextmanager
def tea_tasting(
    python: Path, columns: Columns, metrics: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[dict[str, dict[str, float]], Callable[[], tuple[float, float]]]]:
    """(what tea-tasting finds in each metric, a call that tells what it takes once more: seconds, CPU-seconds)."""
    with tempfile.TemporaryDirectory() as folder:
        for name, column in columns.items():
            np.save(Path(folder) / f"{name}.npy", column)
        given = {"folder": folder, "arm": "arm", "metrics": metrics}
        with peer_process(python, "readout_peer.py", given) as (found, ask):
            yield found, lambda: ask("again")


def find_peer(peers: Path) -> Path | None:
    """The Python that has tea-tasting; None where it is not installed."""
    python = peers / "bin" / "python"
    if not python.exists():
        return None
    found = subprocess.run([python, "-c", "import tea_tasting"], capture_output=True).returncode == 0
    return python if found else None


def largest_difference(ours: Mapping[str, Effect], theirs: Mapping[str, Mapping[str, float]]) -> float:
    """The largest relative difference between two read-outs, over effects and bounds.

    A p of 1e-50 says nothing in its digits: an error in the sixth digit of a variance is one in the third of such a p.
    """
    pairs = [(getattr(ours[name], field), fields[field]) for name, fields in theirs.items() for field in FIELDS]
    return float(max(abs(mine - other) / max(abs(other), sys.float_info.min) for mine, other in pairs))


def timed(run: Callable[[], object], times: int, cpu: list[float]) -> Callable[[int], float]:
    """Measures a call: read-outs per second; the processor's seconds of each are added to `cpu`."""

    def once(_turn: int) -> float:
        before = time.perf_counter(), time.process_time()
        for _ in range(times):
            run()
        cpu.append((time.process_time() - before[1]) / times)
        return times / (time.perf_counter() - before[0])

    return once


def timed_peer(again: Callable[[], tuple[float, float]], cpu: list[float]) -> Callable[[int], float]:
    """Measures the peer in the same way."""

    def once(_turn: int) -> float:
        elapsed, seconds = again()
        cpu.append(seconds)
        return 1 / elapsed

    return once


def measure(users: Columns, python: Path | None, rounds: int) -> tuple[list[dict[str, Any]], list[str]]:
    """(metrics, notes)."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqlMetricSums(open_file(Path(folder) / "state.db"))
        day = keep_sums(users, store)
        notes = [f"the sums of one of {DAYS} days took {day:.3f} s to count and to store"]
        cpu: dict[str, list[float]] = {"columns": [], "sums": [], "peer": []}
        sides = [timed(lambda: from_columns(users), 1, cpu["columns"]),
                 timed(lambda: from_sums(store), 20, cpu["sums"])]  # fmt: skip
        columns = from_columns(users)
        same = largest_difference(columns, {name: _fields(effect) for name, effect in from_sums(store).items()})
        notes.append(f"from sums and from columns differ by {same:.0e} at most")
        if python is None:
            notes.append("tea-tasting is not installed: make peers")
            by_columns, by_sums = figures.in_turns(*sides, rounds=rounds)
            return [figures.metric("readout_columns", "read-outs/s", by_columns, digits=2),
                    figures.metric("readout_sums", "read-outs/s", by_sums, digits=1)], notes  # fmt: skip
        with tea_tasting(python, users, METRICS) as (theirs, again):
            by_columns, by_sums, peer = figures.in_turns(*sides, timed_peer(again, cpu["peer"]), rounds=rounds)
        difference = float(f"{largest_difference(columns, theirs):.1e}")
    goals = {"columns": "ratio >= 15", "sums": "ratio >= 1000"}
    found = [figures.metric(f"readout_{name}", "read-outs/s", values, goals[name], PEER, peer, digits=3)
             for name, values in (("columns", by_columns), ("sums", by_sums))]  # fmt: skip
    found += [figures.metric(f"readout_{name}_cpu", "read-outs/CPU-s", [1 / each for each in cpu[name]], None, PEER,
                             [1 / each for each in cpu["peer"]], digits=3) for name in goals]  # fmt: skip
    equal = {"name": "largest_difference", "value": difference, "unit": "relative, of effects and bounds"}
    return [*found, figures.judged(equal, "value <= 0.00005")], notes


def _fields(effect: Effect) -> dict[str, float]:
    return {name: getattr(effect, name) for name in FIELDS}


def main() -> None:
    """Measure, and print."""
    parser = figures.options(__doc__, "an .npz file with arm, bought, revenue, before; default: made from the seed")
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--peers", type=Path, default=HERE.parent / ".venv-peers", help="where the peer is installed")
    chosen = parser.parse_args()
    users = dict(np.load(chosen.data)) if chosen.data else make_users(chosen.users, chosen.seed)
    metrics, notes = measure(users, find_peer(chosen.peers), chosen.rounds)
    rows = len(users["arm"])
    data = chosen.data or "made from the seed"
    figures.show(
        figures.report("readout", data, rows, chosen.seed, ("tailorbird", "numpy"), metrics, notes), chosen.json
    )


if __name__ == "__main__":
    main()
