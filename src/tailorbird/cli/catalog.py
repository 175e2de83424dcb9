"""tailorbird catalog: its versions, what differs between them, and quick changes of price and stock."""

from pathlib import Path
from typing import Annotated, Any

import typer

from tailorbird.cli import catalog_publish
from tailorbird.cli.differences import SHOWN, describe

catalog = typer.Typer(help="Versions of the catalog, and changes.", no_args_is_help=True, rich_markup_mode=None)
Target = Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(app: typer.Typer, group: str) -> None:
    """Add the command group."""
    catalog_publish.register(catalog)
    app.add_typer(catalog, name="catalog", rich_help_panel=group)


@catalog.command("list")
def list_all(target: Target = None, as_json: AsJson = False) -> None:
    """List the versions, the current one marked. Example: tailorbird catalog list examples/wren"""
    from dataclasses import asdict

    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.catalog_versions import list_versions

    versions = list_versions(read_target(target)[0].state_dir)
    if as_json:
        print_json({"versions": [asdict(version) for version in versions]})
        return
    for one in versions:
        mark = "*" if one.current else " "
        print(f"{mark} {one.version}  {one.at[:16] or 'unknown':16}  {one.items:>9,} items  {one.source}")
    if not versions:
        print("no catalog was imported yet")


@catalog.command()
def show(
    item_id: Annotated[str, typer.Argument(help="The item's id.")],
    target: Target = None,
    version: Annotated[str, typer.Option(help="A version's id, or 'previous'.")] = "current",
    as_json: AsJson = False,
) -> None:
    """Show one item as a version has it. Example: tailorbird catalog show hobbin-kettle examples/wren"""
    from tailorbird.bootstrap import open_warehouse
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.catalog import CatalogError
    from tailorbird.pipeline.catalog_versions import find_version, read_item

    project = read_target(target)[0]
    file = find_version(project.state_dir, version)
    item = read_item(open_warehouse(project), file, item_id)
    if item is None:
        raise CatalogError(f"version {file.stem} has no item {item_id!r}")
    if as_json:
        print_json({"item_id": item_id, "version": file.stem, **item})
        return
    print(f"{item_id} in version {file.stem}")
    for field, value in item.items():
        print(f"  {field}: {value}")


@catalog.command()
def diff(
    before: Annotated[str, typer.Argument(help="A version's id, or 'previous'.")] = "previous",
    after: Annotated[str, typer.Argument(help="A version's id, or 'current'.")] = "current",
    target: Target = None,
    as_json: AsJson = False,
) -> None:
    """What differs between two versions. Example: tailorbird catalog diff previous current examples/wren"""
    from dataclasses import asdict

    from tailorbird.bootstrap import open_state, open_warehouse
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.catalog_versions import diff_versions, find_version
    from tailorbird.pipeline.outdate_lines import touched_lines
    from tailorbird.stages.catalog.diff import plain_diff

    project = read_target(target)[0]
    old, new = find_version(project.state_dir, before), find_version(project.state_dir, after)
    found = diff_versions(open_warehouse(project), old, new)
    touched = touched_lines(found, open_state(project).creatives, project.brand)
    if as_json:
        print_json({**plain_diff(found), "lines": [asdict(line) for line in touched]})
        return
    print("\n".join(describe(found)))
    for line in touched[:SHOWN]:
        print(f"  {line.kind} {line.creative_id}: {line.reason}: {line.text}")


@catalog.command()
def rollback(
    version: Annotated[str, typer.Argument(help="A version's id, or 'previous'.")] = "previous",
    target: Target = None,
    as_json: AsJson = False,
) -> None:
    """Make an earlier version current again. Example: tailorbird catalog rollback previous examples/wren"""
    from tailorbird.bootstrap import hold_catalog, open_clock, open_recorder, open_warehouse
    from tailorbird.cli.import_files import tell_of_lines
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json, progress_for
    from tailorbird.pipeline.catalog_versions import switch_version

    project = read_target(target)[0]
    warehouse, now = open_warehouse(project), open_clock().now()
    with hold_catalog(project):
        before, here = switch_version(warehouse, project.state_dir, version, now, "rollback")
    open_recorder(project).record("catalog switched", "rollback", here.stem, before=before.stem)
    tell_of_lines(project, warehouse, progress_for(as_json))
    if as_json:
        print_json({"before": before.stem, "current": here.stem})
        return
    print(f"version {here.stem} is current, {before.stem} is kept")


@catalog.command()
def update(
    file: Annotated[Path, typer.Argument(help="CSV, JSONL or Parquet with item_id, and price, stock or both.")],
    target: Target = None,
    as_json: AsJson = False,
) -> None:
    """Change prices and stock at once. Example: tailorbird catalog update today.csv examples/wren

    Exit code 1 if every row was rejected.
    """
    from dataclasses import asdict

    from tailorbird.bootstrap import open_clock, open_item_publisher, open_recorder, open_warehouse
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json, progress_for
    from tailorbird.pipeline.outdate_lines import tell_outdated
    from tailorbird.pipeline.rows_of import read_rows

    project = read_target(target)[0]
    rows = read_rows(file, open_warehouse(project))
    place = f"{file}:{{line}}"
    found = open_item_publisher(project).publish(
        rows, open_clock().now(), f"update {file.name}", place, prices_only=True
    )
    report, progress = found.report, progress_for(as_json)
    open_recorder(project).record(
        "catalog updated", "prices and stock", str(report.version), file=file.name, updated=report.updated
    )
    for said in tell_outdated(found.lines):
        progress.say(said)
    if as_json:
        print_json(asdict(report))
    else:
        print(
            f"{report.rows_in:,} rows in = {report.updated:,} updated + {report.unchanged:,} unchanged + "
            f"{len(report.rejected):,} rejected; version {report.version}"
        )
        for one in report.rejected[:SHOWN]:
            print(f"  line {one.line}: {one.field} {one.reason}".replace(":  ", ": "))
    if report.rejected and len(report.rejected) == report.rows_in:
        raise typer.Exit(1)


@catalog.command()
def infer(target: Target = None, as_json: AsJson = False) -> None:
    """Write catalog/schema.yaml from the current catalog. Example: tailorbird catalog infer examples/wren"""
    from tailorbird.bootstrap import open_warehouse
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.catalog import load_catalog
    from tailorbird.pipeline.catalog_schema import infer_schema
    from tailorbird.project.schema_file import add_attributes, read_schema

    project = read_target(target)[0]
    read_schema(project.root)
    found = infer_schema(load_catalog(open_warehouse(project), project.state_dir))
    comments = {}
    for name, one in found.items():
        counts = ", ".join(f"{value} {count:,}" for value, count in list(one.counts.items())[:5])
        comments[name] = (one.schema, f"{one.missing:.0%} missing" + (f"; {counts}" if counts else ""))
    fresh = add_attributes(project.root, comments)
    if as_json:
        print_json({"attributes": len(found), "new": list(fresh)})
        return
    print(f"catalog/schema.yaml: {len(found):,} attributes, {len(fresh):,} of them new: {', '.join(fresh) or 'none'}")


@catalog.command()
def knowledge(target: Target = None, as_json: AsJson = False) -> None:
    """What the tables of knowledge/ hold now, and why rows are not used. Example: tailorbird catalog knowledge"""
    from tailorbird.bootstrap import open_clock, open_warehouse
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.catalog import current_catalog, load_catalog
    from tailorbird.pipeline.facts import read_tables
    from tailorbird.stages.catalog.knowledge import rows_about_nothing

    project = read_target(target)[0]
    now, warehouse = open_clock().now(), open_warehouse(project)
    items = load_catalog(warehouse, project.state_dir) if current_catalog(project.state_dir) else None
    told: dict[str, dict[str, Any]] = {
        name: {
            "by": read.table.by,
            "rows": len(read.rows) + len(read.rejected),
            "used": sum(row.expires_at > now for row in read.rows),
            "expired": sum(row.expires_at <= now for row in read.rows),
            "about_nothing": sorted({row.key for row in rows_about_nothing(items.values(), read.table, read.rows)})
            if items is not None
            else [],
            "rejected": [{"line": line, "reason": reason} for line, reason in read.rejected],
        }
        for name, read in read_tables(project, warehouse).items()
    }
    if as_json:
        print_json({"tables": told})
        return
    for name, one in told.items():
        rejected = one["rejected"]
        print(f"{name}, by {one['by']}: {one['rows']:,} rows = {one['used']:,} used + {one['expired']:,} expired + "
              f"{len(rejected):,} rejected")  # fmt: skip
        if nothing := one["about_nothing"]:
            shown = ", ".join(map(repr, nothing[:SHOWN]))
            print(f"  about nothing in the catalog: {shown}{' and others' * (len(nothing) > SHOWN)}")
        for each in rejected[:SHOWN]:
            print(f"  line {each['line']}: {each['reason']}")
    if not told:
        print("there is no table in knowledge/")
