"""A lock in the state database: for processes on several machines that share it."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tailorbird.adapters.sql.database import DatabaseError

_KEY = "hashtextextended(current_schema() || chr(10) || :name, 0)"


@contextmanager
def hold_in_database(engine: sa.Engine, name: str, what: str) -> Iterator[None]:
    """Hold the lock `name` for the block, on a connection of its own: the server lets go of it when its holder dies.

    Raises DatabaseError, naming `what`, if another process has it. SQLite needs none: its file is on one machine,
    where a lock file does.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = connection.execute(sa.text(f"SELECT pg_try_advisory_lock({_KEY})"), {"name": name}).scalar_one()
        if not mine:
            raise DatabaseError(f"{what} is under way already, on this or another machine; wait for it, or stop it")
        try:
            yield
        finally:
            try:
                connection.execute(sa.text(f"SELECT pg_advisory_unlock({_KEY})"), {"name": name})
            except (sa.exc.DBAPIError, DatabaseError):
                pass  # the connection is gone, and the lock with it
