"""Moves a state database from an older schema to the present one, inside the transaction that opens it.

The operations are Alembic's, so that one text serves SQLite and PostgreSQL. The version stays where it has always been,
in `tb_schema`. A step says what it makes in full and never reads `tables.py`, which goes on changing.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from tailorbird.adapters.sql.tables import SCHEMA_VERSION, schema_version


def migrate(connection: sa.Connection, found: int) -> None:
    """Run every step after version `found`, in order, and record the version reached."""
    operations = Operations(MigrationContext.configure(connection))
    for version in range(found + 1, SCHEMA_VERSION + 1):
        STEPS[version](operations)
    connection.execute(sa.update(schema_version).values(version=SCHEMA_VERSION))


def _to_2(operations: Operations) -> None:
    """Watermarks of imports from databases."""
    operations.create_table(
        "tb_watermarks",
        sa.Column("source", sa.String(200), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )


STEPS: dict[int, Callable[[Operations], None]] = {2: _to_2}
"""The step that leads to each version."""
