"""Moves a state database from an older schema to the present one, inside the transaction that opens it.

The operations are Alembic's, so that one text serves SQLite and PostgreSQL. The version stays where it has always been,
in `tb_schema`. A step says what it makes in full and never reads `tables.py`, which goes on changing.
"""

from collections.abc import Callable
from typing import Any

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
    """Watermarks of imports from databases, and messages by person."""
    operations.create_table(
        "tb_watermarks",
        sa.Column("source", sa.String(200), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    operations.create_index("ix_tb_outbox_person_id", "tb_outbox", ["person_id"])
    _privacy_tables(operations)


def _privacy_tables(operations: Operations) -> None:
    """The audit log and erasures."""
    text, json, number, blob = sa.Text, sa.JSON, sa.BigInteger, sa.LargeBinary

    def column(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
        return sa.Column(name, sa.String(kind) if isinstance(kind, int) else kind, nullable=False, **more)

    operations.create_table(
        "tb_audit",
        column("position", number, primary_key=True, autoincrement=False),
        *(column("at", 40), column("kind", 40), column("entry_id", 32, unique=True)),
        *(column("key_id", 32, index=True), column("payload", blob), column("leaf", blob)),
    )
    operations.create_table(
        "tb_audit_keys",
        column("person_id", 255, primary_key=True),
        column("key_id", 32, unique=True),
        column("key", blob),
    )
    operations.create_table(
        "tb_audit_heads",
        column("size", number, primary_key=True, autoincrement=False),
        *(column("root", 64), column("peaks", json), column("at", 40)),
    )
    operations.create_table("tb_erased", column("digest", 64, primary_key=True))
    operations.create_table(
        "tb_erasures",
        *(column("erasure_id", 32, primary_key=True), column("at", 40), column("reason", text)),
        *(column("state", 20), column("person", json), column("steps", json)),
    )


STEPS: dict[int, Callable[[Operations], None]] = {2: _to_2}
"""The step that leads to each version."""
