"""Import from a database: read from the watermark on, import like a file, and only then move the watermark."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tailorbird.pipeline.copy_rows import copy_rows, database_problem
from tailorbird.pipeline.ingest import ImportFailedError, ImportReport, ingest, quarantine_name
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.quarantine import Quarantine
from tailorbird.ports.row_source import RowSource
from tailorbird.ports.warehouse import Warehouse
from tailorbird.ports.watermarks import Watermarks
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.stages.events.row_lines import RowValueError
from tailorbird.types.catalog_schema import CatalogSchema
from tailorbird.types.mapping import DatabaseSource, ImportMapping
from tailorbird.types.settings import SignalSettings


class Ingested(NamedTuple):
    """The counts, the watermark as it is now, and whether it stands still because rows are in quarantine."""

    report: ImportReport
    watermark: str | None
    held: bool


def ingest_rows(
    mapping: ImportMapping,
    stem: str,
    rows: RowSource,
    watermarks: Watermarks,
    warehouse: Warehouse,
    log: EventLog,
    quarantine: Quarantine,
    state_dir: Path,
    moment: datetime,
    since: str | None = None,
    skip_quarantined: bool = False,
    plan: PlanChecks | None = None,
    currency: str = "",
    schema: CatalogSchema | None = None,
    signals: SignalSettings | None = None,
) -> Ingested:
    """Import what the query of imports/<stem>.yaml gives. `since` reads from there instead of from the watermark.

    A crash at any point is harmless: the rows are read again, and their events are known. While rows are quarantined
    the watermark stays, so that they are read again once they are mended, unless `skip_quarantined`. Errors as of
    `ingest` and of the row source; ImportFailedError: the source cannot be used. Nothing was changed then.
    """
    name = f"imports/{stem}.yaml"
    database = mapping.source
    if not isinstance(database, DatabaseSource):
        raise ImportFailedError(f"{name}: source: is a file, not a database")
    if problem := database_problem(database, mapping.makes_catalog):
        raise ImportFailedError(f"{name}: source.{problem[0]}: {problem[1]}")
    before = watermarks.get(stem)
    scratch = state_dir / "incoming" / f"{stem}.jsonl"
    kind = "postgres" if database.postgres else "clickhouse"
    try:
        copied = copy_rows(
            rows, database, since or before, scratch, moment, overlap=since is None and before is not None
        )
        if not copied.rows:
            return Ingested(ImportReport(name, kind, 0, 0, 0, 0, 0, 0, 0), before, held=False)
        report = replace(
            ingest(
                mapping, scratch, name, warehouse, log, quarantine, state_dir, moment, plan, currency, schema, signals
            ),
            source=kind,
        )
    except RowValueError as error:
        raise ImportFailedError(f"{name}: source: {error}") from error
    finally:
        scratch.unlink(missing_ok=True)
    if copied.watermark is None:
        return Ingested(report, before, held=False)
    if report.quarantined and not skip_quarantined:
        return Ingested(report, before, held=True)
    if report.quarantined:
        # The next rows must not take the place of these, which nobody reads again.
        quarantine.add(list(quarantine.rows(name)))
        quarantine.adopt(quarantine_name(name, scratch), None)
    watermarks.put(stem, copied.watermark, moment.isoformat())
    return Ingested(report, copied.watermark, held=False)
