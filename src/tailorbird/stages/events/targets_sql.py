"""SQL for one target of a mapping: which rows it takes, which of them are wrong, and the events they make."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from tailorbird.stages.events.columns import Columns, MappingError, literal
from tailorbird.stages.events.values_sql import Check, Expressions, as_value, columns_of
from tailorbird.stages.events.wire_rules import CONTROL, ID_CHARS_MAX
from tailorbird.types.event import IMPORT_ROW
from tailorbird.types.mapping import EventTarget, Lines, TraitsTarget, Value
from tailorbird.types.reserved import MESSAGE_PREFIXES, PERSON_PREFIXES

_SEPARATOR = "chr(31)"


@dataclass(frozen=True, slots=True)
class TargetSql:
    """Statements of one target and the temp tables they make.

    `judge` makes `verdicts(_row, _failed)`: rows the target's `where` takes, with the number of the first check they
    fail, NULL for good ones; an events target adds the row's `_message_id`, NULL if it lacks a part. Then the caller
    may mark rows that are not to be used, and `build` makes of the others `keys(_row, _message_id, _fresh)`, where
    `_fresh` is False for copies, and `events`: rows of EVENT_COLUMNS but received_at. `group_by` is empty unless rows
    are grouped.
    """

    judge: tuple[str, ...]
    build: tuple[str, ...]
    verdicts: str
    keys: str
    events: str
    checks: tuple[Check, ...]
    group_by: tuple[str, ...] = ()

    def reasons(self) -> str:
        """The checks as SQL VALUES (number, field, reason)."""
        rows = [(i, check.column, check.reason) for i, check in enumerate(self.checks, 1)] or [(0, "", "")]
        return ", ".join(f"({i}, {literal(column)}, {literal(reason)})" for i, column, reason in rows)


def verdict_statement(table: str, expressions: Expressions, where: str, message_id: str | None = None) -> str:
    """The statement that judges every row of a target once."""
    key = f", {message_id} AS _message_id" if message_id else ""
    return (
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT _row, {expressions.verdict()} AS _failed{key} "
        f"FROM import_rows WHERE {where}"
    )


def compile_event(target: EventTarget, index: int, columns: Columns, file_columns: Mapping[str, str]) -> TargetSql:
    """Compile one events target; grouped rows become one event. MappingError: see `compile_import`."""
    at = f"events[{index}]"
    if target.user_id is None and target.anonymous_id is None:
        raise MappingError(f"{columns.mapping}: {at}: an event needs user_id or anonymous_id")
    if target.lines and not target.group_by:
        raise MappingError(f"{columns.mapping}: {at}.lines: lines need group_by, the columns that make one event")
    out = Expressions(columns)
    person = _person(target.user_id, target.anonymous_id, at, out)
    out.require(target.timestamp, f"{at}.timestamp")
    moment = out.value(target.timestamp, f"{at}.timestamp", "datetime")
    for i, column in enumerate(target.group_by):
        out.require(column, f"{at}.group_by[{i}]")
    out.declared(target.checks, f"{at}.checks")
    where = columns.tests(target.where, f"{at}.where")
    message_id = _message_id(target, at, out, columns, file_columns)
    grouped = bool(target.group_by)
    properties = out.json_object(target.properties, f"{at}.properties", grouped)
    lines = _lines(target.lines, f"{at}.lines", out) if target.lines else None
    if target.lines:
        properties = _with_member(properties, target.lines.name, "'[' || coalesce(g._lines, '') || ']'")
    context = out.json_object(target.context, f"{at}.context", grouped)
    verdicts, keys, events = (f"import_{part}_{index}" for part in ("verdicts", "keys", "events"))
    # A group's values are those of its first row, so they are worked out once per group, not once per row.
    sums = "".join(f", sum({sql}) AS _sum{i}" for i, sql in enumerate(out.sums))
    group = (
        f"SELECT k._message_id, min(_row) AS _first{sums}{f', {lines} AS _lines' if lines else ''} "
        f"FROM import_rows r JOIN {keys} k USING (_row) WHERE k._fresh GROUP BY k._message_id"
    )
    single = f"SELECT _message_id, _row AS _first FROM {keys} WHERE _fresh"
    body = (
        f"SELECT g._message_id AS message_id, {literal(target.type)} AS type, {literal(target.event)} AS event, "
        f"{person[0]} AS user_id, {person[1]} AS anonymous_id, {moment} AS timestamp, "
        f"{properties} AS properties, '{{}}' AS traits, {context} AS context "
        f"FROM ({group if grouped else single}) g JOIN import_rows r ON r._row = g._first"
    )
    sift: tuple[str, ...] = ()
    if target.message_id is not None and not grouped:
        content = f"({person[0]}, {person[1]}, {moment}, {properties}, {context})"
        blame = (*columns_of(as_value(target.message_id)), "")[0]
        out.checks.append(Check(blame, "same id, other content", "FALSE"))
        sift = (_sift_statement(verdicts, content, len(out.checks)),)
    # What is done with goes at once: an import's memory is its largest moment.
    make = f"CREATE OR REPLACE TEMP TABLE {events} AS {body}"
    build = (_keys_statement(keys, verdicts, grouped), f"DROP TABLE {verdicts}", make)
    judge = verdict_statement(verdicts, out, where, message_id)
    return TargetSql((judge, *sift), build, verdicts, keys, events, tuple(out.checks), target.group_by)


def compile_traits(target: TraitsTarget, index: int, columns: Columns) -> TargetSql:
    """Compile the traits target: one identify event per person each time the traits or consents change."""
    out = Expressions(columns)
    person = _person(target.user_id, target.anonymous_id, "traits", out)
    out.require(target.user_id, "traits.user_id")
    out.require(target.timestamp, "traits.timestamp")
    moment = out.value(target.timestamp, "traits.timestamp", "datetime")
    out.declared(target.checks, "traits.checks")
    where = columns.tests(target.where, "traits.where")
    for key, given in target.consents.items():
        out.value(given, f"traits.consents.{key}", "boolean")
    consents = {
        key: as_value(given) if as_value(given).type else _boolean(as_value(given))
        for key, given in target.consents.items()
    }
    traits = out.json_object(target.traits, "traits.traits")
    if consents:
        traits = _with_member(traits, "consents", out.json_object(consents, "traits.consents"))
    verdicts, keys, events = (f"import_{part}_{index}" for part in ("verdicts", "keys", "events"))
    told, runs = f"import_told_{index}", f"import_runs_{index}"
    same = "PARTITION BY user_id ORDER BY timestamp, _row"
    build = (
        f"CREATE OR REPLACE TEMP TABLE {told} AS SELECT r._row, {person[0]} AS user_id, {person[1]} AS anonymous_id, "
        f"{moment} AS timestamp, {traits} AS traits, f._row IS NOT NULL AS original FROM import_rows r "
        f"JOIN {verdicts} v ON v._row = r._row AND v._failed IS NULL LEFT JOIN import_firsts f ON f._row = r._row",
        f"DROP TABLE {verdicts}",
        f"CREATE OR REPLACE TEMP TABLE {runs} AS SELECT *, max(starts) OVER ({same} ROWS UNBOUNDED PRECEDING) AS run "
        f"FROM (SELECT *, CASE WHEN traits IS DISTINCT FROM lag(traits) OVER ({same}) THEN "
        f"row_number() OVER ({same}) END AS starts FROM (SELECT user_id, timestamp, traits, max(_row) AS _row, "
        f"any_value(anonymous_id) AS anonymous_id FROM {told} GROUP BY user_id, timestamp, traits))",
        f"CREATE OR REPLACE TEMP TABLE {events} AS SELECT {_identify_id()} AS message_id, 'identify' AS type, "
        "CAST(NULL AS VARCHAR) AS event, user_id, anonymous_id, timestamp, "
        f"'{{}}' AS properties, traits, '{{\"{IMPORT_ROW}\":' || _row || '}}' AS context, run FROM {runs} "
        "WHERE starts IS NOT NULL",
        f"CREATE OR REPLACE TEMP TABLE {keys} AS SELECT t._row, e.message_id AS _message_id, t.original AS _fresh "
        f"FROM {told} t JOIN {runs} n ON n.user_id = t.user_id AND n.timestamp = t.timestamp AND n.traits = t.traits "
        f"JOIN {events} e ON e.user_id = n.user_id AND e.run = n.run",
        f"DROP TABLE {told}",
        f"DROP TABLE {runs}",
    )
    return TargetSql((verdict_statement(verdicts, out, where),), build, verdicts, keys, events, tuple(out.checks))


def _identify_id() -> str:
    return f"'identify-' || sha256(concat_ws({_SEPARATOR}, user_id, traits, CAST(timestamp AS VARCHAR)))"


def _boolean(value: Value) -> Value:
    if value.constant is not None:
        return value
    return Value(column=value.column, text=value.text, type="boolean", words=value.words)


def _keys_statement(keys: str, verdicts: str, grouped: bool) -> str:
    # Two equal lines of one order are two lines of it. Of single events, the same id again is a copy.
    fresh = "TRUE" if grouped else "row_number() OVER (PARTITION BY _message_id ORDER BY _row) = 1"
    return (
        f"CREATE OR REPLACE TEMP TABLE {keys} AS SELECT _row, _message_id, {fresh} AS _fresh "
        f"FROM {verdicts} WHERE _failed IS NULL"
    )


def _sift_statement(verdicts: str, content: str, number: int) -> str:
    """The statement that fails rows whose id an earlier row has with other content: one of the two would vanish."""
    again = f"SELECT _message_id FROM {verdicts} WHERE _failed IS NULL GROUP BY _message_id HAVING count(*) > 1"
    several = f"SELECT _row, _message_id FROM {verdicts} WHERE _failed IS NULL AND _message_id IN ({again})"
    told = f"SELECT _row, {content} AS content FROM import_rows WHERE _row IN (SELECT _row FROM import_again)"
    return (
        f"UPDATE {verdicts} SET _failed = {number} WHERE _row IN (WITH import_again AS MATERIALIZED ({several}), "
        f"told AS ({told}) SELECT _row FROM (SELECT _row, content IS DISTINCT FROM first_value(content) OVER "
        "(PARTITION BY _message_id ORDER BY _row) AS other FROM told JOIN import_again USING (_row)) WHERE other)"
    )


def _person(user: str | Value | None, anonymous: str | Value | None, at: str, out: Expressions) -> tuple[str, str]:
    null = "CAST(NULL AS VARCHAR)"
    user_sql = f"CAST({out.value(user, f'{at}.user_id', 'text')} AS VARCHAR)" if user else null
    anonymous_sql = f"CAST({out.value(anonymous, f'{at}.anonymous_id', 'text')} AS VARCHAR)" if anonymous else null
    given = [value for value in (user, anonymous) if value]
    blame = (*columns_of(as_value(given[0])), "")[0] if given else ""
    out.checks.append(Check(blame, "is empty", f"coalesce({user_sql}, {anonymous_sql}) IS NULL"))
    for value, sql in ((user, user_sql), (anonymous, anonymous_sql)):
        out.checks += id_checks(value, sql, prefixes=PERSON_PREFIXES)
    return user_sql, anonymous_sql


def id_checks(
    value: str | Value | None, sql: str, chars_max: int = ID_CHARS_MAX, prefixes: tuple[str, ...] = ()
) -> list[Check]:
    """The checks that an id is as HTTP would take it: no longer, no control character, none of Tailorbird's own."""
    if not value:
        return []
    blame = (*columns_of(as_value(value)), "")[0]
    return [
        Check(blame, f"is longer than {chars_max} characters", f"length({sql}) > {chars_max}"),
        Check(blame, "holds a control character", f"regexp_matches({sql}, {literal(CONTROL)})"),
        *(
            Check(blame, f"begins with '{prefix}', which is Tailorbird's own", f"starts_with({sql}, {literal(prefix)})")
            for prefix in prefixes
        ),
    ]


def _message_id(
    target: EventTarget, at: str, out: Expressions, columns: Columns, file_columns: Mapping[str, str]
) -> str:
    field = f"{at}.message_id"
    if target.message_id is not None:
        outside = set(columns_of(as_value(target.message_id))) - set(target.group_by)
        if target.group_by and outside:
            raise MappingError(
                f"{columns.mapping}: {field}: {sorted(outside)[0]!r} is not in group_by, so one event would have "
                "several ids; use only the columns of group_by"
            )
        out.require(target.message_id, field)
        told = f"CAST({out.value(target.message_id, field, 'text')} AS VARCHAR)"
        out.checks += id_checks(target.message_id, told, prefixes=MESSAGE_PREFIXES)
        return told
    parts = [f"coalesce({columns.text(c, field)}, '')" for c in (target.group_by or file_columns)]
    return f"sha256(concat_ws({_SEPARATOR}, {', '.join([literal(target.event), *parts])}))"


def _lines(lines: Lines, at: str, out: Expressions) -> str:
    """SQL of the aggregate of a group's rows as JSON objects, comma by comma."""
    fields = out.json_object(lines.fields, f"{at}.fields")
    order = "_row"
    if lines.sort:
        order = f"{out.finish(out.value(lines.sort, f'{at}.sort', 'number'), lines.sort)} NULLS FIRST, _row"
    where = out.columns.tests(lines.where, f"{at}.where")
    return f"string_agg({fields}, ',' ORDER BY {order}) FILTER (WHERE {where})"


def _with_member(json_object: str, key: str, member: str) -> str:
    """SQL of an object's JSON text with one more member; both arguments are SQL of JSON text."""
    opened = f"CASE WHEN {json_object} = '{{}}' THEN '{{' ELSE left({json_object}, -1) || ',' END"
    return f"({opened} || {literal(json.dumps(key, ensure_ascii=False) + ':')} || {member} || '}}')"
