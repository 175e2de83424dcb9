"""One holder at a time, over all machines that share a database."""

import os

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.database import DatabaseError
from tailorbird.adapters.sql.run_lock import hold_in_database

pytestmark = pytest.mark.slow


def test_another_machine_is_refused_until_the_holder_is_done_or_dies(engine: sa.Engine) -> None:
    if engine.dialect.name == "sqlite":
        with hold_in_database(engine, "a", "it"), hold_in_database(engine, "a", "it"):
            return
    name = f"lock test {os.getpid()}"
    other = sa.create_engine(engine.url, connect_args={"application_name": name})
    with hold_in_database(engine, "a", "a run"):
        with pytest.raises(DatabaseError, match="a run is under way already"), hold_in_database(other, "a", "a run"):
            pass
        with hold_in_database(other, "b", "another run"):
            pass
    with hold_in_database(other, "a", "a run"):
        with engine.begin() as connection:  # the machine of the holder goes away
            ends = sa.text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = :name"
            )
            connection.execute(ends, {"name": name})
        with hold_in_database(engine, "a", "a run"):
            pass
    other.dispose()
