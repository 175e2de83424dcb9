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

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from figures import in_turns, median_metric, options, report, show
from numpy.typing import NDArray
from peer_process import peer_process

from tailorbird.stages.bandits.linear import LinearPolicy
from tailorbird.types.policy_rows import Lessons, Rewards, Situation, Situations
from tailorbird.types.policy_spec import PolicySpec

ARMS, FEATURES, TAUGHT = 10, 16, 5000
PEER_PYTHON = Path(".venv-peers/bin/python")


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
    if not PEER_PYTHON.exists():
        return compare(people, single, rounds, seed, "", None)
    given = {"people": people, "single": single, "seed": seed, "arms": ARMS, "features": FEATURES, "taught": TAUGHT}
    with peer_process(PEER_PYTHON, "choices_peer.py", given) as (version, ask):
        return compare(people, single, rounds, seed, version, ask)


def compare(
    people: int, single: int, rounds: int, seed: int, version: str, ask: Callable[[str], float] | None
) -> tuple[list[dict[str, Any]], list[str]]:
    """Both sides in turns; `ask` answers with the peer's choices per CPU-second in a 'batch', or one by one."""
    policy, asked, uniforms = policy_and_people(people, seed)
    arms, context = asked.arms, asked.context
    assert context is not None
    alone = [Situation(arms, (True,) * ARMS, "s", "", (), tuple(row)) for row in context[:500].tolist()]
    one = [float(value) for value in uniforms[:500]]
    rng = np.random.default_rng(seed)
    notes = []
    if ask:
        notes.append(f"MABWiser {version}")
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
    if ask:
        told = ask
        sides |= {"peer": lambda _: told("batch"), "peer_single": lambda _: told("single")}
    if vw:
        measured = vw
        sides["vw"] = lambda _: measured()
    found = dict(zip(sides, in_turns(*sides.values(), rounds=rounds), strict=True))
    name, batch = ("MABWiser LinTS, batch", found["peer"]) if ask else ("", [])
    lone = found.get("peer_single", [])
    unit = "choices/CPU-s"
    made = [
        median_metric("choose_batch", unit, found["shares"], "ratio >= 10" if ask else None, name, batch),
        median_metric("choose_batch_without_shares", unit, found["plain"], "ratio >= 10" if ask else None, name, batch),
        median_metric("choose_single", unit, found["single"], None, "MABWiser LinTS, one call" if ask else "", lone),
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
