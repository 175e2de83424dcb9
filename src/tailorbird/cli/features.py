"""tailorbird features: what is defined, what is known of one person, training sets, and whether engines agree."""

from typing import Annotated

import typer

from tailorbird.cli.features_check import check_engines
from tailorbird.cli.features_export import export_features

features = typer.Typer(
    help="Features: what is defined, one person's values, training sets, and whether engines agree.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Target = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
AsOf = Annotated[str | None, typer.Option(help="The moment (default: now).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    features.command(name="check")(check_engines)
    features.command(name="export")(export_features)
    app.add_typer(features, name="features", rich_help_panel=group)


@features.command(name="list")
def list_features(target: Target = None, as_json: AsJson = False) -> None:
    """List the project's features. Example: tailorbird features list examples/wren"""
    from dataclasses import asdict

    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.stages.features.definitions import check_definitions, freshness_seconds, value_type
    from tailorbird.stages.features.lanes import computed_by
    from tailorbird.stages.features.withhold import told_purposes

    project, _ = read_target(target)
    check_definitions(project.features)
    if as_json:
        print_json(
            [
                {
                    **asdict(one),
                    "gives": value_type(one),
                    "freshness_seconds": freshness_seconds(one),
                    "computed_by": computed_by(one),
                }
                for one in project.features
            ]
        )
        return
    rows = [("feature", "kind", "gives", "purpose", "fresh")]
    purposes = told_purposes(project.features)
    rows += [
        (str(one.name), str(one.kind), value_type(one), purposes[one.name], one.freshness) for one in project.features
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    meanings = ["", *(one.description for one in project.features)]
    for row, meaning in zip(rows, meanings, strict=True):
        shown = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"{shown}  {meaning}".rstrip())


@features.command()
def show(person: str, target: Target = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Show one person's features. Example: tailorbird features show c00290 examples/wren --as-of 2026-06-01"""
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target, zoned
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.explain import features_of_person

    project, _ = read_target(target)
    moment = zoned(as_of, project, bootstrap.open_clock().now())
    found = features_of_person(project, person, moment, bootstrap.open_events(project))
    if as_json:
        print_json(asdict(found))
        return
    print(f"{found.person_id} at {moment:%Y-%m-%d %H:%M} UTC")
    width = max(map(len, found.values), default=0)
    for name, value in found.values.items():
        shown = ", ".join(value) if isinstance(value, tuple) else value
        if name in found.withheld:
            shown = f"withheld: {found.withheld[name]}"
        elif name in found.missing:
            shown = "missing"
        print(f"  {name:<{width}}  {shown}")
