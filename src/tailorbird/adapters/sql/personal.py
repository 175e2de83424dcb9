"""What the state database knows of one person: read for a copy, deleted for an erasure, and no page left of it."""

import json
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tailorbird.adapters.sql import tables
from tailorbird.adapters.sql.database import DatabaseError, reading
from tailorbird.types.person import Person

PERSON_COLUMNS = frozenset({"person_id", "user_id", "anonymous_id", "previous_id", "address", "email", "phone"})
"""A table with one of these is about people: its rows are found by it, a new table's too."""

LINKED = {"tb_traces": ("decision_id", "tb_decisions"), "tb_feedback": ("message_id", "tb_outbox")}
"""Tables whose rows are a person's because those that they point to are: (column, table)."""

TOLD = {"tb_run_steps": "detail"}
"""Tables whose texts may name somebody in passing: the name is taken out, the row stays."""

NOBODY = frozenset(
    {
        "tb_schema", "tb_runs", "tb_creatives", "tb_reviews", "tb_completions", "tb_decision_batches", "tb_posteriors",
        "tb_watermarks", "tb_audit", "tb_audit_heads", "tb_erased", "tb_erasures", "tb_exposures",
        "tb_review_queue", "tb_review_acts", "tb_reviewer_keys", "tb_arm_sets", "tb_policies", "tb_metric_sums",
        "tb_halts", "tb_incidents", "tb_signatures", "tb_campaign_versions",
    }
)  # fmt: skip
"""Tables about nobody. The audit's rows are under keys that are a table of their own; erasures name their person only
until they are done."""

_CHECKPOINT_SECONDS = 10.0
_CHUNK = 500
_GONE = "(erased)"
Rows = dict[str, list[dict[str, Any]]]


class PersonalRows:
    """One person's rows in all tables of a state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def read(self, person: Person, skip: Sequence[str] = ("tb_audit_keys",)) -> Rows:
        """Every row by table; bytes as text. Keys are no copy of anything and are left out."""
        found: Rows = {}
        with reading(self._engine) as connection:
            for table in tables.metadata.sorted_tables:
                which = None if table.name in skip else _rows_of(table, person)
                if which is not None:
                    rows = connection.execute(sa.select(table).where(which)).mappings().all()
                    found[table.name] = [{name: _plain(value) for name, value in row.items()} for row in rows]
        return {name: rows for name, rows in found.items() if rows}

    def delete(self, person: Person) -> dict[str, int]:
        """Delete every row, what points to others first, in one transaction; how many by table."""
        deleted: dict[str, int] = {}
        with self._engine.begin() as connection:
            ordered = sorted(tables.metadata.sorted_tables, key=lambda table: table.name not in LINKED)
            for table in ordered:
                which = _rows_of(table, person)
                if which is not None:
                    deleted[table.name] = connection.execute(sa.delete(table).where(which)).rowcount
            for name, column in TOLD.items():
                deleted[name] = _take_out(connection, tables.metadata.tables[name], column, person)
        return {name: count for name, count in deleted.items() if count}

    def compact(self) -> None:
        """Leave no page with what was deleted: SQLite's file is written anew, its journal emptied; PostgreSQL's tables
        are written anew. DatabaseError: somebody reads for so long that the journal cannot be emptied."""
        if self._engine.dialect.name == "postgresql":
            self._compact_postgresql()
            return
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.execute("VACUUM")
            deadline = time.monotonic() + _CHECKPOINT_SECONDS
            while cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > deadline:
                    raise DatabaseError(
                        "state: somebody reads the database, so that its journal cannot be emptied: end what reads it "
                        "(a run, a server, a shell), then erase again: only this is left to do"
                    )
                time.sleep(0.05)
        finally:
            connection.close()

    def _compact_postgresql(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in tables.metadata.sorted_tables:
                if table.name not in NOBODY or table.name == "tb_erasures":
                    connection.execute(sa.text(f"VACUUM (FULL) {table.name}"))


def _rows_of(table: sa.Table, person: Person) -> sa.ColumnElement[bool] | None:
    """SQL of the table's rows about a person; None for a table about nobody."""
    if table.name in LINKED:
        column, other_name = LINKED[table.name]
        other = tables.metadata.tables[other_name]
        mine = _rows_of(other, person)
        assert mine is not None
        return sa.or_(table.c[column].in_(sa.select(other.c[column]).where(mine)), table.c[column].in_(person.traces))
    columns = [column for column in table.columns if column.name in PERSON_COLUMNS]
    if not columns:
        return None
    names = sorted(person.ids() | person.addresses | person.phones | person.traces)
    parts = [names[at : at + _CHUNK] for at in range(0, len(names), _CHUNK)]
    return sa.or_(
        *(sa.func.lower(c).in_(_lower(part)) if _is_address(c) else c.in_(part) for c in columns for part in parts)
    )


def _is_address(column: sa.Column[Any]) -> bool:
    return column.name in ("address", "email")


def _lower(names: Sequence[str]) -> list[str]:
    return [name.lower() for name in names]


def _take_out(connection: sa.Connection, table: sa.Table, column: str, person: Person) -> int:
    """Replace the person's names in a JSON column's texts; in how many rows. Short ids could be any word: they stay."""
    names = sorted((name for name in person.names() if len(name) >= 4), key=len, reverse=True)
    changed = 0
    for row in connection.execute(sa.select(table)).mappings().all():
        text = json.dumps(row[column], ensure_ascii=False)
        cleaned = text
        for name in names:
            cleaned = cleaned.replace(json.dumps(name, ensure_ascii=False)[1:-1], _GONE)
        if cleaned != text:
            here = sa.and_(*(key == row[key.name] for key in table.primary_key.columns))
            connection.execute(sa.update(table).where(here).values({column: json.loads(cleaned)}))
            changed += 1
    return changed


def _plain(value: Any) -> Any:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else value
