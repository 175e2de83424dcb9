"""The fact check on restaurant texts by people: is a text found that does not say what it was to say, and which slot?

    python benchmarks/facts_e2e.py --data dev.csv.gz [--rows 0] [--learn-share 1] [--folds 5] [--misses FILE] [--json]

The file has the columns mr, ref, orig_mr: `ref` was written from `orig_mr`; `mr` is what it really says. A text is
wrong where the two differ: something is left out, added or changed. The validator is given `orig_mr` as a catalog
would give it: every attribute a fact and required, yes and no as booleans, and as vocabularies the values that the file
has. With --learn-share, wordings of values are learned from that share of the pairs of orig_mr and text, without
labels, on folds that have none of the judged meaning.

precision, recall and f1 are of "the text is wrong"; block and repair count as found, review does not. slot_accuracy: of
the wrong texts that are found, in how many a finding names an attribute that differs; slot_exact: in how many the
findings name exactly those. A finding names its attribute at the start of its evidence, 'area: riverside'.
"""

import csv
import gzip
import importlib.util
import json
import random
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import figures

from tailorbird.bootstrap.validation import open_validator
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Verdict

LOCALE = "en-GB"
NAME = "name"
WORDINGS = "tailorbird.stages.facts.wordings"
MISSES_SHOWN = 100
_SLOT = re.compile(r"([^\[\],]+)\[([^\]]*)\]")
Row = Mapping[str, str]
Vocabularies = Mapping[str, Mapping[str, tuple[str, ...]]]


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def attribute(slot: str) -> str:
    """'familyFriendly' is 'family friendly'."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", slot.strip()).lower()


def slots(meaning: str) -> dict[str, frozenset[str]]:
    """{attribute: values} of a meaning representation."""
    found: dict[str, set[str]] = defaultdict(set)
    for slot, value in _SLOT.findall(meaning):
        found[attribute(slot)].add(value.strip())
    return {name: frozenset(values) for name, values in found.items()}


def vocabularies_of(rows: Sequence[Row]) -> Vocabularies:
    """All values of each attribute; yes and no are none."""
    values: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in rows:
        for meaning in (row["orig_mr"], row["mr"]):
            for name, found in slots(meaning).items():
                values[name].update(dict.fromkeys(sorted(found - {"yes", "no"}), ()))
    return {name: found for name, found in values.items() if found}


def facts_of(meaning: str, vocabularies: Vocabularies) -> Facts:
    """A meaning representation as facts, all of them required."""
    given = slots(meaning)
    names = tuple(given.get(NAME, ()))
    facts = tuple(
        Fact(name, {"yes": True, "no": False}.get(value, value), source="orig_mr")
        for name, values in given.items()
        for value in sorted(values)
    )
    return Facts((Entity(meaning, names, facts),), vocabularies=vocabularies, required=frozenset(given))


def merged(vocabularies: Vocabularies, wordings: Vocabularies) -> Vocabularies:
    """The vocabularies with learned wordings beside their values."""
    return {
        name: {
            value: tuple(dict.fromkeys((*words, *wordings.get(name, {}).get(value, ()))))
            for value, words in {**dict.fromkeys(wordings.get(name, {}), ()), **vocabularies.get(name, {})}.items()
        }
        for name in {**vocabularies, **wordings}
    }


def fold_of(meaning: str, folds: int) -> int:
    """The fold of a meaning: the same for every text about it, in whatever order its slots are written."""
    return zlib.crc32(";".join(sorted(f"{name}={sorted(v)}" for name, v in slots(meaning).items())).encode()) % folds


def learn(rows: Sequence[Row], vocabularies: Vocabularies, share: float, folds: int, seed: int) -> list[Vocabularies]:
    """The vocabularies for each fold, with wordings learned on the other folds; as they are, where none are learned."""
    if not share:
        return [vocabularies] * folds
    learn_wordings = importlib.import_module(WORDINGS).learn_wordings
    rng = random.Random(seed)
    found = []
    for fold in range(folds):
        others = [row for row in rows if fold_of(row["orig_mr"], folds) != fold and rng.random() < share]
        pairs = [(facts_of(row["orig_mr"], vocabularies), row["ref"]) for row in others]
        found.append(merged(vocabularies, learn_wordings(pairs, LOCALE)))
    return found


def differing(row: Row) -> set[str]:
    """The attributes in which the text differs from what it was to say."""
    said, meant = slots(row["mr"]), slots(row["orig_mr"])
    return {name for name in {*said, *meant} if said.get(name) != meant.get(name)}


def named(verdict: Verdict, known: set[str]) -> set[str]:
    """The attributes that the findings of a verdict name; of findings for review where there are no errors none."""
    errors = (found for found in verdict.findings if found.severity == "error")
    return {name for found in errors if (name := found.evidence.partition(":")[0].strip().lower()) in known}


def count(rows: Sequence[Row], verdicts: Sequence[Verdict], known: set[str]) -> tuple[Counter[str], list[Any]]:
    """How many texts were right, wrong, found and named; and what was judged wrongly."""
    counts, misses = Counter[str](), []
    for row, verdict in zip(rows, verdicts, strict=True):
        wrong, found = differing(row), verdict.status in ("block", "repair")
        counts[f"{'wrong' if wrong else 'right'}_{'found' if found else 'passed'}"] += 1
        counts["review"] += verdict.status == "review"
        slots_named = named(verdict, known)
        if wrong and found:
            counts["named"] += bool(slots_named & wrong)
            counts["exact"] += slots_named == wrong
        for name in wrong:
            counts[f"of {name}"] += 1
            counts[f"named {name}"] += name in slots_named
        for name in slots_named - wrong:
            counts[f"falsely {name}"] += 1
        if bool(wrong) != found or (found and slots_named != wrong):
            misses.append((row, verdict, wrong, slots_named))
    return counts, misses


def quality(counts: Counter[str], known: set[str]) -> list[dict[str, Any]]:
    """The metrics."""
    hit, missed, false = counts["wrong_found"], counts["wrong_passed"], counts["right_found"]
    metrics = []
    if hit + false:
        metrics.append(figures.share("precision", hit, hit + false, f"of {hit + false:,} texts found"))
    if hit + missed:
        metrics.append(figures.share("recall", hit, hit + missed, f"of {hit + missed:,} wrong texts"))
        metrics.append({"name": "f1", "value": round(2 * hit / (2 * hit + false + missed), 3), "unit": "of both"})
    if hit:
        metrics.append(figures.share("slot_accuracy", counts["named"], hit, "of wrong texts found, a slot named"))
        metrics.append(figures.share("slot_exact", counts["exact"], hit, "of wrong texts found, all and only these"))
    right = counts["right_found"] + counts["right_passed"]
    if right:
        metrics.append(figures.share("false_block", false, right, f"of {right:,} right texts"))
    metrics.append(figures.share("review", counts["review"], right + hit + missed, "of all texts"))
    for name in sorted(known):
        if counts[f"of {name}"]:
            unit = f"of {counts[f'of {name}']:,} that differ; {counts[f'falsely {name}']:,} named falsely"
            metrics.append(
                figures.share(f"named_{name.replace(' ', '_')}", counts[f"named {name}"], counts[f"of {name}"], unit)
            )
    return metrics


def main() -> None:
    """Measure and print."""
    parser = figures.options(__doc__, "texts with mr, ref and orig_mr (CSV, as it is or .gz)")
    parser.add_argument("--rows", type=int, default=0, help="only so many texts, drawn from the seed; 0: all")
    parser.add_argument(
        "--learn-share", type=float, default=1.0, help="share of the other folds that wordings are learned on"
    )
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--misses", type=Path, help="write a sample of what was judged wrongly to this file")
    chosen = parser.parse_args()
    if chosen.data is None:
        sys.exit("name the texts with --data")
    rows, notes = read(chosen.data), []
    vocabularies = vocabularies_of(rows)
    if chosen.learn_share and importlib.util.find_spec(WORDINGS) is None:
        notes.append("no wordings are learned: this version cannot")
        chosen.learn_share = 0
    by_fold = learn(rows, vocabularies, chosen.learn_share, chosen.folds, chosen.seed)
    if chosen.learn_share:
        notes.append(
            f"wordings: learned without labels on {chosen.learn_share:g} of the folds without the judged meaning"
        )
    if chosen.rows:
        rows = random.Random(chosen.seed).sample(rows, min(chosen.rows, len(rows)))
    validate, policy = open_validator(), Policy(channel="web")
    verdicts = [
        validate(row["ref"], facts_of(row["orig_mr"], by_fold[fold_of(row["orig_mr"], chosen.folds)]), policy, LOCALE)
        for row in rows
    ]
    known = {name for row in rows for name in (*slots(row["mr"]), *slots(row["orig_mr"]))}
    counts, misses = count(rows, verdicts, known)
    if chosen.misses:
        write_misses(chosen.misses, misses, chosen.seed)
    found = figures.report(
        "facts_e2e", chosen.data, len(rows), chosen.seed, ("tailorbird",), quality(counts, known), notes
    )
    figures.show(found, chosen.json)


def write_misses(path: Path, misses: Sequence[Any], seed: int) -> None:
    """A sample of what was judged wrongly, as JSON lines for a reader."""
    with path.open("w", encoding="utf-8") as file:
        for row, verdict, wrong, slots_named in random.Random(seed).sample(misses, min(MISSES_SHOWN, len(misses))):
            said = [f"{f.severity} {f.type} {row['ref'][slice(*f.span)]!r}: {f.evidence}" for f in verdict.findings]
            line = {"text": row["ref"], "orig_mr": row["orig_mr"], "mr": row["mr"], "status": verdict.status,
                    "differs": sorted(wrong), "named": sorted(slots_named), "findings": said}  # fmt: skip
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
