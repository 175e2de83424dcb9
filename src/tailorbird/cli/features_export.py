"""tailorbird features export: training sets, as they could have been known at each moment."""

from pathlib import Path
from typing import Annotated

import typer


def export_features(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    as_of: Annotated[str | None, typer.Option(help="The moment, for everybody or for every row of the spine.")] = None,
    spine: Annotated[
        Path | None, typer.Option(help="CSV or Parquet with person_id, as_of, and labels to carry through.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="A .parquet, .csv or .jsonl file.")] = Path(
        "features.parquet"
    ),
    ids: Annotated[bool, typer.Option("--ids", help="Real ids, for systems that act on people.")] = False,
    pseudonyms: Annotated[
        str, typer.Option("--pseudonyms", help="Pseudonyms for this purpose: other purposes have others.")
    ] = "analysis",
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Write a training set. Example: tailorbird features export examples/wren --as-of 2026-06-01 -o features.parquet

    Every value is what it was at the row's moment: events at that moment or later do not count. What a person's
    consent did not cover at that moment is empty, and named in the column `withheld`. People stand under pseudonyms,
    unless --ids is given; either is audited.
    """
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target, zoned
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.export_features import export_features as export
    from tailorbird.stages.consent.effective import ConsentRules

    project, _ = read_target(target)
    moment = zoned(as_of, project, bootstrap.open_clock().now()) if as_of else None
    warehouse = bootstrap.open_events(project)
    settings = project.settings
    rename = None if ids else bootstrap.open_pseudonyms(project, pseudonyms)
    rules = ConsentRules(settings.consent)
    done = export(warehouse, project.features, output, moment, spine, settings.timezone, rules, rename)
    bootstrap.record_export(project, "training set", done.path, done.rows, None if ids else pseudonyms)
    if as_json:
        print_json({**asdict(done), "path": str(done.path)})
        return
    named = "under their ids" if ids else f"under pseudonyms for {pseudonyms}"
    print(f"{done.path}: {done.rows:,} rows of {done.people:,} people {named}, {len(project.features)} features")
    if done.withheld:
        print(f"  {done.withheld:,} rows have values withheld for want of consent; see the column withheld")
    if done.unknown:
        print(f"  {done.unknown:,} rows are of people without events")
