"""tailorbird check: is everything in the project folder right?"""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tailorbird.project.project import Project


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("check", rich_help_panel=group)(check)


def check(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    dns: Annotated[bool, typer.Option("--dns", help="Also print the DKIM record for your DNS.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Check every file of a project: names, slots, templates. Example: tailorbird check examples/wren"""
    from tailorbird.bootstrap import open_clock, policy_kinds, recommender_names
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.check import check_project
    from tailorbird.pipeline.check_choosing import check_installed
    from tailorbird.pipeline.check_policies import warn_of_lines, warn_of_policies
    from tailorbird.stages.measurement.verdict import count

    project, _ = read_target(target)
    check_installed(project, policy_kinds(), recommender_names())
    warnings = [
        *check_project(project),
        *warn_of_policies(project.policies, open_clock().now().date()),
        *warn_of_lines(project),
    ]
    _check_sources(project)
    _check_imported(project)
    record = _dkim_record(project) if dns else None
    if as_json:
        print_json({"project": project.settings.name, "ok": True, "warnings": warnings, "dkim_record": record})
        return
    for warning in warnings:
        print(f"warning: {warning}")
    print(
        f"{project.settings.name}: {count(len(project.campaigns), 'campaign')}, "
        f"{count(len(project.brand.approved), 'approved line')}, {count(len(project.features), 'feature')}, "
        f"{count(len(project.templates), 'template')}: all right"
    )
    if record:
        print(record)


def _check_sources(project: "Project") -> None:
    """Where a mapping's file is there: does it have the columns?"""
    from tailorbird.bootstrap import SetupError, expand
    from tailorbird.pipeline.check_imports import check_mapping, header_of

    for stem, mapping in project.mappings.items():
        if not isinstance(mapping.source, str):
            continue  # A database is asked at the import.
        try:
            source = project.root / expand(mapping.source)
        except SetupError:
            continue  # The data is on another machine: the import will say so.
        header = header_of(source, mapping.delimiter)
        if header is not None:
            check_mapping(project.root / "imports" / f"{stem}.yaml", mapping, header, str(source))


def _check_imported(project: "Project") -> None:
    """If a catalog was imported: do the lines name families that it has?"""
    from tailorbird.bootstrap import open_warehouse
    from tailorbird.pipeline.catalog import current_catalog, load_catalog
    from tailorbird.pipeline.check import check_catalog

    if current_catalog(project.state_dir) is not None:
        check_catalog(project, load_catalog(open_warehouse(project), project.state_dir))


def _dkim_record(project: "Project") -> str:
    from tailorbird.adapters.keys.files import dns_record
    from tailorbird.bootstrap import open_keys

    sender = project.settings.sender
    return dns_record(open_keys(project)[1], sender.dkim_selector, sender.domain)
