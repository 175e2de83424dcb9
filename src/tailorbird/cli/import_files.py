"""tailorbird import: files into the event log, the profiles and the catalog."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tailorbird.pipeline.ingest import ImportReport
    from tailorbird.ports.event_log import EventLog
    from tailorbird.ports.progress import Progress
    from tailorbird.ports.warehouse import Warehouse
    from tailorbird.project.project import Project
    from tailorbird.stages.events.plan_checks import PlanChecks
    from tailorbird.types.mapping import ImportMapping


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("import", rich_help_panel=group)(import_files)


def import_files(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder, and a mapping of imports/.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Read this file instead of the mapping's source.")] = None,
    before: Annotated[
        str | None, typer.Option("--before", help="Only rows whose event time sorts before this text (2010-10-01).")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Of a database: read from this watermark, not from the last one.")
    ] = None,
    skip: Annotated[
        bool, typer.Option("--skip-quarantined", help="Of a database: go on behind rows that are in quarantine.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Import CSV, JSONL, Parquet or a database's rows by a mapping. Example: tailorbird import examples/wren catalog

    Without a mapping's name, every mapping under 'imports' in tailorbird.yaml is imported, in order. Wrong rows go to
    quarantine with file, line, field and reason (tailorbird quarantine list); the counts add up.
    """
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json, progress_for
    from tailorbird.types.errors import TailorbirdError

    project, name = read_target(target)
    names = [name] if name else list(project.settings.imports)
    if not names:
        raise TailorbirdError("tailorbird.yaml lists no imports; name a mapping of imports/, or add 'imports: [name]'")
    if file and len(names) != 1:
        raise TailorbirdError("--file goes with one mapping's name")
    progress = progress_for(as_json)
    reports = import_all(project, names, file, progress, before, since, skip)
    withdrawn = bootstrap.empty_queue(project)
    if withdrawn:
        progress.say(f"{withdrawn:,} queued messages are withdrawn: their people said no")
    if as_json:
        print_json({"imports": [plain(report) for report in reports], "withdrawn": withdrawn})


def plain(report: "ImportReport") -> dict[str, Any]:
    """A report as plain values."""
    return {**asdict(report), "quarantine": str(report.quarantine) if report.quarantine else None}


def import_all(
    project: "Project",
    names: list[str],
    file: Path | None,
    progress: "Progress",
    before: str | None = None,
    since: str | None = None,
    skip: bool = False,
) -> "list[ImportReport]":
    """Import mappings in order, saying the counts of each."""
    from contextlib import nullcontext

    from tailorbird.bootstrap import hold_catalog, open_log, open_recorder, open_warehouse
    from tailorbird.project.source import nearest
    from tailorbird.stages.events.plan_checks import PlanChecks
    from tailorbird.stages.events.wire_rules import OUR_EVENTS
    from tailorbird.types.errors import TailorbirdError

    project.state_dir.mkdir(parents=True, exist_ok=True)  # what does not fit into memory is spilled there
    log, warehouse = open_log(project), open_warehouse(project)
    plan = PlanChecks(project.plan, OUR_EVENTS) if project.plan else None
    reports = []
    try:
        for name in names:
            if name not in project.mappings:
                near = nearest(name, list(project.mappings))
                raise TailorbirdError(f"there is no mapping imports/{name}.yaml{near}")
            mapping = project.mappings[name] if before is None else earlier(project.mappings[name], name, before)
            progress.stage(f"import {name}")
            with hold_catalog(project) if mapping.makes_catalog else nullcontext():
                if file is None and not isinstance(mapping.source, str):
                    report, said = _import_rows(project, mapping, name, warehouse, log, since, skip, plan)
                else:
                    report, said = _import_file(project, mapping, name, file, warehouse, log, plan), ""
            progress.say(summary(report) + said)
            if report.catalog_version is not None:
                open_recorder(project).record("catalog published", "import", report.catalog_version, mapping=name)
                tell_of_lines(project, warehouse, progress)
            reports.append(report)
    finally:
        log.close()
    return reports


def _import_file(
    project: "Project",
    mapping: "ImportMapping",
    name: str,
    file: Path | None,
    warehouse: "Warehouse",
    log: "EventLog",
    plan: "PlanChecks | None",
) -> "ImportReport":
    """The counts of an import of one file, `file` or the mapping's own."""
    from tailorbird.bootstrap import expand, open_clock, open_quarantine
    from tailorbird.pipeline.ingest import ingest
    from tailorbird.project.schema_file import read_schema

    return ingest(
        mapping,
        file or project.root / expand(str(mapping.source)),
        f"imports/{name}.yaml",
        warehouse,
        log,
        open_quarantine(project),
        project.state_dir,
        open_clock().now(),
        plan,
        project.settings.currency,
        read_schema(project.root),
        project.settings.consent.signals,
    )


def _import_rows(
    project: "Project",
    mapping: "ImportMapping",
    name: str,
    warehouse: "Warehouse",
    log: "EventLog",
    since: str | None,
    skip: bool,
    plan: "PlanChecks | None",
) -> "tuple[ImportReport, str]":
    """(the counts, what is to be said of the watermark) of an import from a database."""
    from tailorbird.bootstrap import open_clock, open_quarantine, open_rows, open_watermarks
    from tailorbird.pipeline.ingest_rows import ingest_rows
    from tailorbird.project.schema_file import read_schema
    from tailorbird.types.mapping import DatabaseSource

    assert isinstance(mapping.source, DatabaseSource)
    rows = open_rows(mapping.source)
    try:
        done = ingest_rows(
            mapping,
            name,
            rows,
            open_watermarks(project),
            warehouse,
            log,
            open_quarantine(project),
            project.state_dir,
            open_clock().now(),
            since,
            skip,
            plan,
            project.settings.currency,
            read_schema(project.root),
            project.settings.consent.signals,
        )
    finally:
        rows.close()
    if done.held:
        said = f"\n  the watermark stays at {done.watermark or 'its beginning'}: mend the rows in quarantine, or go on "
        return done.report, said + "without them by --skip-quarantined"
    return done.report, f"\n  read up to {done.watermark}" if done.watermark else ""


def tell_of_lines(project: "Project", warehouse: "Warehouse", progress: "Progress") -> None:
    """Take lines out of use that state what the catalog no longer says, and say which."""
    from tailorbird.bootstrap import open_clock, open_state
    from tailorbird.pipeline.outdate_lines import outdate_and_tell

    outdate_and_tell(project, warehouse, open_state(project).creatives, open_clock().now(), progress)


def earlier(mapping: "ImportMapping", name: str, before: str) -> "ImportMapping":
    """The mapping, reading only the rows whose event time sorts before a text (ISO times sort as text)."""
    from dataclasses import replace

    from tailorbird.types.errors import TailorbirdError
    from tailorbird.types.mapping import RowTest

    times = [event.timestamp for event in mapping.events if isinstance(event.timestamp, str)]
    if not times:
        raise TailorbirdError(f"--before: imports/{name}.yaml has no event with a timestamp column")
    return replace(mapping, where=(*mapping.where, RowTest(times[0], before=before)))


def summary(report: "ImportReport") -> str:
    """The counts in one sentence, and the commonest reasons."""
    text = (
        f"{report.mapping}: {report.rows_in:,} rows in = {report.accepted:,} accepted + {report.duplicate:,} duplicate "
        f"+ {report.quarantined:,} quarantined; {report.events:,} new events, {report.people:,} people, "
        f"{report.items:,} items"
    )
    reasons = sorted(report.by_reason.items(), key=lambda pair: -pair[1])[:3]
    for odd, count in sorted(report.violations.items(), key=lambda pair: -pair[1])[:3]:
        text += f"\n  catalog/schema.yaml: {count:,} rows: {odd}"
    if reasons:
        text += "\n  quarantined: " + "; ".join(f"{count:,} {reason}" for reason, count in reasons)
        text += "\n  see 'tailorbird quarantine list'"
    if report.unplanned:
        listed = ", ".join(f"{name} ({count:,})" for name, count in report.unplanned.items())
        text += f"\n  warning: events.yaml does not know {listed}"
    return text
