"""Every store test runs on SQLite, and on PostgreSQL where one listens."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.database import open_database, open_file

POSTGRES = os.environ.get("TAILORBIRD_POSTGRES", "postgresql+psycopg://127.0.0.1:5432/test")
REQUIRED = "postgres" in os.environ.get("TAILORBIRD_REQUIRE", "").split(",")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        opened = open_file(tmp_path / "state.db")
        yield opened
        opened.dispose()
        return
    schema = f"tb_test_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**8}"
    try:
        admin = sa.create_engine(POSTGRES)
        with admin.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    except (sa.exc.OperationalError, ModuleNotFoundError) as error:
        if REQUIRED:
            raise
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {error}")
    opened = open_database(f"{POSTGRES}?options=-csearch_path%3D{schema}")
    yield opened
    opened.dispose()
    with admin.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()
