"""Publishing a product file: a version of the whole catalog, what differs, and the lines that this touches."""

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tailorbird.pipeline.catalog import current_catalog
from tailorbird.pipeline.catalog_versions import diff_versions
from tailorbird.pipeline.ingest import ImportReport, ingest
from tailorbird.pipeline.outdate_lines import outdate_lines, touched_lines
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.quarantine import Quarantine
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.project.schema_file import read_schema
from tailorbird.types.catalog_diff import CatalogDiff
from tailorbird.types.mapping import ImportMapping
from tailorbird.types.outdated import OutdatedLine

NAME = "catalog publish"
"""The name of a file without a mapping, in errors, in the catalog's history and in quarantine."""


@dataclass(frozen=True, slots=True)
class FilePublished:
    """What became of a product file, or would: the import's counts, the difference, and the lines that it touches."""

    report: ImportReport
    diff: CatalogDiff
    lines: tuple[OutdatedLine, ...]


def publish_file(
    project: Project,
    file: Path,
    mapping: ImportMapping | None,
    name: str,
    warehouse: Warehouse,
    log: EventLog,
    quarantine: Quarantine,
    creatives: CreativeStore,
    at: datetime,
    rehearsal: Path | None = None,
) -> FilePublished:
    """Make the products of `file` the whole catalog: by `mapping`, or by what the file tells of itself.

    With `rehearsal`, an empty folder in place of .tailorbird that `log` and `quarantine` belong to, everything happens
    there alone: the project stays as it is. Errors are those of `ingest`; nothing was changed then.
    """
    state_dir, before = rehearsal or project.state_dir, current_catalog(project.state_dir)
    if rehearsal is not None and before is not None:
        _lend(before, rehearsal)
    own = replace(mapping, source=str(file)) if mapping else ImportMapping(str(file))
    schema, currency = read_schema(project.root), project.settings.currency
    report = ingest(own, file, name, warehouse, log, quarantine, state_dir, at, None, currency, schema)
    after = current_catalog(state_dir)
    diff = CatalogDiff(before.stem if before else "", after.stem if after else "")
    if before is not None and after is not None and before.stem != after.stem:
        diff = diff_versions(warehouse, before, after)
    lines = touched_lines(diff, creatives, project.brand)
    if rehearsal is None:
        outdate_lines(state_dir, warehouse, creatives, project.brand, at)
    return FilePublished(report, diff, tuple(lines))


def _lend(current: Path, rehearsal: Path) -> None:
    """Show the current version there too, so that rows which it has already count as known."""
    folder = rehearsal / "catalog"
    folder.mkdir(parents=True)
    os.symlink(current.resolve(), folder / current.name)
    (folder / "current").write_text(current.stem + "\n")
