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


def _to_3(operations: Operations) -> None:
    """Records of model calls."""
    texts = (("at", 40), ("ended_at", 40), ("state", 20), ("model", 200), ("provider", 100), ("region", 100))
    contents = (("campaign", 200), ("brief_id", 64), ("block", 40), ("locale", 20), ("prompt_sha256", 64))
    lists = ("purposes", "slots", "items", "categories", "masked")
    counts = ("prompt_bytes", "prompt_tokens", "completion_tokens", "requests")
    operations.create_table(
        "tb_exposures",
        sa.Column("exposure_id", sa.String(32), primary_key=True),
        *(sa.Column(name, sa.String(size), nullable=False) for name, size in (*texts, *contents)),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("endpoint", "dpa", "reason")),
        *(sa.Column(name, sa.JSON, nullable=False) for name in lists),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        sa.Column("local", sa.Boolean, nullable=False),
        sa.Column("retention_days", sa.Integer),
        sa.Column("trains", sa.Boolean),
    )
    operations.create_index("ix_tb_exposures_at", "tb_exposures", ["at"])
    operations.create_index("ix_tb_exposures_brief_id", "tb_exposures", ["brief_id"])


def _to_4(operations: Operations) -> None:
    """Who has messages waiting."""
    queued = sa.text("state = 'queued'")
    operations.create_index(
        "tb_outbox_waiting", "tb_outbox", ["person_id"], sqlite_where=queued, postgresql_where=queued
    )


def _to_5(operations: Operations) -> None:
    """The review queue, what people did in it, and the keys of its API."""

    def texts(*sizes: tuple[str, int]) -> list[sa.Column[Any]]:
        return [sa.Column(name, sa.String(size) if size else sa.Text, nullable=False) for name, size in sizes]

    standing = ["creative_id", "content_hash", "approval", "approved_hash"]
    operations.create_index("tb_creatives_standing", "tb_creatives", standing)
    operations.create_table(
        "tb_review_queue",
        sa.Column("creative_id", sa.String(64), primary_key=True),
        *texts(("content_hash", 64), ("campaign", 200), ("block", 40), ("locale", 20), ("reasons", 0), ("needs", 0)),
        *texts(("opened_at", 40), ("due_at", 40), ("state", 20), ("detail", 0), ("prompt", 64), ("model", 64)),
        *texts(("assigned", 20), ("outcome", 20), ("closed_by", 200), ("closed_at", 40)),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    operations.create_index("tb_review_queue_due", "tb_review_queue", ["state", "due_at", "creative_id"])
    operations.create_table(
        "tb_review_acts",
        sa.Column("act_id", sa.Integer, primary_key=True, autoincrement=True),
        *texts(("creative_id", 64), ("content_hash", 64), ("act", 20), ("by", 200), ("role", 20), ("text", 0)),
        *texts(("at", 40), ("new_id", 64)),
    )
    operations.create_index("ix_tb_review_acts_creative_id", "tb_review_acts", ["creative_id"])
    operations.create_table(
        "tb_reviewer_keys",
        sa.Column("digest", sa.String(64), primary_key=True),
        *texts(("name", 200)),
        sa.Column("roles", sa.JSON, nullable=False),
        *texts(("made_at", 40), ("revoked_at", 40)),
    )


def _to_6(operations: Operations) -> None:
    """Variants of campaigns, and what experiments keep."""

    def texts(*sizes: tuple[str, int], key: bool = False) -> list[sa.Column[Any]]:
        return [
            sa.Column(name, sa.String(size) if size else sa.Text, nullable=False, primary_key=key)
            for name, size in sizes
        ]

    for name, size in (("variant", 100), ("held", 20), ("stratum", 500)):
        operations.add_column("tb_decisions", sa.Column(name, sa.String(size), nullable=False, server_default=""))
    operations.create_table(
        "tb_arm_sets",
        *(*texts(("set_id", 32), key=True), *texts(("block", 100), ("policy_version", 64))),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("arms", "propensities")),
    )
    operations.create_table(
        "tb_policies",
        *(*texts(("campaign", 200), ("variant", 100), key=True), *texts(("version", 64), ("kind", 100))),
        sa.Column("format", sa.Integer, nullable=False),
        *texts(("state", 0), ("at", 40)),
    )
    keys = (("campaign", 200), ("arm", 100), ("metric", 100), ("stratum", 200), ("day", 10))
    names = ("n", "y", "b", "x", "yy", "bb", "xx", "yb", "yx", "bx")
    sums = [sa.Column(name, sa.Double, nullable=False) for name in names]
    operations.create_table("tb_metric_sums", *texts(*keys, key=True), *sums, *texts(("until", 40)))
    operations.create_table(
        "tb_halts",
        *(*texts(("halt_id", 32), key=True), *texts(("campaign", 200), ("kind", 20), ("at", 40), ("reason", 0))),
        *texts(("incident_id", 32), ("released_at", 40), ("released_by", 200)),
    )
    operations.create_table(
        "tb_incidents",
        *(*texts(("incident_id", 32), key=True), *texts(("campaign", 200), ("severity", 20))),
        *(*texts(("opened_at", 40), ("closed_at", 40)), sa.Column("detail", sa.JSON, nullable=False)),
    )
    operations.create_table(
        "tb_signatures",
        *texts(("pilot", 200), ("checkpoint", 200), ("by", 200), key=True),
        *texts(("role", 40), ("at", 40), ("content_hash", 64), ("note", 0)),
    )
    operations.create_table(
        "tb_feedback",
        *(*texts(("message_id", 64), ("kind", 20), key=True), *texts(("campaign", 200), ("at", 40), ("detail", 0))),
    )
    operations.create_table(
        "tb_campaign_versions",
        *(*texts(("campaign", 200), ("version", 64), key=True), *texts(("at", 40))),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("lines", "prompts")),
        *texts(("state", 20)),
    )
    for table in ("tb_halts", "tb_incidents", "tb_feedback"):
        operations.create_index(f"ix_{table}_campaign", table, ["campaign"])


def _to_7(operations: Operations) -> None:
    """Running sums by locale and step too, and of who did it. They are made of events: the next update counts anew."""
    operations.drop_table("tb_metric_sums")
    keys = (("campaign", 200), ("arm", 100), ("metric", 120), ("stratum", 500), ("day", 10), ("locale", 20))
    names = ("n", "y", "b", "x", "yy", "bb", "xx", "yb", "yx", "bx", "did")
    operations.create_table(
        "tb_metric_sums",
        *(sa.Column(name, sa.String(size), primary_key=True) for name, size in (*keys, ("step", 100))),
        *(sa.Column(name, sa.Double, nullable=False) for name in names),
        sa.Column("until", sa.String(40), nullable=False),
    )


STEPS: dict[int, Callable[[Operations], None]] = {2: _to_2, 3: _to_3, 4: _to_4, 5: _to_5, 6: _to_6, 7: _to_7}
"""The step that leads to each version."""
