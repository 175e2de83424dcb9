"""Local copy: lines written, passed and accepted, and CPU-seconds per accepted line, on the briefs of a project.

    python benchmarks/local_copy.py --data examples/wren --briefs 8 --seed 7 [--json] [--show]

Needs the model in the user's cache (`tailorbird models pull`) or at --model. The judgement of the lines is a
person's: --show prints every accepted line and the rejected ones with the finding.
"""

import argparse
import json
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.llama_cpp.generator import LlamaCppGenerator
from tailorbird.adapters.models.manifest import load_manifest, model_path
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.adapters.sql.database import open_database, open_file
from tailorbird.adapters.sql.drafts import SqlDraftCache
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.generate import generate_creatives
from tailorbird.pipeline.ingest import ingest
from tailorbird.pipeline.plan_briefs import samples_for
from tailorbird.project.project import load_project
from tailorbird.stages.briefs.compose import compose_brief
from tailorbird.types.brief import Subject

GOAL_CPU_SECONDS = 40.0


class Lines:
    """Progress on standard error."""

    def stage(self, name, total=None):
        print(f"{name}: {total}", flush=True)

    def advance(self, done=1):
        print(".", end="", flush=True)

    def say(self, text):
        print(text, flush=True)


def briefs_of(project, campaign, items, locales, count):
    """`count` briefs per locale: subject and headline of the first families."""
    families = sorted({item.family for item in items.values()})
    briefs = []
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
                            project.prompts[spec.prompt],
                            project.settings.catalog.facts,
                        )
                    )
        briefs += made[:count]
    return briefs


def parse():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("examples/wren"))
    parser.add_argument("--campaign", default="win_back")
    parser.add_argument("--briefs", type=int, default=6, help="briefs per locale")
    parser.add_argument("--locales", default="")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--cache", type=Path, help="keep answers in this file between runs")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main():
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
                    Path(folder),
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
            lambda: LlamaCppGenerator(weights, manifest.sha256, manifest.name, threads=args.threads),
            cache,
            creatives,
            Lines(),
            args.seed,
        )
    report(args, detail, [c for c in creatives.find(campaign.name) if c.rung == "model"], creatives)


def report(args, detail, accepted, creatives):
    """One object, or a table with the lines."""
    metrics = [
        {
            "name": "cpu_seconds_per_accepted_line",
            "unit": "s",
            "goal": GOAL_CPU_SECONDS,
            "value": round(detail["cpu_seconds"] / max(1, len(accepted)), 2),
        }
    ]
    for locale, counts in detail["lines_by_locale"].items():
        metrics.append(
            {
                "name": f"accepted_share_{locale}",
                "unit": "briefs with a line",
                "goal": None,
                "value": round(counts["accepted"] / max(1, counts["briefs"]), 3),
            }
        )
        metrics.append(
            {
                "name": f"passed_share_{locale}",
                "unit": "samples",
                "goal": None,
                "value": round(counts["passed"] / max(1, counts["written"]), 3),
            }
        )
    result = {
        "benchmark": "local_copy",
        "data": str(args.data),
        "rows": detail["lines_written"],
        "seed": args.seed,
        "versions": {"python": platform.python_version(), "xllamacpp": version("xllamacpp")},
        "metrics": metrics,
    }
    if args.json:
        print(json.dumps(result))
        return
    print()
    for metric in metrics:
        met = (
            ""
            if metric["goal"] is None
            else f"  goal {metric['goal']}" + ("" if metric["value"] <= metric["goal"] else "  NOT MET")
        )
        print(f"{metric['name']:<36}{metric['value']:>10} {metric['unit']}{met}")
    print(f"requests {detail['requests']}, model calls {detail['model_calls']}, CPU-s {detail['cpu_seconds']}")
    print("rejected:", detail["rejected_by_reason"])
    if args.show:
        for creative in accepted:
            notes = creatives.get(creative.creative_id)[1]
            print(f"  + {creative.locale} {creative.block:<9} {notes['raw']!r:<64} {creative.text}")
        for example in detail["rejected_examples"]:
            print(
                f"  - {example['locale']} {example['block']:<9} {example['text']!r} [{example['finding']}: "
                f"{example['evidence']}]"
            )


if __name__ == "__main__":
    main()
