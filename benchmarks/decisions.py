"""Online decisions: ten experiments for each user, per CPU-second, against GrowthBook's Python SDK.

    python benchmarks/decisions.py [--data USERS] [--seed N] [--users N] [--json] [--peers .venv-peers]

USERS is a CSV file with the columns id, country and spent; without it, 20,000 users are made from the seed: one in
three is in FR, the others in DE, and they spent 0 to 999. Ten experiments with three arms (.34, .33, .33) ask for the
audience 'country is DE and spent at least 101', and cover 95 % of it; whoever is outside gets the default. Both sides
judge the same condition on the same attributes, and cover by the same rule: each arm's range is cut to 95 %. They hash
differently, so arms differ by person; that nobody outside the audience has an arm is checked on both, and the shares of
the arms are shown.

Ours is `CompiledExperiments` with a compiled audience: `decide_one`, and `decide_many` on columns. GrowthBook is
measured in both ways that its guide allows, an object per user and one that is reused; the faster one counts. Both
sides are measured by turns, each in one process, warm, in five rounds of CPU time, and keep no answers.
Nothing was tuned on the users.
"""

import csv
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import figures
import numpy as np
from peer_process import peer_process

from tailorbird.stages.assignment.rules import CompiledExperiments, OnlineExperiment
from tailorbird.stages.audiences.rules import membership_test, select_people
from tailorbird.types.audience import AudienceRule, Condition
from tailorbird.types.feature import Features, FeatureTable

USERS, EXPERIMENTS, ROUNDS, PEER_USERS = 20_000, 10, 5, 2_000
WEIGHTS, COVERAGE, SPENT = (0.34, 0.33, 0.33), 0.95, 101
AUDIENCE = AudienceRule("de", all=(Condition("country", equals="DE"), Condition("spent", at_least=SPENT)))
ARMS = ("0", "1", "2")
HERE = Path(__file__).resolve().parent


def make_users(count: int, seed: int) -> list[dict[str, Any]]:
    """Users by seed."""
    chance = random.Random(seed)
    return [
        {"id": f"u-{at:08d}", "country": "FR" if chance.random() < 1 / 3 else "DE", "spent": chance.randrange(1_000)}
        for at in range(count)
    ]


def read_users(path: Path) -> list[dict[str, Any]]:
    """Users of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{"id": r["id"], "country": r["country"], "spent": float(r["spent"])} for r in csv.DictReader(file)]


def compile_ours() -> CompiledExperiments:
    """The ten experiments."""
    arms = dict(zip(ARMS, WEIGHTS, strict=True))
    return CompiledExperiments(
        [OnlineExperiment(f"exp{k}", f"shop|exp{k}", arms, "de", COVERAGE) for k in range(EXPERIMENTS)]
    )


def theirs() -> dict[str, Any]:
    """The same ten in GrowthBook's format."""
    rule = {
        "condition": {"country": "DE", "spent": {"$gte": SPENT}},
        "variations": [0, 1, 2],
        "weights": WEIGHTS,
        "coverage": COVERAGE,
        "hashAttribute": "id",
    }
    return {f"exp{k}": {"defaultValue": -1, "rules": [{**rule, "key": f"exp{k}"}]} for k in range(EXPERIMENTS)}


@contextmanager
def growthbook(python: Path, users: Sequence[dict[str, Any]]) -> Iterator[tuple[Callable[[str], float], Any]]:
    """(measures one round of 'new' or 'reused': CPU-seconds; what the peer said of itself)."""
    with peer_process(python, "decisions_peer.py", {"users": list(users), "features": theirs()}) as (said, ask):
        yield ask, said


class Ours:
    """Our side, with what a server has at hand: features of each user, columns of all."""

    def __init__(self, users: Sequence[dict[str, Any]], as_of: Any = None) -> None:
        self.rules = compile_ours()
        self.tests = {"de": membership_test(AUDIENCE, ["country", "spent"])}
        self.ids = [user["id"] for user in users]
        self.features = [
            Features(user["id"], as_of, {"country": user["country"], "spent": user["spent"]}) for user in users
        ]
        columns = {name: [user[name] for user in users] for name in ("country", "spent")}
        self.table = FeatureTable(as_of, self.ids, columns)

    def singly(self) -> list[list[str]]:
        """Every user's arms, one user after the other."""
        decide, tests = self.rules.decide_one, self.tests
        return [decide(unit, tests, features) for unit, features in zip(self.ids, self.features, strict=True)]

    def serve(self) -> None:
        """Decides for every user as a server does: the answer is gone when the next one is asked for."""
        decide, tests = self.rules.decide_one, self.tests
        for unit, features in zip(self.ids, self.features, strict=True):
            decide(unit, tests, features)

    def together(self) -> np.ndarray[Any, Any]:
        """Every user's arms, by number."""
        inside = np.array(select_people(AUDIENCE, self.table), dtype=bool)
        return self.rules.decide_many(self.ids, {"de": inside})[0]

    def per_second(self, act: Callable[[], Any]) -> float:
        """Decisions per CPU-second of one round."""
        before = time.process_time()
        act()
        return len(self.ids) * EXPERIMENTS / (time.process_time() - before)

    def latencies(self) -> list[float]:
        """Microseconds for each user's ten decisions."""
        decide, tests, found = self.rules.decide_one, self.tests, []
        for unit, features in zip(self.ids, self.features, strict=True):
            before = time.perf_counter_ns()
            decide(unit, tests, features)
            found.append((time.perf_counter_ns() - before) / 1_000)
        return found


def measure(users: list[dict[str, Any]], peers: Path | None) -> tuple[list[dict[str, Any]], list[str]]:
    """(metrics, notes)."""
    ours = Ours(users)
    arms = ours.singly()
    inside = [user["country"] == "DE" and user["spent"] >= SPENT for user in users]
    notes = [f"ours: {shares(arms, inside)}"]
    sides: list[Callable[[int], float]] = [
        lambda _turn: ours.per_second(ours.serve),
        lambda _turn: ours.per_second(ours.together),
    ]
    for side in sides:
        side(0)
    python = peers / "bin" / "python" if peers else None
    if python is None or not python.exists():
        notes.append("GrowthBook is not installed; get it with: make peers")
        one, many = figures.in_turns(*sides, rounds=ROUNDS)
        return metrics(ours, one, many, []), notes
    asked = users[:PEER_USERS]
    with growthbook(python, asked) as (ask, said):
        told = [[str(arm) if arm >= 0 else "" for arm in row] for row in said["arms"]]
        if len({bool(any(row)) for row, ok in zip(told, inside, strict=False) if not ok}) > 1:
            raise SystemExit("GrowthBook gives arms to users outside the audience: the two sides do not do the same")
        notes.append(f"GrowthBook {said['version']}: {shares(told, inside)}")
        per_round = PEER_USERS if len(users) >= PEER_USERS else len(asked)
        peer = [lambda _turn, how=how: per_round * EXPERIMENTS / ask(how) for how in ("new", "reused")]
        one, many, new, reused = figures.in_turns(*sides, *peer, rounds=ROUNDS)
    notes.append(
        f"GrowthBook, an object per user: {sum(new) / ROUNDS:,.0f}/s; one object: {sum(reused) / ROUNDS:,.0f}/s"
    )
    return metrics(ours, one, many, max(new, reused, key=sum)), notes


def shares(arms: Sequence[Sequence[str]], inside: Sequence[bool]) -> str:
    """How the arms came out among the users of the audience, in words."""
    rows = [row for row, ok in zip(arms, inside, strict=False) if ok]
    outside = sum(any(row) for row, ok in zip(arms, inside, strict=False) if not ok)
    drawn = [arm for row in rows for arm in row]
    each = ", ".join(f"{drawn.count(arm) / len(drawn):.3f}" for arm in (*ARMS, ""))
    return f"{len(rows):,} users in the audience, arms and default {each}; {outside} users outside it have an arm"


def metrics(ours: Ours, one: list[float], many: list[float], peer: list[float]) -> list[dict[str, Any]]:
    """The figures of all rounds."""
    ours.latencies()
    micros = sorted(ours.latencies())
    p50, p99 = micros[len(micros) // 2], micros[int(len(micros) * 0.99)]
    named = {"peer": "GrowthBook", "peers": peer} if peer else {}
    goal = "ratio >= 50" if peer else None
    return [
        figures.median_metric("decisions_per_second", "/s, one user at a time", one, goal, **named),  # type: ignore[arg-type]
        figures.median_metric("decisions_per_second_batch", "/s, in columns", many, None, **named),  # type: ignore[arg-type]
        {"name": "user_p50", "value": round(p50, 1), "unit": "µs for ten decisions"},
        {"name": "user_p99", "value": round(p99, 1), "unit": "µs for ten decisions"},
    ]


def main() -> None:
    """Measure and print."""
    parser = figures.options(__doc__, "a CSV file with id, country and spent (default: users by the seed)")
    parser.add_argument("--users", type=int, default=USERS, help="how many users to make")
    parser.add_argument("--peers", type=Path, default=Path(".venv-peers"), help="where GrowthBook is installed")
    asked = parser.parse_args()
    if asked.data is not None and not asked.data.is_file():
        parser.error(f"no file {asked.data}")
    users = read_users(asked.data) if asked.data else make_users(asked.users, asked.seed)
    if not users:
        parser.error("there are no users")
    found, notes = measure(users, asked.peers)
    data = asked.data or f"{len(users):,} users by seed"
    figures.show(figures.report("decisions", data, len(users), asked.seed, ["numpy"], found, notes), asked.json)


if __name__ == "__main__":
    main()
