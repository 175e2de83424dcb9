"""Masking of personal data in free text: recall and precision by kind, false alarms on product texts, and speed.

--data: sentences with marked spans, as in presidio-research (JSON, also gzipped: full_text and spans with entity_type,
start_position, end_position). A span counts as found if no letter or digit of it is left in the masked text, whatever
kind it was taken for; a find is right if it touches a span of a kind that is personal. --texts: a text file of which
every line is about a product and nobody, so that every find is wrong. The intervals are Wilson's.

Presidio is the peer where .venv-peers has it, for recall; without it the figures stand alone.
"""

import gzip
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import figures

from tailorbird.stages.privacy.masking import Found, Masker, MaskingRules

KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "US_SSN": "national_id",
    "US_DRIVER_LICENSE": "national_id",
    "IP_ADDRESS": "ip",
    "STREET_ADDRESS": "address",
    "ZIP_CODE": "address",
    "PERSON": "name",
}
"""What is personal, by the data's names. Organisations, places, dates, ages, titles and plain domains are nobody's."""
REGIONS = ("GB", "US", "DE")
PROSE_WORDS = 60
LOOPS = 400
_LETTERS = re.compile(r"[^\W_]")
PEER = """
import json, sys
from presidio_analyzer import AnalyzerEngine
engine = AnalyzerEngine()
for text in json.load(sys.stdin):
    print(json.dumps([[r.start, r.end] for r in engine.analyze(text=text, language="en")]))
"""


def read(path: Path) -> list[dict[str, Any]]:
    """The marked sentences of a file."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        rows: list[dict[str, Any]] = json.load(file)
    return rows


def covered(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether no letter or digit from `start` to `end` lies outside the spans."""
    inside = {at for a, b in spans for at in range(max(a, start), min(b, end))}
    return all(at in inside for at in range(start, end) if _LETTERS.match(text[at]))


def recall(rows: Sequence[dict[str, Any]], spans: Sequence[Sequence[tuple[int, int]]]) -> Counter[tuple[str, bool]]:
    """{(kind, found): spans}."""
    counts: Counter[tuple[str, bool]] = Counter()
    for row, found in zip(rows, spans, strict=True):
        for span in row["spans"]:
            if span["entity_type"] in KINDS:
                hit = covered(row["full_text"], span["start_position"], span["end_position"], found)
                counts[KINDS[span["entity_type"]], hit] += 1
    return counts


def quality(rows: Sequence[dict[str, Any]], found: Sequence[Sequence[Found]], peer: Any) -> list[dict[str, Any]]:
    """Recall and precision by kind."""
    ours = recall(rows, [[(f.start, f.end) for f in each] for each in found])
    theirs = recall(rows, peer) if peer else None
    right: Counter[tuple[str, bool]] = Counter()
    for row, each in zip(rows, found, strict=True):
        gold = [(s["start_position"], s["end_position"], s["entity_type"]) for s in row["spans"]]
        for one in each:
            touched = {name for a, b, name in gold if a < one.end and one.start < b}
            right[
                one.kind, bool(touched & (KINDS.keys() | ({"DATE_TIME"} if one.kind == "birth_date" else set())))
            ] += 1
    metrics = []
    for kind in sorted({kind for kind, _ in ours}):
        count = ours[kind, True] + ours[kind, False]
        metric = figures.share(f"recall_{kind}", ours[kind, True], count, f"of {count} spans")
        if theirs is not None:
            value = theirs[kind, True] / count
            ratio = round(ours[kind, True] / max(theirs[kind, True], 1), 2)
            metric |= {"peer": "Presidio", "peer_value": round(value, 3), "ratio": ratio}
        metrics.append(metric)
    for kind in sorted({kind for kind, _ in right}):
        count = right[kind, True] + right[kind, False]
        metrics.append(figures.share(f"precision_{kind}", right[kind, True], count, f"of {count} finds"))
    return metrics


def ask_peer(peers: Path, texts: Sequence[str]) -> list[list[tuple[int, int]]] | None:
    """Presidio's spans, in an environment of its own; None where it is not installed."""
    python = peers / "bin" / "python"
    if not python.exists():
        return None
    if subprocess.run([python, "-c", "import presidio_analyzer"], capture_output=True).returncode:
        return None
    done = subprocess.run([python, "-c", PEER], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return [[(a, b) for a, b in json.loads(line)] for line in done.stdout.splitlines()]


def speed(masker: Masker, texts: Sequence[str], seed: int) -> list[dict[str, Any]]:
    """CPU time for 60 words, and for a megabyte."""
    words = " ".join(texts).split()
    start = random.Random(seed).randrange(max(1, len(words) - PROSE_WORDS))
    prose = " ".join(words[start : start + PROSE_WORDS])
    rounds = [1e6 / figures.per_cpu_second(lambda _: masker.find(prose), LOOPS) for _ in range(5)]
    megabyte = (" ".join(texts) * (1 + 1_000_000 // max(1, sum(map(len, texts)))))[:1_000_000]
    before = time.process_time()
    masker.find(megabyte)
    whole = time.process_time() - before
    return [
        figures.metric("cpu_60_words", "µs", rounds),
        {"name": "cpu_megabyte", "value": round(whole, 2), "unit": "CPU-seconds"},
    ]


def main() -> None:
    """Measure and print."""
    parser = figures.options(__doc__, "marked sentences (JSON or JSON.gz)")
    parser.add_argument("--texts", type=Path, help="lines about products and nobody")
    parser.add_argument("--peers", type=Path, default=Path(".venv-peers"))
    chosen = parser.parse_args()
    if chosen.data is None:
        sys.exit("name the marked sentences with --data")
    rows = read(chosen.data)
    masker = Masker(MaskingRules(regions=REGIONS))
    texts = [row["full_text"] for row in rows]
    peer = ask_peer(chosen.peers, texts)
    notes = [f"telephone numbers without a country code are read as of {', '.join(REGIONS)}"]
    if peer is None:
        notes.append("no peer: presidio-analyzer is not in the peers' environment")
    metrics = quality(rows, [masker.find(text) for text in texts], peer) + speed(masker, texts, chosen.seed)
    if chosen.texts:
        plain = chosen.texts.read_text(encoding="utf-8").splitlines()
        kinds = Counter(one.kind for line in plain for one in masker.find(line))
        alarms = sum(kinds.values()) * 1000 / max(1, len(plain))
        metrics.append({"name": "false_alarms", "value": round(alarms, 2), "unit": "per 1,000 product texts"})
        notes.append(f"product texts: {len(plain):,}; finds in them: {dict(kinds)}")
    figures.show(
        figures.report("masking", chosen.data, len(rows), chosen.seed, ("tailorbird", "phonenumbers"), metrics, notes),
        chosen.json,
    )


if __name__ == "__main__":
    main()
