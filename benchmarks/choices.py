"""Choices of a contextual bandit per CPU-second: ten arms, sixteen features of each person.

    python benchmarks/choices.py [--people N] [--single N] [--rounds N] [--seed N] [--json]

Workload: linear Thompson sampling that has learned from 5,000 exposures, then asked for an arm of each of many people
at once, and of single people. Ours answers through the interface of every policy (`decide_many`, `decide_one`), with
the share of every arm, so that the propensity can be logged; `choose_batch_without_shares` draws one normal per arm and
keeps the best, as MABWiser does, which tells no propensity. MABWiser's LinTS (BLAS on one thread, as ours) is asked in
its own environment (.venv-peers), Vowpal Wabbit's `--cb_explore_adf --epsilon 0.1` by texts in this one. Both sides in
turns; figures are medians of rounds with their range, per CPU-second of one process.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from figures import in_turns, median_metric, options, report, show
from numpy.typing import NDArray

from tailorbird.stages.bandits.linear import LinearPolicy
from tailorbird.types.policy_rows import Lessons, Rewards, Situation, Situations
from tailorbird.types.policy_spec import PolicySpec

ARMS, FEATURES, TAUGHT = 10, 16, 5000
PEER_PYTHON = Path(".venv-peers/bin/python")
PEER = Path(__file__).with_name("choices_peer.py")


def policy_and_people(people: int, seed: int) -> tuple[LinearPolicy, Situations, NDArray[np.float64]]:
    """A policy that has learned, people to choose for, and their uniforms."""
    rng = np.random.default_rng(seed)
    context = rng.normal(size=(TAUGHT, FEATURES))
    arm = rng.integers(0, ARMS, TAUGHT)
    truth = rng.normal(0, 0.1, (ARMS, FEATURES))
    rate = np.clip(0.3 + (context * truth[arm]).sum(axis=1), 0, 1)
    arms = tuple(f"arm{i}" for i in range(ARMS))
    rewards = Rewards(
        [arms[k] for k in arm], (rng.random(TAUGHT) < rate).astype(float), np.ones(TAUGHT), np.full(TAUGHT, 1 / ARMS),
        context=context,
    )  # fmt: skip
    spec = PolicySpec(kind="linear", features=tuple(f"x{i}" for i in range(FEATURES)))
    asked = Situations(
        arms, np.ones((1, ARMS), dtype=bool), np.zeros(people, dtype=np.int64), "s", (), None,
        rng.normal(size=(people, FEATURES)),
    )  # fmt: skip
    return LinearPolicy(spec, Lessons()).update(rewards), asked, rng.random(people)


def per_second(count: int, run: Callable[[], object]) -> float:
    """`count` over the CPU-seconds of one run."""
    before = time.process_time()
    run()
    return count / (time.process_time() - before)


class Peer:
    """MABWiser in an environment of its own: answers a line with decisions per CPU-second."""

    def __init__(self, people: int, single: int, seed: int) -> None:
        self._process = subprocess.Popen(
            [str(PEER_PYTHON), str(PEER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        given = {"people": people, "single": single, "seed": seed, "arms": ARMS, "features": FEATURES, "taught": TAUGHT}
        self.version = self._ask(json.dumps(given))

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        print(line, file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip()

    def rate(self, what: str) -> float:
        """'batch' or 'single': decisions per CPU-second, measured now."""
        return float(self._ask(what))

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


def vowpal_wabbit(single: int, seed: int) -> Callable[[], float] | None:
    """Measures single calls of Vowpal Wabbit; None where it is not installed."""
    try:
        from vowpalwabbit import Workspace
    except ImportError:
        return None
    rng = np.random.default_rng(seed)
    workspace = Workspace("--cb_explore_adf --epsilon 0.1 -q UA --quiet")
    actions = "\n".join(f"|A arm{i}" for i in range(ARMS))
    told = [
        "shared |U " + " ".join(f"x{i}:{value:.5f}" for i, value in enumerate(row)) + "\n" + actions
        for row in rng.normal(size=(500, FEATURES))
    ]
    return lambda: per_second(single, lambda: [workspace.predict(told[i % 500]) for i in range(single)])


def measure(people: int, single: int, rounds: int, seed: int) -> tuple[list[dict[str, Any]], list[str]]:
    """The metrics, and what was left out."""
    policy, asked, uniforms = policy_and_people(people, seed)
    arms, context = asked.arms, asked.context
    assert context is not None
    alone = [Situation(arms, (True,) * ARMS, "s", "", (), tuple(row)) for row in context[:500].tolist()]
    one = [float(value) for value in uniforms[:500]]
    rng = np.random.default_rng(seed)
    peer, notes = None, []
    if PEER_PYTHON.exists():
        peer = Peer(people, single, seed)
        notes.append(f"MABWiser {peer.version}")
    else:
        notes.append("MABWiser is left out: its environment is not installed; get it with: make peers")
    vw = vowpal_wabbit(single, seed)
    if vw is None:
        notes.append("Vowpal Wabbit is left out: pip install 'tailorbird[bandit]'")
    sides: dict[str, Callable[[int], float]] = {
        "shares": lambda _: per_second(people, lambda: policy.decide_many(asked, uniforms)),
        "plain": lambda _: per_second(people, lambda: policy.choose(arms, context, rng)),
        "single": lambda _: per_second(
            single, lambda: [policy.decide_one(alone[i % 500], one[i % 500]) for i in range(single)]
        ),
    }
    if peer:
        asking = peer
        sides |= {"peer": lambda _: asking.rate("batch"), "peer_single": lambda _: asking.rate("single")}
    if vw:
        measured = vw
        sides["vw"] = lambda _: measured()
    found = dict(zip(sides, in_turns(*sides.values(), rounds=rounds), strict=True))
    if peer:
        peer.close()
    name, batch = ("MABWiser LinTS, batch", found["peer"]) if peer else ("", [])
    lone = found.get("peer_single", [])
    unit = "choices/CPU-s"
    made = [
        median_metric("choose_batch", unit, found["shares"], "ratio >= 10" if peer else None, name, batch),
        median_metric(
            "choose_batch_without_shares", unit, found["plain"], "ratio >= 10" if peer else None, name, batch
        ),
        median_metric("choose_single", unit, found["single"], None, "MABWiser LinTS, one call" if peer else "", lone),
    ]
    if vw:
        goal, other = "ratio >= 2", "Vowpal Wabbit, one call"
        made.append(median_metric("choose_single_over_vw", unit, found["single"], goal, other, found["vw"]))
    return made, notes


def main() -> None:
    """Measure and print."""
    parser = options(__doc__, "not read: the workload is made from the seed")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--single", type=int, default=2000, help="single calls in a round")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    made, notes = measure(asked.people, asked.single, asked.rounds, asked.seed)
    show(report("choices", "simulated", asked.people, asked.seed, ["numpy", "tailorbird"], made, notes), asked.json)


if __name__ == "__main__":
    main()
