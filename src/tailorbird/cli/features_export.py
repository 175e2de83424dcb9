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
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Write a training set. Example: tailorbird features export examples/wren --as-of 2026-06-01 -o features.parquet

    Every value is what it was at the row's moment: events at that moment or later do not count. What a person's
    consent did not cover at that moment is empty, and named in the column `withheld`.
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
    done = export(warehouse, project.features, output, moment, spine, settings.timezone, ConsentRules(settings.consent))
    if as_json:
        print_json({**asdict(done), "path": str(done.path)})
        return
    print(f"{done.path}: {done.rows:,} rows of {done.people:,} people, {len(project.features)} features")
    if done.withheld:
        print(f"  {done.withheld:,} rows have values withheld for want of consent; see the column withheld")
    if done.unknown:
        print(f"  {done.unknown:,} rows are of people without events")
