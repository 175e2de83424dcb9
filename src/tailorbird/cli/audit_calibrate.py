"""tailorbird audit calibrate: from which probability on a project's judge of entailment is believed."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer, group: str) -> None:
    """Add the command to the group `audit`, which is there already."""
    from tailorbird.cli.audit import audit

    audit.command("calibrate")(audit_calibrate)


def audit_calibrate(
    labels: Annotated[Path, typer.Option("--labels", help="Labelled claims, as JSON lines.")],
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Learn when to believe the judge of entailment. Example: tailorbird audit calibrate my-shop --labels claims.jsonl

    Asks it for every labelled claim, prints how often it was right at which probability, and keeps the thresholds.
    """
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.validation.calibrations import calibrate_judge, read_labels, write_calibration

    project, _ = read_target(target)
    judge = bootstrap.open_entailment(project)
    if judge is None:
        raise bootstrap.SetupError(
            "tailorbird.yaml: validation.entailment names no judge: write adapter, base_url, model"
        )
    examples = read_labels(labels)
    found = calibrate_judge(judge, examples, project.settings.validation.entailment.precision)
    file = write_calibration(project.state_dir, found)
    if as_json:
        print_json(asdict(found))
        return
    print(f"{found.judge}: {found.labels:,} labels")
    for outcome, curve in found.curves.items():
        threshold = found.thresholds.get(outcome)
        told = (
            f"believed from {threshold:.3f} on" if threshold is not None else "never believed: not right often enough"
        )
        print(f"\n{outcome}: {told}")
        print("  probability  right  labels")
        for step in curve:
            print(f"  {step.mean:>11.3f}  {step.share:>5.0%}  {step.count:>6,}")
    print(f"\nkept in {file}")
