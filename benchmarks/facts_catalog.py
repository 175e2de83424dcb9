"""The fact check on product texts: true ones that it stops, and false ones that it lets through, by operator.

    python benchmarks/facts_catalog.py --data products.jsonl.gz [--rows 2000] [--mutations 2] [--model 100]
        [--unattended] [--misses FILE] [--json]

Texts are rendered from true attributes by templates (`catalog_texts`: English, British and American, and German), and,
where texts of the local model are in the cache or --model asks for some, by it. Each text is judged as it is, and with
one false statement (`fact_mutations`), `--mutations` times with different operators. 'blocked' counts what may not go
out as it is: block or repair. Intervals are Wilson's, at 95 %. A family that begins with 'unnamed' is of attributes
that no template names: their words come from the name of the column alone.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fact_mutations
import figures
from catalog_texts.compose import Text, write
from catalog_texts.local_model import read_texts, write_texts
from catalog_texts.products import Catalog, read, speakable
from fact_places import Mutated

from tailorbird.bootstrap.validation import open_validator
from tailorbird.types.fact import Fact
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Verdict

LOCALES = ("en-GB",) * 5 + ("en-US",) * 2 + ("de-DE",) * 3
MISSES_SHOWN = 100
Validate = Callable[..., Verdict]


@dataclass(frozen=True)
class Judged:
    """One text after judgement; `mutated` is None for a true text."""

    text: Text
    mutated: Mutated | None
    verdict: Verdict

    @property
    def blocked(self) -> bool:
        """Whether the text may not go out as it is."""
        return self.verdict.status in ("block", "repair")

    @property
    def stopped(self) -> bool:
        """Whether an error lies at the false statement; what was left out has no place."""
        if self.mutated is None or not self.blocked:
            return False
        start, end = self.mutated.span
        errors = [found.span for found in self.verdict.findings if found.severity == "error"]
        return start == end or any(a < end and start < b for a, b in errors)

    @property
    def family(self) -> str:
        """What kind of value is false, 'unnamed' first where no template names the attribute."""
        assert self.mutated is not None
        kinds = {m.fact.name: m.kind for _, _, m in self.text.mentions}
        kind = kinds.get(self.mutated.attribute, "other")
        return f"unnamed_{kind}" if self.mutated.long_tail else kind


def texts_of(catalog: Catalog, rows: int, seed: int) -> Iterator[Text]:
    """`rows` true texts by templates, each about another product."""
    rng = random.Random(seed)
    usable = [at for at, row in enumerate(catalog.rows) if speakable(row)]
    made = 0
    for at in rng.sample(usable, len(usable)):
        text = write(catalog.product(at, rng.choice(LOCALES)), rng)
        if text is not None:
            yield text
            made += 1
        if made == rows:
            return


def judge(
    texts: Sequence[Text], catalog: Catalog, validate: Validate, policy: Policy, mutations: int, seed: int
) -> list[Judged]:
    """Every text as it is and with `mutations` false statements; the operators that had the fewest come first."""
    rng, used, found = random.Random(seed), Counter[str](), []
    for text in texts:
        facts, locale = text.product.facts, text.product.locale
        found.append(Judged(text, None, validate(text.text, facts, policy, locale)))
        names = sorted(fact_mutations.OPERATORS, key=lambda name: (used[name], rng.random()))
        made = 0
        for name in names:
            mutated = fact_mutations.OPERATORS[name](text, catalog, rng) if made < mutations else None
            if mutated is not None:
                used[name] += 1
                made += 1
                found.append(Judged(text, mutated, validate(mutated.text, facts, policy, locale)))
    return found


def quality(judged: Sequence[Judged], prefix: str = "") -> list[dict[str, Any]]:
    """All shares of one set of texts."""
    true = [each for each in judged if each.mutated is None]
    false = [each for each in judged if each.mutated is not None]
    metrics: list[dict[str, Any]] = []

    def add(name: str, hits: int, of: int, unit: str, goal: str | None = None) -> None:
        if of:
            metrics.append(figures.judged(figures.share(prefix + name, hits, of, f"of {of:,} {unit}"), goal))

    def caught(name: str, some: Sequence[Judged], goal: str | None = None) -> None:
        add(f"caught_{name}", sum(each.blocked for each in some), len(some), "mutations", goal)

    def of(operators: Sequence[Any]) -> list[Judged]:
        wanted = {name for name, each in fact_mutations.OPERATORS.items() if each in operators}
        return [each for each in false if each.mutated and each.mutated.operator in wanted]

    add("false_block", sum(each.blocked for each in true), len(true), "true texts", "value <= 0.03")
    caught("number", of(fact_mutations.NUMBER), "value >= 0.99")
    caught("attribute", of(fact_mutations.ATTRIBUTE), "value >= 0.95")
    add("review", sum(each.verdict.status == "review" for each in judged), len(judged), "texts", "value <= 0.1")
    for label, some in (("true", true), ("mutated", false)):
        for status, hit in (("passed", {"pass"}), ("review", {"review"}), ("blocked", {"block", "repair"})):
            add(f"{label}_{status}", sum(each.verdict.status in hit for each in some), len(some), f"{label} texts")
    add("caught_in_place", sum(each.stopped for each in false), len(false), "mutations, an error at the false words")
    if prefix:
        return metrics
    for name, operator in fact_mutations.OPERATORS.items():
        caught(name, of((operator,)))
    return metrics + by_group(judged)


def by_group(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """The same by language, and by family of attributes."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        language = each.text.product.locale[:2]
        if each.mutated is None:
            groups[f"false_block_{language}"].append(each)
            unnamed = any(mention.long_tail for _, _, mention in each.text.mentions)
            groups[f"false_block_{'with' if unnamed else 'without'}_unnamed"].append(each)
        else:
            groups[f"caught_{language}"].append(each)
            if each.mutated.attribute:
                groups[f"caught_family_{each.family}"].append(each)
    return [
        figures.share(name, sum(each.blocked for each in some), len(some), f"of {len(some):,}")
        for name, some in sorted(groups.items())
    ]


def shown(fact: Fact) -> str:
    """A fact for a reader."""
    high = f" to {fact.high}" if fact.high is not None else ""
    return f"{fact.name}: {fact.value}{high} {fact.unit}".strip()


def write_misses(path: Path, judged: Sequence[Judged], seed: int) -> None:
    """A sample of false texts that were not blocked and of true ones that were, as JSON lines for a reader."""
    wrong = [each for each in judged if each.blocked == (each.mutated is None)]
    rng, seen = random.Random(seed), Counter[str]()
    ranked: list[tuple[float, int, Judged]] = []
    for each in rng.sample(wrong, len(wrong)):
        operator = each.mutated.operator if each.mutated else ""
        seen[operator] += 1
        ranked.append((seen[operator] / (3 if not operator else 1), len(ranked), each))
    sample = [each for _, _, each in sorted(ranked)[:MISSES_SHOWN]]
    with path.open("w", encoding="utf-8") as file:
        for each in sorted(sample, key=lambda one: one.mutated.operator if one.mutated else ""):
            said = {mention.fact.name for _, _, mention in each.text.mentions}
            line = {
                "operator": each.mutated.operator if each.mutated else "(true text)",
                "status": each.verdict.status,
                "text": each.verdict.text,
                "false": each.verdict.text[slice(*each.mutated.span)] if each.mutated else "",
                "was": each.mutated.was if each.mutated else "",
                "attribute": each.mutated.attribute if each.mutated else "",
                "locale": each.text.product.locale,
                "findings": [f"{f.severity} {f.type} {each.verdict.text[slice(*f.span)]!r}: {f.reason}"
                             for f in each.verdict.findings],
                "facts": [shown(fact) for fact in each.text.product.own if fact.name in said],
                "names": each.text.product.facts.subjects[0].names,
            }  # fmt: skip
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def from_model(catalog: Catalog, chosen: argparse.Namespace, notes: list[str]) -> list[Text]:
    """The local model's texts: more of them where --model asks, else those in the cache."""
    if chosen.model:
        from tailorbird.adapters.models.manifest import load_manifest, model_path

        manifest = load_manifest("qwen2.5-coder-1.5b")
        weights = model_path(manifest.name, Path.home() / ".cache" / "tailorbird")
        if not weights.exists():
            sys.exit("the local model is not in the cache; get it with: tailorbird models pull")
        write_texts(catalog, chosen.seed, chosen.model, weights, manifest.sha256, manifest.name)
    texts = read_texts(catalog, chosen.seed)
    if texts:
        notes.append(f"model_…: {len(texts)} texts of the local model that a check of strings confirms")
    else:
        notes.append("texts of the local model are left out: none in the cache; write some with --model 100")
    return texts


def main() -> None:
    """Measure and print."""
    parser = figures.options(__doc__, "products (JSON lines, as they are or .gz)")
    parser.add_argument("--rows", type=int, default=2000, help="true texts, each about another product")
    parser.add_argument("--mutations", type=int, default=2, help="false versions of each text")
    parser.add_argument("--model", type=int, default=0, help="have the local model write until it has this many texts")
    parser.add_argument("--unattended", action="store_true", help="nobody reads the texts before they go out")
    parser.add_argument("--misses", type=Path, help="write a sample of what was judged wrongly to this file")
    chosen = parser.parse_args()
    if chosen.data is None:
        sys.exit("name the products with --data")
    rows = read(chosen.data)
    catalog, validate = Catalog(rows, chosen.seed), open_validator()
    policy = Policy(channel="email", attended=not chosen.unattended)
    notes = ["prices are read as GBP, USD and EUR by locale; units are those of catalog_texts/products.py"]
    texts = list(texts_of(catalog, chosen.rows, chosen.seed))
    before = time.process_time()
    judged = judge(texts, catalog, validate, policy, chosen.mutations, chosen.seed)
    notes.append(f"{(time.process_time() - before) / max(1, len(judged)) * 1000:.1f} CPU-ms a text, mutation included")
    metrics = quality(judged)
    by_model = from_model(catalog, chosen, notes)
    model_judged = judge(by_model, catalog, validate, policy, len(fact_mutations.OPERATORS), chosen.seed)
    metrics += quality(model_judged, "model_")
    if chosen.misses:
        write_misses(chosen.misses, [*judged, *model_judged], chosen.seed)
    found = figures.report("facts_catalog", chosen.data, len(judged), chosen.seed, ("tailorbird",), metrics, notes)
    figures.show(found, chosen.json)


if __name__ == "__main__":
    main()
