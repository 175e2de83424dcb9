"""Texts of 60 words judged per CPU-second: the cheap checks, and the whole validator, against guardrails-ai.

    python benchmarks/validate.py [--data TEXTS] [--seed N] [--texts N] [--json] [--peers .venv-peers]

TEXTS is a file with a text in each line; without it, texts are made from the seed: 60 words of a shop's copy with a
price, of which some have a wrong price, a forbidden claim, or an e-mail address of somebody. The facts are those of one
product, with price, weight, colour and delivery; the policy packs for claims and urgency hold. The cheap checks are all
of ours but the fact check, which reads every word; each is measured alone too, in two rounds. The whole is what
`tailorbird.validate` does with facts that were read once. The peer is guardrails-ai with one local validator: a regular
expression for two forbidden phrases. Both run by turns, each in one process, warm.

What was planted is counted too: a quick answer that is wrong would be worth nothing.
"""

import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import figures
from peer_process import peer_process

from tailorbird.bootstrap import open_validator, own_checks
from tailorbird.pipeline.validation.given_text import read_policy
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.stages.facts.given import read_facts
from tailorbird.types.fact import Facts

TEXTS, ROUNDS, PEER_TEXTS, WORDS = 1_000, 5, 200, 60
SLOW = ("facts",)
"""Checks that are not cheap, by name."""
PHRASES = ("guaranteed weight loss", "miracle cure")
PEER = "guardrails-ai, one local validator"
HERE = Path(__file__).resolve().parent
POLICY = read_policy({"channel": "email", "country": "GB", "packs": ["claims", "urgency"]})
FACTS = {
    "name": "Tarn trail shoe", "price": "84.50 GBP", "weight": "310 g", "colour": "slate blue", "delivery": "2-4 days",
    "as of": "2026-11-26",
}  # fmt: skip
COPY = (
    "new season of walks begins here with shoes that hold on wet stone and dry soon on the way home because you like "
    "the hills we put these aside for you and a friend to try over a long weekend with the dog along the lake or up "
    "the ridge and back for tea before it gets dark"
)


@dataclass(frozen=True)
class Planted:
    """Texts, and the places of those in which something is wrong, by what it is."""

    texts: list[str]
    wrong: dict[str, set[int]]


def make_texts(count: int, seed: int) -> Planted:
    """Texts of 60 words with a price: every eighth wrong, every tenth with a claim, every fifteenth with an address."""
    chance = random.Random(seed)
    stock = COPY.split()
    texts, wrong = [], {"price": set[int](), "phrase": set[int](), "address": set[int]()}
    for at in range(count):
        words = [chance.choice(stock) for _ in range(WORDS)]
        price = "£84.50"
        if at % 8 == 3:
            wrong["price"].add(at)
            price = f"£{chance.randrange(20, 80)}.{chance.randrange(10, 100)}"
        words[20:22] = ["for", price]
        if at % 10 == 4:
            wrong["phrase"].add(at)
            words[40:43] = chance.choice(PHRASES).split()
        if at % 15 == 7:
            wrong["address"].add(at)
            words[50] = f"ana{at}@mail.example"
        texts.append(" ".join(words))
    return Planted(texts, wrong)


def read_texts(path: Path) -> Planted:
    """The lines of a file; nothing was planted in them."""
    return Planted([line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()], {})


def per_cpu_second(validator: Validator, texts: Sequence[str], facts: Facts) -> Callable[[int], float]:
    """Measures one round: texts judged per CPU-second."""

    def once(_turn: int) -> float:
        before = time.process_time()
        for text in texts:
            validator(text, facts, POLICY, "en-GB")
        return len(texts) / (time.process_time() - before)

    return once


def found(validator: Validator, planted: Planted, facts: Facts) -> dict[str, int]:
    """How many of the planted texts do not pass, by what was planted, and of the others that do not ('nothing')."""
    stopped = {at for at, text in enumerate(planted.texts) if not validator(text, facts, POLICY, "en-GB").passed}
    anything = set().union(*planted.wrong.values())
    return {name: len(stopped & places) for name, places in planted.wrong.items()} | {
        "nothing": len(stopped - anything)
    }


@contextmanager
def guardrails(python: Path, texts: Sequence[str]) -> Iterator[tuple[Callable[[int], float], set[int]]]:
    """(measures one round: texts validated per CPU-second; the texts that it flags)."""
    with tempfile.TemporaryDirectory() as home:
        # Its reports to its maker are switched off by a file in the home folder, and by this variable.
        (Path(home) / ".guardrailsrc").write_text("id=none\nenable_metrics=false\nuse_remote_inferencing=false\n")
        environment = {"HOME": home, "OTEL_SDK_DISABLED": "true"}
        given = {"texts": list(texts), "phrases": PHRASES}
        with peer_process(python, "validate_peer.py", given, environment) as (flagged, ask):
            yield lambda _turn: len(texts) / ask("again"), set(flagged)


def measure(planted: Planted, peers: Path | None) -> tuple[list[dict[str, Any]], list[str]]:
    """(metrics, notes)."""
    facts, own = read_facts(FACTS).facts, own_checks()
    cheap = Validator([check for check in own if check.name not in SLOW])
    whole = open_validator()
    sides = [per_cpu_second(each, planted.texts, facts) for each in (cheap, whole)]
    for side in sides:
        side(0)  # what is made once is not counted
    notes = [f"cheap checks: {', '.join(check.name for check in cheap.own)}; all: "
             f"{', '.join(check.name for check in (*whole.own, *whole.plugins))}"]  # fmt: skip
    rates: dict[str, Sequence[float]] = {}
    if peers is None:
        notes.append("the peer is not installed: make peers")
        rates["cheap"], rates["whole"] = figures.in_turns(*sides, rounds=ROUNDS)
    else:
        with guardrails(peers, planted.texts[:PEER_TEXTS]) as (side, flagged):
            missed = {at for at in planted.wrong.get("phrase", ()) if at < PEER_TEXTS} - flagged
            notes.append(f"the peer flags {len(flagged)} of {len(planted.texts[:PEER_TEXTS])} texts, and misses "
                         f"{len(missed)} with a forbidden phrase")  # fmt: skip
            rates["cheap"], rates["whole"], rates["peer"] = figures.in_turns(*sides, side, rounds=ROUNDS)
    peer = rates.get("peer", ())
    name, goal = (PEER, "ratio >= 20") if peer else ("", None)
    unit = "texts per CPU-second"
    metrics = [
        figures.metric("cheap_checks", unit, rates["cheap"], goal, name, peer),
        figures.metric("validate", unit, rates["whole"], None, name, peer),
    ]
    metrics += [
        figures.metric(
            f"check_{check.name}",
            unit,
            figures.in_turns(per_cpu_second(Validator([check]), planted.texts, facts), rounds=2)[0],
        )
        for check in own
    ]
    for name, count in found(whole, planted, facts).items():
        if name == "nothing":
            metrics.append({"name": "others_stopped", "value": count, "unit": "texts of those without a fault"})
        else:
            metrics.append({"name": f"found_{name}", "value": count, "unit": f"texts of {len(planted.wrong[name])}"})
    return metrics, notes


def main() -> None:
    """The command line."""
    parser = figures.options(__doc__, "a text in each line (default: made from the seed)")
    parser.add_argument("--texts", type=int, default=TEXTS, help="how many texts are made")
    parser.add_argument("--peers", type=Path, default=HERE.parent / ".venv-peers", help="the peers' environment")
    chosen = parser.parse_args()
    planted = read_texts(chosen.data) if chosen.data else make_texts(chosen.texts, chosen.seed)
    python = chosen.peers / "bin" / "python"
    has_peer = (
        python.exists() and subprocess.run([python, "-c", "import guardrails"], capture_output=True).returncode == 0
    )
    metrics, notes = measure(planted, python if has_peer else None)
    data, rows = chosen.data or "made from the seed", len(planted.texts)
    found_now = figures.report("validate", data, rows, chosen.seed, ("tailorbird",), metrics, notes)
    figures.show(found_now, chosen.json)


if __name__ == "__main__":
    main()
