"""tailorbird check: is everything in the project folder right?"""

from typing import Annotated

import typer


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("check", rich_help_panel=group)(check)


def check(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Check every file of a project: names, slots, templates. Example: tailorbird check examples/wren"""
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.check import check_project

    project, _ = read_target(target)
    warnings = check_project(project)
    if as_json:
        print_json({"project": project.settings.name, "ok": True, "warnings": warnings})
        return
    for warning in warnings:
        print(f"warning: {warning}")
    print(
        f"{project.settings.name}: {len(project.campaigns)} campaigns, {len(project.brand.approved)} approved lines, "
        f"{len(project.features)} features, {len(project.templates)} templates: all right"
    )
