"""Local copy: lines written, passed and accepted, and CPU-seconds per accepted line, on the briefs of a project.

    python benchmarks/local_copy.py --data examples/wren --briefs 8 --seed 7 [--json] [--show]

Needs the model in the user's cache (`tailorbird models pull`) or at --model. The judgement of the lines is a
person's: --show prints every accepted line and the rejected ones with the finding.
"""

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import figures

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.llama_cpp.generator import LlamaCppGenerator
from tailorbird.adapters.models.manifest import load_manifest, model_path
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.adapters.sql.database import open_database, open_file
from tailorbird.adapters.sql.drafts import SqlDraftCache
from tailorbird.adapters.sql.exposures import SqlExposures
from tailorbird.adapters.system.clock import SystemClock
from tailorbird.bootstrap.validation import open_validator
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.exemplars import INVENTED_NAMES
from tailorbird.pipeline.generate import generate_creatives
from tailorbird.pipeline.ingest import ingest
from tailorbird.pipeline.model_calls import ModelCalls
from tailorbird.pipeline.plan_briefs import samples_for
from tailorbird.pipeline.validation.copy_check import copy_check
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.project.project import Project, load_project
from tailorbird.stages.briefs.compose import compose_brief
from tailorbird.stages.privacy.masking import Masker, MaskingRules
from tailorbird.types.brief import Brief, Subject
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.item import Item

GOAL = "value <= 40"


class Lines:
    """Progress on standard error."""

    def stage(self, name: str, total: int | None = None) -> None:
        print(f"{name}: {total}", flush=True)

    def advance(self, done: int = 1) -> None:
        print(".", end="", flush=True)

    def say(self, text: str) -> None:
        print(text, flush=True)


def briefs_of(
    project: Project, campaign: Campaign, items: Mapping[str, Item], locales: Sequence[str], count: int
) -> list[Brief]:
    """`count` briefs per locale: subject and headline of the first families."""
    families = sorted({item.family for item in items.values()})
    briefs: list[Brief] = []
    for locale in locales:
        made = []
        for family in families:
            subject = Subject("family", ((campaign.briefs.family or "last_family", family),), 1)
            for block, spec in campaign.blocks.items():
                if spec.generate:
                    made.append(
                        compose_brief(
                            campaign,
                            block,
                            subject,
                            locale,
                            items.values(),
                            project.brand,
                            project.prompts[spec.prompt or ""],
                            project.settings.catalog.facts,
                        )
                    )
        briefs += made[:count]
    return briefs


def parse() -> argparse.Namespace:
    """The command line."""
    parser = figures.options(__doc__, "a project folder", data=Path("examples/wren"))
    parser.add_argument("--campaign", default="win_back")
    parser.add_argument("--briefs", type=int, default=6, help="briefs per locale")
    parser.add_argument("--locales", default="")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--cache", type=Path, help="keep answers in this file between runs")
    parser.add_argument("--show", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Run and print."""
    args = parse()
    manifest = load_manifest("qwen2.5-coder-1.5b")
    cache_home = Path(os.environ.get("TAILORBIRD_CACHE") or Path.home() / ".cache" / "tailorbird")
    weights = args.model or model_path(manifest.name, cache_home)
    project = load_project(args.data)
    campaign = project.campaigns[args.campaign]
    with tempfile.TemporaryDirectory() as folder:
        warehouse = DuckdbWarehouse()
        for name, mapping in project.mappings.items():
            if mapping.catalog:
                ingest(
                    mapping,
                    args.data / mapping.source,
                    name,
                    warehouse,
                    SegmentLog(Path(folder) / "events"),
                    FolderQuarantine(Path(folder) / "quarantine"),
                    Path(folder),
                    datetime.now(UTC),
                )
        items = load_catalog(warehouse, Path(folder))
        locales = args.locales.split(",") if args.locales else project.settings.locales
        briefs = briefs_of(project, campaign, items, locales, args.briefs)
        engine = open_database("sqlite://")
        creatives = SqlCreativeStore(engine)
        cache = SqlDraftCache(open_file(args.cache) if args.cache else engine)
        object.__setattr__(campaign.generation, "max_lines", len(briefs))
        detail = generate_creatives(
            briefs,
            project.brand,
            project.prompts,
            campaign,
            project.templates[campaign.template],
            items,
            lambda brief: samples_for(project, campaign, brief, items),
            lambda: ModelCalls(
                LlamaCppGenerator(weights, manifest.sha256, manifest.name, threads=args.threads),
                Masker(MaskingRules(INVENTED_NAMES)),
                cache,
                SqlExposures(engine),
                SystemClock(),
            ),
            creatives,
            Lines(),
            args.seed,
            copy_check(project, open_validator(), items, datetime.now(UTC)),
        )
    report(args, detail, [c for c in creatives.find(campaign.name) if c.rung == "model"], creatives)


def sampling(detail: Mapping[str, Any]) -> list[str]:
    """What a reader must know of the run."""
    return [f"one run, no interval: {detail['lines_written']} lines written in {detail['model_calls']} calls"]


def report(
    args: argparse.Namespace, detail: Mapping[str, Any], accepted: Sequence[Creative], creatives: CreativeStore
) -> None:
    """One object, or a table with the lines."""
    each = detail["cpu_seconds"] / max(1, len(accepted))
    metrics = [figures.metric("cpu_seconds_per_accepted_line", "s", [each], GOAL, digits=2)]
    for locale, counts in detail["lines_by_locale"].items():
        briefs, samples = counts["accepted"] / max(1, counts["briefs"]), counts["passed"] / max(1, counts["written"])
        metrics += [
            figures.metric(f"accepted_share_{locale}", "briefs with a line", [briefs], digits=3),
            figures.metric(f"passed_share_{locale}", "samples", [samples], digits=3),
        ]
    packages = ("tailorbird", "xllamacpp")
    result = figures.report(
        "local_copy", args.data.name, detail["lines_written"], args.seed, packages, metrics, sampling(detail)
    )
    figures.show(result, args.json)
    if args.json:
        return
    print(f"requests {detail['requests']}, model calls {detail['model_calls']}, CPU-s {detail['cpu_seconds']}")
    print("rejected:", detail["rejected_by_reason"])
    if args.show:
        for creative in accepted:
            found = creatives.get(creative.creative_id)
            raw = found[1]["raw"] if found else ""
            print(f"  + {creative.locale} {creative.block:<9} {raw!r:<64} {creative.text}")
        for example in detail["rejected_examples"]:
            print(
                f"  - {example['locale']} {example['block']:<9} {example['text']!r} [{example['finding']}: "
                f"{example['evidence']}]"
            )


if __name__ == "__main__":
    main()
