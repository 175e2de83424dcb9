"""Import: one mapped file into the event log, the catalog, and quarantine, with counts that add up."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tailorbird.pipeline.bearable_events import refuse_unbearable
from tailorbird.pipeline.catalog import current_catalog, publish_catalog
from tailorbird.pipeline.catalog_schema import apply_to_rows
from tailorbird.pipeline.feed_source import ProductFile, complete_target, open_product_file, place_feed
from tailorbird.pipeline.hold_to_plan import hold_to_plan
from tailorbird.pipeline.import_signals import with_words
from tailorbird.pipeline.row_places import place_lines, refuse_open_quote
from tailorbird.pipeline.source_file import SourceError, SourceFile, open_source
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.quarantine import Quarantine
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.events.columns import MappingError
from tailorbird.stages.events.mapping_sql import ImportSql, compile_import
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.stages.events.source_sql import keys_query, read_source, spread_keys
from tailorbird.types.catalog_schema import CatalogSchema
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.mapping import ImportMapping
from tailorbird.types.quarantined import kind_of_reason
from tailorbird.types.settings import SignalSettings
from tailorbird.types.tracking_plan import PLAN_FILE

_UNNAMEABLE = re.compile(r"[^\w.-]")
_TABLES = [
    "places",
    "faults",
    "normal",
    "unfit",
    "found",
    "moved",
    "source",
    "rows",
    "refused",
    "bad",
    "firsts",
    "lines",
    "objects",
    "broken",
    "seen",
    "wrong",
    "waiting",
    "taken",
    "words",
    "status",
]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did. Rows: in = accepted + duplicate + quarantined.

    A row is quarantined when a target that takes it finds it wrong, even if another could use it, and when another
    row of its group is quarantined. `events` are new events, `people` the people they are about, `items` the catalog's
    size after it; `by_reason` counts quarantined rows as 'column: reason'. `quarantine` is the file that lists them,
    None if there are none. `unplanned` counts new events that the tracking plan does not know, by name.
    `violations` are rows that the catalog's schema finds odd, and that count all the same.
    """

    mapping: str
    source: str
    rows_in: int
    accepted: int
    duplicate: int
    quarantined: int
    events: int
    people: int
    items: int
    by_reason: Mapping[str, int] = field(default_factory=dict)
    catalog_version: str | None = None
    violations: Mapping[str, int] = field(default_factory=dict)
    quarantine: Path | None = None
    unplanned: Mapping[str, int] = field(default_factory=dict)


class ImportFailedError(TailorbirdError):
    """The file as a whole cannot be imported; nothing of it was. One sentence."""


def ingest(
    mapping: ImportMapping,
    source_path: Path,
    mapping_name: str,
    warehouse: Warehouse,
    log: EventLog,
    quarantine: Quarantine,
    state_dir: Path,
    moment: datetime,
    plan: PlanChecks | None = None,
    currency: str = "",
    schema: CatalogSchema | None = None,
    signals: SignalSettings | None = None,
) -> ImportReport:
    """Import one file. `state_dir` is the project's .tailorbird folder, `mapping_name` the mapping file's name.

    `currency` is that of prices which name none, `schema` that of the catalog's attributes. `moment` (aware) is now:
    the events are received then, and one that is dated later gets this time. Events go to the log in one Parquet
    segment, wrong rows to quarantine in place of those that an earlier import of the same file put there, the catalog
    to catalog/. Rows whose events violate the tracking `plan` are wrong too. Consent `signals` that events carry become
    words. Importing the same file again changes nothing. MappingError or ImportFailedError: nothing was changed.
    """
    if not source_path.is_file():
        raise ImportFailedError(
            f"{mapping_name}: source: there is no file {source_path}; check the path, or put it there"
        )
    source, product = SourceFile(source_path), ProductFile(source_path, "csv", "")
    try:
        product = open_product_file(source_path, mapping, state_dir / "incoming", currency)
        source = open_source(product.path, mapping.delimiter, state_dir / "incoming")
        compiled, records = _read(mapping, source, product, source_path, mapping_name, warehouse, moment, currency)
        for statement in (*compiled.rows, *compiled.judged):
            warehouse.run(statement)
        _refuse_collisions(compiled, mapping, mapping_name, warehouse)
        _load_seen(warehouse, log, state_dir)
        refuse_unbearable(compiled, warehouse)
        unplanned = hold_to_plan(compiled, plan, warehouse) if plan else {}
        odd = apply_to_rows(warehouse, mapping, schema) if schema and compiled.catalog else {}
        for statement in compiled.status:
            warehouse.run(statement)
        place_lines(source, mapping.delimiter, records, warehouse)
        query, words = with_words(compiled, signals or SignalSettings(), warehouse, moment)
        compiled = replace(compiled, new_events=query)
        report = _commit(compiled, source_path, mapping_name, warehouse, log, quarantine, state_dir, moment)
        return replace(report, events=report.events - words, unplanned=unplanned, violations=odd)
    except SourceError as error:
        raise ImportFailedError(f"{mapping_name}: {error}") from error
    except WarehouseError as error:
        raise ImportFailedError(f"{mapping_name}: {source_path} cannot be imported: {error}") from error
    finally:
        for path in {source.path, *product.made} - {source_path}:
            path.unlink(missing_ok=True)
        _drop(warehouse, len(mapping.events) + 2)


def _read(
    mapping: ImportMapping,
    source: SourceFile,
    product: ProductFile,
    source_path: Path,
    mapping_name: str,
    warehouse: Warehouse,
    moment: datetime,
    currency: str,
) -> tuple[ImportSql, int]:
    """(the compiled mapping, how many rows the file has)."""
    path = str(source.path)
    for statement in read_source(path, mapping.delimiter, source.header):
        warehouse.run(statement)
    refuse_open_quote(source, source_path, warehouse)
    keys = keys_query(path)
    if keys is not None:
        warehouse.run(spread_keys([key for (key,) in warehouse.rows(keys)]))
    described = warehouse.rows("DESCRIBE SELECT * FROM import_source")
    types = {name: kind for name, kind, *_ in described}
    if set(types) <= {"_row"}:
        broken = warehouse.rows("SELECT line, reason FROM import_broken ORDER BY line LIMIT 1")
        first = "".join(f"; line {line} {reason}" for line, reason in broken)
        raise MappingError(f"{mapping_name}: {source_path} holds no rows to map{first}")
    (records,) = warehouse.rows("SELECT count(*) FROM import_source")[0]
    place_feed(product, warehouse)
    mapping = complete_target(mapping, product, [name for name in types if name != "_row"], currency, str(source_path))
    return compile_import(mapping, types, str(source_path), mapping_name, moment), records


def _refuse_collisions(compiled: ImportSql, mapping: ImportMapping, mapping_name: str, warehouse: Warehouse) -> None:
    for message_id, one, other in warehouse.rows(compiled.collisions) if compiled.collisions else ():
        both = " and ".join(f"events[{i}] ({mapping.events[i].event})" for i in (one, other))
        raise MappingError(
            f"{mapping_name}: events[{other}].message_id: {both} both give the id {message_id!r}, so one of the two "
            'events would vanish; put the event\'s name into the id, such as {text: "refund-{order}"}'
        )


def _load_seen(warehouse: Warehouse, log: EventLog, state_dir: Path) -> None:
    try:
        _read_seen(warehouse, log, state_dir)
    except WarehouseError as error:
        raise ImportFailedError(
            f"the event log or the catalog cannot be read: {error}; move a damaged segment out of "
            f"{state_dir / 'events'}, or remove {state_dir / 'catalog' / 'current'}"
        ) from error


def _read_seen(warehouse: Warehouse, log: EventLog, state_dir: Path) -> None:
    parts = ["SELECT CAST(NULL AS VARCHAR) AS message_id WHERE FALSE"]
    segments = log.seal()
    if segments:
        warehouse.attach("import_log", segments)
        parts.append("SELECT message_id FROM import_log WHERE message_id IS NOT NULL")
    catalog = current_catalog(state_dir)
    if catalog is not None:
        warehouse.attach("import_catalog", [catalog])
        if any(name == "row_key" for name, *_ in warehouse.rows("DESCRIBE import_catalog")):
            parts.append("SELECT row_key FROM import_catalog")
    warehouse.run(f"CREATE OR REPLACE TEMP TABLE import_seen AS SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)})")


def _commit(
    compiled: ImportSql,
    source_path: Path,
    mapping_name: str,
    warehouse: Warehouse,
    log: EventLog,
    quarantine: Quarantine,
    state_dir: Path,
    moment: datetime,
) -> ImportReport:
    stem = Path(mapping_name).stem
    by_reason = _reasons(warehouse)
    counts: dict[str, Any] = dict(warehouse.rows("SELECT status, count(*) FROM import_status GROUP BY status"))
    accepted, duplicate = counts.get("accepted", 0), counts.get("duplicate", 0)
    quarantined = sum(by_reason.values())
    # Counted where the rows were read, not added up from where they went: a row that is lost on the way is an error.
    (rows_in,) = warehouse.rows("SELECT (SELECT count(*) FROM import_rows) + (SELECT count(*) FROM import_broken)")[0]
    if rows_in != accepted + duplicate + quarantined:
        raise ImportFailedError(
            f"{mapping_name}: {source_path}: {rows_in:,} rows were read, but {accepted + duplicate + quarantined:,} "
            "accounted for; nothing was imported. This is a mistake of Tailorbird: please report it"
        )
    refused = state_dir / "incoming" / f"{stem}.refused.jsonl" if quarantined else None
    if refused:
        warehouse.write(compiled.quarantine, refused)
    listed = quarantine.adopt(quarantine_name(mapping_name, source_path), refused)
    version, items = (None, 0)
    if compiled.catalog:
        version, items = publish_catalog(warehouse, compiled.catalog, state_dir, moment, mapping_name)
    warehouse.run("DROP TABLE import_rows")  # the largest table, and done with: the peak of memory is still to come
    events, people = _adopt(compiled, stem, warehouse, log, state_dir)
    return ImportReport(
        mapping=mapping_name,
        source=str(source_path),
        rows_in=rows_in,
        accepted=accepted,
        duplicate=duplicate,
        quarantined=quarantined,
        events=events,
        people=people,
        items=items,
        by_reason=by_reason,
        catalog_version=version,
        quarantine=listed,
    )


def quarantine_name(mapping_name: str, source_path: Path) -> str:
    """The name in quarantine of the rows of one file, read by one mapping: another file's rows stay beside them."""
    digest = hashlib.sha256(str(source_path).encode("utf-8", "surrogateescape")).hexdigest()
    return f"{_UNNAMEABLE.sub('_', Path(mapping_name).stem)[:100]}-{digest[:8]}"


def _reasons(warehouse: Warehouse) -> dict[str, int]:
    rows = warehouse.rows(
        "SELECT CASE WHEN field = '' THEN reason ELSE field || ': ' || reason END AS label, count(*) AS n FROM ("
        "SELECT field, reason FROM import_status WHERE status = 'quarantined' "
        "UNION ALL SELECT '', reason FROM import_broken) GROUP BY label ORDER BY n DESC, label"
    )
    counts: Counter[str] = Counter()
    for label, count in rows:
        counts[kind_of_reason(label) if label.startswith(PLAN_FILE) else label] += count
    return dict(counts)


def _adopt(compiled: ImportSql, stem: str, warehouse: Warehouse, log: EventLog, state_dir: Path) -> tuple[int, int]:
    """(new events, people they are about); the segment enters the log last, so that a crash before it loses nothing:
    the next import of the file does it all again."""
    segment = state_dir / "incoming" / f"{stem}.parquet"
    events = warehouse.write(compiled.new_events, segment)
    warehouse.attach("import_segment", [segment])
    people = warehouse.rows("SELECT count(DISTINCT coalesce(user_id, 'anon:' || anonymous_id)) FROM import_segment")
    if events:
        log.adopt(segment)
    else:
        segment.unlink()
    return events, int(people[0][0])


def _drop(warehouse: Warehouse, targets: int) -> None:
    """Give the memory back; a warehouse that refuses is about to be closed anyway."""
    parts = ("verdicts", "keys", "events", "told", "runs", "ranked", "items")
    names = [*_TABLES, *(f"{part}_{i}" for i in range(targets) for part in parts)]
    for name in [*(f"import_{name}" for name in names), "reject_errors", "reject_scans"]:
        try:
            warehouse.run(f"DROP TABLE IF EXISTS {name}")
        except WarehouseError:
            return
