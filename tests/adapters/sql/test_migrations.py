"""A database of the first release is moved to the present schema, with what it holds, on both databases."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tailorbird.adapters.sql.database import open_database
from tailorbird.adapters.sql.tables import SCHEMA_VERSION, metadata, schema_version, suppressions

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent


def first_release(engine: sa.Engine) -> None:
    """Replace what is there by the tables as version 1 made them, and one row."""
    metadata.drop_all(engine)
    with engine.begin() as connection:
        for statement in (HERE / f"schema_1_{engine.dialect.name}.sql").read_text().split(";\n"):
            if statement.strip():
                connection.execute(sa.text(statement))
        connection.execute(sa.insert(schema_version), [{"version": 1}])
        row = {"person_id": "anna", "channel": "email", "reason": "unsubscribed", "at": "2026-06-01T00:00:00+00:00"}
        connection.execute(sa.insert(suppressions), [row])


def reopened(engine: sa.Engine) -> sa.Engine:
    return open_database(engine.url.render_as_string(hide_password=False))


def test_an_old_database_gets_the_present_tables_and_keeps_its_rows(engine: sa.Engine) -> None:
    first_release(engine)
    moved = reopened(engine)
    with moved.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(sa.select(schema_version.c.version)).scalars().all() == [SCHEMA_VERSION]
        assert connection.execute(sa.select(suppressions.c.person_id)).scalars().all() == ["anna"]
    moved.dispose()


def test_a_database_is_moved_once(engine: sa.Engine) -> None:
    first_release(engine)
    for _ in range(2):
        reopened(engine).dispose()
    with engine.connect() as connection:
        assert connection.execute(sa.select(schema_version.c.version)).scalars().all() == [SCHEMA_VERSION]
