"""Responses held against a source in free text: which have something that the source does not bear out, and where?

    python benchmarks/grounding.py --data pairs.jsonl [--misses FILE] [--json]
    python benchmarks/grounding.py --products products.jsonl.gz --restaurants dev.csv.gz [--rows 600]

--data: JSON lines {"source", "response", "spans": [[start, end], …]}, a span in characters of the response, no spans
for a response that is borne out. Without it, a development set is made of the other two files (`grounding_set.py`).

response_f1 is of "the response has a false span": found is what does not pass, blocked or in review;
response_f1_blocked counts what is blocked alone. span_f1 is of characters: those in spans of findings against those in
the spans given. Only the checks of facts count: a link or mark-up that stands in the source as well is nothing false.
"""

import argparse
import gzip
import importlib
import importlib.util
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import figures
from grounding_set import Pair, development_set

from tailorbird.bootstrap.validation import open_validator
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Verdict, worst_status

LOCALE = "en-GB"
SOURCE_TEXT = "tailorbird.stages.facts.source_text"
CHECKS = {"facts", "prose"}
MISSES_SHOWN = 100


def read(path: Path) -> list[Pair]:
    """The pairs of a file of JSON lines, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if line.strip()]
    return [Pair(each["source"], each["response"], tuple((a, b) for a, b in each["spans"]), "") for each in lines]


def of_facts(verdict: Verdict) -> Verdict:
    """The verdict that the checks of facts alone come to."""
    found = tuple(each for each in verdict.findings if each.check in CHECKS)
    return Verdict(worst_status(found), found, verdict.text)


def characters(spans: Iterable[tuple[int, int]]) -> set[int]:
    """The characters in spans."""
    return {at for start, end in spans for at in range(start, end)}


def f1(hit: int, found: int, wanted: int) -> float:
    """The harmonic mean of precision and recall; 0 where nothing is hit."""
    return 2 * hit / (found + wanted) if hit else 0.0


def tally(pairs: Sequence[Pair], verdicts: Sequence[Verdict]) -> Counter[str]:
    """Counts of responses and of characters."""
    counts = Counter[str]()
    for pair, verdict in zip(pairs, verdicts, strict=True):
        marked_spans = [found.span for found in verdict.findings if found.severity in ("error", "warning")]
        false, found, blocked = bool(pair.spans), verdict.status != "pass", verdict.status in ("block", "repair")
        counts["false"] += false
        counts["found"] += found
        counts["hit"] += false and found
        counts["blocked"] += blocked
        counts["hit_blocked"] += false and blocked
        given, marked = characters(pair.spans), characters(marked_spans)
        counts["given_chars"] += len(given)
        counts["marked_chars"] += len(marked)
        counts["hit_chars"] += len(given & marked)
    return counts


def quality(pairs: Sequence[Pair], verdicts: Sequence[Verdict], seed: int) -> list[dict[str, Any]]:
    """The metrics, with intervals of the two F1 by 200 resamplings of the pairs."""
    counts = tally(pairs, verdicts)
    metrics = []
    for name, hit, found, wanted in (
        ("response_f1", "hit", "found", "false"),
        ("span_f1", "hit_chars", "marked_chars", "given_chars"),
        ("response_f1_blocked", "hit_blocked", "blocked", "false"),
    ):
        value = f1(counts[hit], counts[found], counts[wanted])
        low, high = resampled(pairs, verdicts, hit, found, wanted, seed)
        unit = f"of {len(pairs):,} responses" if "response" in name else "of characters"
        metrics.append(
            {"name": name, "value": round(value, 3), "low": round(low, 3), "high": round(high, 3), "unit": unit}
        )
    if counts["found"]:
        metrics.append(figures.share("precision", counts["hit"], counts["found"], "of responses found"))
    if counts["false"]:
        metrics.append(figures.share("recall", counts["hit"], counts["false"], "of false responses"))
    true = len(pairs) - counts["false"]
    if true:
        metrics.append(
            figures.share("false_block", counts["blocked"] - counts["hit_blocked"], true, "of true responses")
        )
        metrics.append(figures.share("falsely_found", counts["found"] - counts["hit"], true, "of true responses"))
    for kind in sorted({pair.kind for pair in pairs} - {""}):
        chosen = [at for at, pair in enumerate(pairs) if pair.kind == kind]
        some = tally([pairs[at] for at in chosen], [verdicts[at] for at in chosen])
        value = round(f1(some["hit"], some["found"], some["false"]), 3)
        metrics.append({"name": f"response_f1_{kind}", "value": value, "unit": f"of {len(chosen):,} responses"})
    return metrics


def resampled(
    pairs: Sequence[Pair], verdicts: Sequence[Verdict], hit: str, found: str, wanted: str, seed: int
) -> tuple[float, float]:
    """The 2.5 % and 97.5 % points of an F1 over 200 bootstrap samples."""
    each = [tally([pair], [verdict]) for pair, verdict in zip(pairs, verdicts, strict=True)]
    rng, values = random.Random(seed), []
    for _ in range(200):
        sample = rng.choices(each, k=len(each))
        values.append(f1(*(sum(one[name] for one in sample) for name in (hit, found, wanted))))
    values.sort()
    return values[5], values[-6]


def write_misses(path: Path, pairs: Sequence[Pair], verdicts: Sequence[Verdict], seed: int) -> None:
    """A sample of what was judged wrongly, as JSON lines for a reader."""
    wrong = [
        (pair, verdict) for pair, verdict in zip(pairs, verdicts, strict=True)
        if bool(pair.spans) == (verdict.status == "pass")
    ]  # fmt: skip
    with path.open("w", encoding="utf-8") as file:
        for pair, verdict in random.Random(seed).sample(wrong, min(MISSES_SHOWN, len(wrong))):
            said = [f"{f.severity} {f.type} {pair.response[slice(*f.span)]!r}: {f.reason}" for f in verdict.findings]
            false = [pair.response[a:b] for a, b in pair.spans]
            line = {
                "kind": pair.kind,
                "source": pair.source,
                "response": pair.response,
                "false": false,
                "findings": said,
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def pairs_for(chosen: argparse.Namespace, notes: list[str]) -> tuple[list[Pair], object]:
    """The pairs to judge, and where they come from."""
    if chosen.data is not None:
        return read(chosen.data), chosen.data
    if chosen.products is None or chosen.restaurants is None:
        sys.exit("name the pairs with --data, or the files of a development set with --products and --restaurants")
    notes.append("a development set: made by operators from the seed, not by people")
    pairs = development_set(chosen.products, chosen.restaurants, chosen.rows or 600, chosen.seed)
    return pairs, f"{chosen.products.name} and {chosen.restaurants.name}"


def main() -> None:
    """Measure and print."""
    parser = figures.options(__doc__, "pairs of source and response (JSON lines, as they are or .gz)")
    parser.add_argument("--products", type=Path, help="products, for the development set")
    parser.add_argument("--restaurants", type=Path, help="texts with mr, ref and orig_mr, for the development set")
    parser.add_argument("--rows", type=int, default=0, help="only so many pairs; development set: 600")
    parser.add_argument("--misses", type=Path, help="write a sample of what was judged wrongly to this file")
    chosen = parser.parse_args()
    notes: list[str] = []
    pairs, data = pairs_for(chosen, notes)
    if chosen.rows:
        pairs = pairs[: chosen.rows]
    if importlib.util.find_spec(SOURCE_TEXT) is None:
        sys.exit("this version reads no facts out of free text")
    facts_from_text: Callable[[str, str], Any] = importlib.import_module(SOURCE_TEXT).facts_from_text
    validate, policy = open_validator(), Policy(channel="web")
    verdicts = [
        of_facts(validate(each.response, facts_from_text(each.source, LOCALE), policy, LOCALE)) for each in pairs
    ]
    if chosen.misses:
        write_misses(chosen.misses, pairs, verdicts, chosen.seed)
    metrics = quality(pairs, verdicts, chosen.seed)
    figures.show(
        figures.report("grounding", data, len(pairs), chosen.seed, ("tailorbird",), metrics, notes), chosen.json
    )


if __name__ == "__main__":
    main()
