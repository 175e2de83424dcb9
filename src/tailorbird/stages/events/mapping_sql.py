"""Compiles an import mapping to SQL in DuckDB's dialect: rows, verdicts, events, catalog, quarantine.

Every statement works on temp tables named `import_*`; `stages/events/source_sql.py` makes the first of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, permutations

from tailorbird.stages.events.catalog_sql import compile_catalog
from tailorbird.stages.events.columns import Columns, MappingError, literal, name
from tailorbird.stages.events.source_sql import line_of
from tailorbird.stages.events.targets_sql import TargetSql, compile_event, compile_traits
from tailorbird.types.event import EVENT_COLUMNS
from tailorbird.types.mapping import Derivation, ImportMapping
from tailorbird.types.quarantined import ID_CHARS


@dataclass(frozen=True, slots=True)
class ImportSql:
    """A compiled mapping, to be run in this order.

    `rows`: statements that make the rows and `import_refused(_row, field, reason)`, empty, for rows that others
    refuse. `judged`: statements that make `import_wrong(_row, field, reason, because)`, and of the rows that are not
    in it each target's keys and events; they may run again. `targets`: each target's tables of events and keys.
    `collisions`: query for (message_id, one target's number, another's) where two
    targets give one id to two events; None if that cannot be. Then the caller makes `import_seen(message_id)`.
    `new_events`: query for the segment's rows. `status`: statement that makes
    `import_status(_row, status, field, reason)`. `quarantine`: query for quarantine rows. `catalog`: query for the
    catalog, or None.
    """

    rows: tuple[str, ...]
    judged: tuple[str, ...]
    targets: tuple[tuple[str, str], ...]
    collisions: str | None
    new_events: str
    status: tuple[str, ...]
    quarantine: str
    catalog: str | None


def compile_import(
    mapping: ImportMapping, types: Mapping[str, str], source: str, mapping_name: str, moment: datetime
) -> ImportSql:
    """Compile a mapping for a file whose columns have the SQL `types`; its events are received at `moment` (aware).

    MappingError: a column that the file lacks, naming the nearest one; a mapping that asks for nothing or for what
    cannot be.
    """
    file_columns = {column: kind for column, kind in types.items() if column != "_row"}
    known = {**file_columns, **dict.fromkeys(mapping.derive, "VARCHAR")}
    columns = Columns(known, source, mapping_name, mapping.timezone)
    targets = [compile_event(target, i, columns, file_columns) for i, target in enumerate(mapping.events)]
    if mapping.traits:
        targets.append(compile_traits(mapping.traits, len(targets), columns))
    counting = list(targets)
    catalog_verdict: TargetSql | None = None
    catalog_query = None
    if mapping.catalog:
        catalog_verdict, catalog_query = compile_catalog(mapping.catalog, len(targets), columns)
        if not (mapping.catalog.grouped and targets):
            counting.append(catalog_verdict)
    if not targets and not mapping.catalog:
        raise MappingError(f"{mapping_name}: it maps nothing; give it events, traits or a catalog")
    everything = [*targets, *([catalog_verdict] if catalog_verdict else [])]
    return ImportSql(
        rows=(
            *_rows(mapping, Columns(file_columns, source, mapping_name, mapping.timezone), file_columns),
            "CREATE OR REPLACE TEMP TABLE import_refused (_row BIGINT, field VARCHAR, reason VARCHAR)",
        ),
        judged=(
            *(statement for target in everything for statement in target.judge),
            *_wrong(counting),
            *(statement for target in everything for statement in target.build),
        ),
        targets=tuple((target.events, target.keys) for target in targets),
        collisions=_collisions(targets),
        new_events=_new_events(targets, moment),
        status=_status(counting),
        quarantine=_quarantine(source, file_columns, mapping_name, moment),
        catalog=catalog_query,
    )


def _rows(mapping: ImportMapping, columns: Columns, file_columns: Mapping[str, str]) -> tuple[str, ...]:
    joins, derived = [], []
    for i, (label, derivation) in enumerate(mapping.derive.items()):
        field = f"derive.{label}"
        if label in file_columns:
            raise MappingError(f"{columns.mapping}: {field}: the file has a column {label!r} already; rename it")
        # Worked out once per distinct text. The names start with an underscore, so that no column of a file has them.
        text = columns.text(derivation.column, f"{field}.column")
        keys = f"SELECT DISTINCT {text} AS _text FROM import_source"
        joins.append(
            f" LEFT JOIN (SELECT _text AS _text{i}, CAST({_derived(derivation)} AS VARCHAR) AS _value{i} FROM ({keys}) "
            f"WHERE _text IS NOT NULL) ON _text{i} = {text}"
        )
        derived.append(f", _value{i} AS {name(label)}")
    where = columns.tests(mapping.where, "where")
    names = ", ".join(name(column) for column in file_columns)
    # By a hash of the row: whole rows as keys of a group are the largest thing in memory. It decides a count, no event.
    firsts = (
        "CREATE OR REPLACE TEMP TABLE import_firsts AS SELECT min(_row) AS _row FROM import_rows "
        f"GROUP BY hash({names})"
    )
    return (
        f"CREATE OR REPLACE TEMP TABLE import_rows AS SELECT s.*{''.join(derived)} FROM import_source s"
        f"{''.join(joins)} WHERE {where}",
        *((firsts,) if mapping.traits else ()),
        "DROP TABLE import_source",
    )


def _derived(derivation: Derivation) -> str:
    """SQL of a derived value of the text `_text`."""
    if derivation.patterns:
        cases = "".join(
            f" WHEN regexp_matches(_text, {literal(_whole_words(patterns))}) THEN {literal(value)}"
            for value, patterns in derivation.patterns.items()
        )
        return f"CASE{cases} ELSE {literal(derivation.otherwise)} END"
    text = "regexp_replace(_text, '\\s+', ' ', 'g')"
    if derivation.letters == "title":
        small = "i > 1 AND w IN ('a', 'and', 'at', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'with')"
        words = f"string_split(lower({text}), ' ')"
        titled = f"list_transform({words}, lambda w, i: CASE WHEN {small} THEN w ELSE upper(w[1]) || w[2:] END)"
        return f"array_to_string({titled}, ' ')"
    return f"lower({text})" if derivation.letters == "lower" else text


def _whole_words(patterns: tuple[str, ...]) -> str:
    return r"(?i)\b(?:" + "|".join(patterns) + r")\b"


def _new_events(targets: list[TargetSql], moment: datetime) -> str:
    # The ids come from the times as they were given: the same row has the same id whenever it is imported.
    received = f"TIMESTAMP '{moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}'"
    # Not least(): it takes the other where one is NULL, and a time that was never read would become the import's.
    bounded = {
        "timestamp": f"CASE WHEN timestamp > {received} THEN {received} ELSE timestamp END AS timestamp",
        "received_at": f"{received} AS received_at",
    }
    columns = ", ".join(name(column) for column, _ in EVENT_COLUMNS)
    given = ", ".join(bounded.get(column, name(column)) for column, _ in EVENT_COLUMNS)
    union = " UNION ALL ".join(f"SELECT {given} FROM {target.events}" for target in targets)
    if not union:
        union = f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS {name(c)}' for c, kind in EVENT_COLUMNS)} WHERE FALSE"
    return (
        f"SELECT {columns} FROM ({union}) WHERE message_id NOT IN (SELECT message_id FROM import_seen) "
        "QUALIFY row_number() OVER (PARTITION BY message_id ORDER BY timestamp) = 1 ORDER BY timestamp, message_id"
    )


def _collisions(targets: list[TargetSql]) -> str | None:
    pairs = list(combinations(range(len(targets)), 2))
    return (
        " UNION ALL ".join(
            f"SELECT a.message_id, {i} AS one, {j} AS other FROM {targets[i].events} a "
            f"JOIN {targets[j].events} b ON a.message_id = b.message_id"
            for i, j in pairs
        )
        + " ORDER BY ALL LIMIT 1"
        if pairs
        else None
    )


def _wrong(counting: list[TargetSql]) -> list[str]:
    """Statements that make `import_wrong` and mark its rows in the verdicts of every counting target.

    A row that one target finds wrong is wrong for all: else an order with an unreadable price would vanish behind its
    customer's good address. And a group with a wrong row waits whole: else its event would be made without that row,
    and the mended row would come too late, as a duplicate. `because` is the first wrong row of a group that waits.
    """
    wrong = " UNION ALL ".join(
        f"SELECT v._row, {i} AS target, c.field, c.reason FROM {target.verdicts} v JOIN (VALUES {target.reasons()}) "
        f"c(number, field, reason) ON c.number = v._failed"
        for i, target in enumerate(counting)
    )
    groups = {i: target for i, target in enumerate(counting) if target.group_by}
    wrong = f"SELECT _row, -1 AS target, field, reason FROM import_refused UNION ALL {wrong}"
    return [
        "CREATE OR REPLACE TEMP TABLE import_wrong AS SELECT _row, arg_min(field, target) AS field, "
        f"arg_min(reason, target) AS reason, CAST(NULL AS BIGINT) AS because FROM ({wrong}) GROUP BY _row",
        *(_waiting(groups) if groups else ()),
        # Most rows that are wrong for another target are wrong for this one too; only the rest is written again.
        *(
            f"UPDATE {target.verdicts} SET _failed = 0 WHERE _failed IS NULL "
            "AND _row IN (SELECT _row FROM import_wrong)"
            for target in counting
        ),
    ]


def _waiting(groups: Mapping[int, TargetSql]) -> tuple[str, str]:
    """Statements that add to `import_wrong` the companions of wrong rows, and companions of those in other targets."""
    hit = " UNION ALL ".join(
        f"SELECT {i} AS target, v._message_id AS id, min(v._row) AS because FROM {target.verdicts} v "
        "JOIN import_wrong w ON w._row = v._row WHERE v._message_id IS NOT NULL GROUP BY v._message_id"
        for i, target in groups.items()
    )
    links = " UNION ".join(
        f"SELECT {i} AS target, a._message_id AS id, {j} AS next_target, b._message_id AS next_id "
        f"FROM {groups[i].verdicts} a JOIN {groups[j].verdicts} b ON b._row = a._row "
        "WHERE a._message_id IS NOT NULL AND b._message_id IS NOT NULL"
        for i, j in permutations(groups, 2)
    )
    reached = (
        f"WITH RECURSIVE hit AS MATERIALIZED ({hit}), links AS MATERIALIZED ({links}), "
        "reached AS (SELECT target, id FROM hit UNION SELECT next_target, next_id FROM links JOIN reached "
        "USING (target, id)) SELECT target, id, because FROM reached LEFT JOIN hit USING (target, id)"
    )
    members = " UNION ALL ".join(
        f"SELECT v._row, g.target, {literal(', '.join(target.group_by))} AS field, g.because FROM {target.verdicts} v "
        f"JOIN import_waiting g ON g.target = {i} AND g.id = v._message_id"
        for i, target in groups.items()
    )
    return (
        f"CREATE OR REPLACE TEMP TABLE import_waiting AS {reached if links else hit}",
        "INSERT INTO import_wrong SELECT _row, arg_min(field, target), 'another line of it is wrong', min(because) "
        f"FROM ({members}) WHERE _row NOT IN (SELECT _row FROM import_wrong) GROUP BY _row",
    )


def _status(counting: list[TargetSql]) -> tuple[str, str]:
    taken = " UNION ALL ".join(
        f"SELECT _row, _fresh AND _message_id NOT IN (SELECT message_id FROM import_seen) AS fresh FROM {target.keys}"
        for target in counting
    )
    return (
        f"CREATE OR REPLACE TEMP TABLE import_taken AS SELECT _row, bool_or(fresh) AS fresh FROM ({taken}) "
        "GROUP BY _row",
        "CREATE OR REPLACE TEMP TABLE import_status AS SELECT r._row, "
        "CASE WHEN t._row IS NULL THEN 'quarantined' WHEN t.fresh THEN 'accepted' "
        "ELSE 'duplicate' END AS status, "
        "CASE WHEN t._row IS NULL THEN coalesce(w.field, '') END AS field, "
        "CASE WHEN t._row IS NULL THEN coalesce(w.reason, 'no target of the mapping takes this row') END AS reason "
        "FROM import_rows r LEFT JOIN import_taken t ON t._row = r._row LEFT JOIN import_wrong w ON w._row = r._row",
    )


def _quarantine(source: str, file_columns: Mapping[str, str], mapping_name: str, moment: datetime) -> str:
    """Rows in the shape of types/quarantined.py: a line of JSON of them is what the quarantine keeps."""
    row = ", ".join(f"{literal(column)}, r.{name(column)}" for column in file_columns)
    other = f"SELECT {line_of(source)} FROM (SELECT w.because AS _row) r"
    because = f"CASE WHEN w.because IS NULL THEN s.reason ELSE s.reason || ': line ' || ({other}) END"
    refused = (
        f"SELECT {line_of(source)} AS line, "
        f"CASE WHEN s.field = '' THEN {because} ELSE s.field || ': ' || {because} END AS reason, "
        f"CAST(json_object({row}) AS VARCHAR) AS body FROM import_status s JOIN import_rows r ON r._row = s._row "
        "LEFT JOIN import_wrong w ON w._row = s._row WHERE s.status = 'quarantined' "
        "UNION ALL SELECT line, reason, CAST(json_object('text', text) AS VARCHAR) FROM import_broken"
    )
    told = f"{literal(mapping_name)} || chr(31) || place || chr(31) || body"
    at = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return (
        f"SELECT left(sha256({told}), {ID_CHARS}) AS id, {literal(mapping_name)} AS source, place, reason, body, "
        f"{literal(at)} AS at FROM (SELECT *, {literal(source)} || ':' || line AS place FROM ({refused})) ORDER BY line"
    )
