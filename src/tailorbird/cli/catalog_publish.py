"""tailorbird catalog publish: a product file as a new version of the whole catalog, or what it would change."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tailorbird.pipeline.publish_file import FilePublished
    from tailorbird.project.project import Project
    from tailorbird.types.mapping import ImportMapping


def register(catalog: typer.Typer) -> None:
    """Add the command to its group."""
    catalog.command("publish")(publish)


def publish(
    file: Annotated[Path, typer.Argument(help="CSV, JSONL or Parquet, or a feed of Shopify or Google Merchant.")],
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    mapping: Annotated[
        str, typer.Option(help="Read the columns by this catalog mapping of imports/, not by their own names.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Make a file the whole catalog. Example: tailorbird catalog publish feed.xml examples/wren --dry-run

    Items that the file lacks leave the catalog; to change some of them, see tailorbird catalog update.
    """
    from dataclasses import asdict

    from tailorbird.cli.differences import SHOWN, describe
    from tailorbird.cli.import_files import plain, summary
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.stages.catalog.diff import plain_diff

    project = read_target(target)[0]
    chosen = find_mapping(project, mapping) if mapping else None
    found = rehearse(project, file, chosen, mapping) if dry_run else publish_now(project, file, chosen, mapping)
    if as_json:
        report = {**plain(found.report), **({"quarantine": None} if dry_run else {})}
        lines = [asdict(line) for line in found.lines]
        print_json({"dry_run": dry_run, "import": report, **plain_diff(found.diff), "lines": lines})
        return
    text = summary(found.report)
    # Of a rehearsal, nothing is in quarantine afterwards.
    print(text.replace("\n  see 'tailorbird quarantine list'", "") if dry_run else text)
    print("\n".join(describe(found.diff)) if found.diff.before else f"{found.diff.after} is the first version")
    for line in found.lines[:SHOWN]:
        print(f"  {line.kind} {line.creative_id}: {line.reason}: {line.text}")
    print("nothing was changed; without --dry-run it is" if dry_run else f"version {found.diff.after} is current")


def find_mapping(project: "Project", name: str) -> "ImportMapping":
    """A mapping that makes a catalog and nothing else. TailorbirdError: there is none of that name."""
    from tailorbird.project.source import nearest
    from tailorbird.types.errors import TailorbirdError

    found = project.mappings.get(name)
    if found is None:
        raise TailorbirdError(f"there is no mapping imports/{name}.yaml{nearest(name, list(project.mappings))}")
    if found.events or found.traits is not None:
        raise TailorbirdError(f"imports/{name}.yaml makes events or people too: use 'tailorbird import' with --file")
    return found


def publish_now(project: "Project", file: Path, mapping: "ImportMapping | None", name: str) -> "FilePublished":
    """Publish under the catalog's lock."""
    from tailorbird import bootstrap

    with bootstrap.hold_catalog(project):
        done = _publish(project, project, file, mapping, name, None)
    if done.report.catalog_version is not None:
        bootstrap.open_recorder(project).record(
            "catalog published", "a product file", done.report.catalog_version, before=done.diff.before, file=file.name
        )
    return done


def rehearse(project: "Project", file: Path, mapping: "ImportMapping | None", name: str) -> "FilePublished":
    """What publishing would do, done in a folder that is gone afterwards."""
    import tempfile
    from dataclasses import replace

    with tempfile.TemporaryDirectory(prefix="tailorbird-") as folder:
        scratch = replace(project, root=Path(folder))
        return _publish(project, scratch, file, mapping, name, scratch.state_dir)


def _publish(
    project: "Project", scratch: "Project", file: Path, mapping: "ImportMapping | None", name: str, into: Path | None
) -> "FilePublished":
    from tailorbird import bootstrap
    from tailorbird.pipeline.publish_file import NAME, publish_file

    log, creatives = bootstrap.open_log(scratch), bootstrap.open_state(project).creatives
    warehouse, now = bootstrap.open_warehouse(scratch), bootstrap.open_clock().now()
    source = f"imports/{name}.yaml" if mapping else NAME
    try:
        return publish_file(
            project, file, mapping, source, warehouse, log, bootstrap.open_quarantine(scratch), creatives, now, into
        )
    finally:
        log.close()
