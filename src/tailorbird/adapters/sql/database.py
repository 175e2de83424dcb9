"""Opening the state database, and inserts that ignore what is there already."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tailorbird.adapters.sql.experiment_tables import metadata
from tailorbird.adapters.sql.tables import SCHEMA_VERSION, schema_version
from tailorbird.types.errors import TailorbirdError

_READS = "tailorbird_reads"


class DatabaseError(TailorbirdError):
    """The state database cannot be used; the message says why and what to do."""


def open_database(url: str) -> sa.Engine:
    """Open (and on first use create) the state database at a SQLAlchemy URL, such as sqlite:///state.db.

    SQLite runs in WAL mode and every transaction begins IMMEDIATE: a deferred one that reads and then writes
    fails at once when another writer came between, whatever the timeout.
    """
    try:
        engine = sa.create_engine(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise DatabaseError(
            f"state: {_masked(url)!r} is no database URL; write sqlite:///PATH or postgresql+psycopg://…"
        ) from error
    except ModuleNotFoundError as error:
        raise DatabaseError(f"state: {_masked(url)!r} needs {error.name}: install tailorbird[postgres]") from error
    if engine.dialect.name == "sqlite":
        _set_up_sqlite(engine)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":  # two processes may come here first at once
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(7261843)"))
            _bring_up_to_date(connection, engine)
    except sa.exc.DBAPIError as error:
        raise DatabaseError(f"state: cannot open {engine.url!r}: {error.orig}") from error
    _tell_errors(engine)
    return engine


def _masked(url: str) -> str:
    """A URL, or what was meant as one, without the password in it."""
    return re.sub(r"(//[^:/@]*:).*@", r"\1***@", url)


def _bring_up_to_date(connection: sa.Connection, engine: sa.Engine) -> None:
    """Make the tables, or move those of an older version to this one; DatabaseError for those of a newer one."""
    found = None
    if sa.inspect(connection).has_table(schema_version.name):
        found = connection.execute(sa.select(sa.func.max(schema_version.c.version))).scalar()
    if found is None:
        metadata.create_all(connection)
        connection.execute(sa.insert(schema_version), [{"version": SCHEMA_VERSION}])
    elif found > SCHEMA_VERSION:
        raise DatabaseError(
            f"state: {engine.url!r} has schema {found}, this version of Tailorbird knows {SCHEMA_VERSION}; go on with "
            "the version that made it, or name another database and import again"
        )
    elif found < SCHEMA_VERSION:
        from tailorbird.adapters.sql.migrations import migrate  # Alembic is loaded only where there is work for it

        migrate(connection, found)


def open_file(path: Path) -> sa.Engine:
    """Open the SQLite file at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return open_database(f"sqlite:///{path}")


def _set_up_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA busy_timeout=30000")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get(_READS, False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _tell_errors(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "handle_error")
    def on_error(context: sa.ExceptionContext) -> None:
        if isinstance(context.sqlalchemy_exception, sa.exc.OperationalError):
            where = engine.url.render_as_string(hide_password=True)
            raise DatabaseError(
                f"state: {where} does not answer: {context.original_exception}; what was written before is safe, "
                "free some space or start the server, then run the same command again"
            ) from context.original_exception


def reading(engine: sa.Engine) -> sa.Connection:
    """A connection for reading, which does not wait for writers."""
    return engine.execution_options(**{_READS: True}).connect()


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose key is not there yet; how many those were."""
    if not rows:
        return 0
    maker = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    key = next(iter(table.primary_key.columns))
    statement = maker(table).on_conflict_do_nothing().returning(key)  # row counts are not told alike by the drivers
    return len(connection.execute(statement, [dict(row) for row in rows]).all())


def upsert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or replace the ones with the same primary key."""
    if not rows:
        return
    maker = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = maker(table)
    keys = [column.name for column in table.primary_key.columns]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), [dict(r) for r in rows])
