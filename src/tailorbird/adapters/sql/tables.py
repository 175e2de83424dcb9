"""The schema of the state database."""

from typing import Any

import sqlalchemy as sa

SCHEMA_VERSION = 7
"""Raised with every change of the tables below: a test compares their shape with the one it knows of this version."""

metadata = sa.MetaData()

schema_version = sa.Table(
    "tb_schema", metadata, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False)
)

runs = sa.Table(
    "tb_runs",
    metadata,
    sa.Column("run_id", sa.String(64), primary_key=True),
    sa.Column("campaign", sa.String(200), nullable=False),
    sa.Column("step", sa.String(100), nullable=False),
    sa.Column("as_of", sa.String(40), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
)

run_steps = sa.Table(
    "tb_run_steps",
    metadata,
    sa.Column("run_id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("detail", sa.JSON, nullable=False),
)

creatives = sa.Table(
    "tb_creatives",
    metadata,
    sa.Column("creative_id", sa.String(64), primary_key=True),
    sa.Column("brief_id", sa.String(64), nullable=False),
    sa.Column("campaign", sa.String(200), nullable=False, index=True),
    sa.Column("block", sa.String(40), nullable=False),
    sa.Column("locale", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("rung", sa.String(20), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("approval", sa.String(20), nullable=False),
    sa.Column("approved_hash", sa.String(64), nullable=False),
    sa.Column("approved_by", sa.String(200), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("notes", sa.JSON, nullable=False),
    # What the review queue asks of every line, without reading its notes.
    sa.Index("tb_creatives_standing", "creative_id", "content_hash", "approval", "approved_hash"),
)

reviews = sa.Table(
    "tb_reviews",
    metadata,
    sa.Column("review_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("creative_id", sa.String(64), nullable=False, index=True),
    sa.Column("approval", sa.String(20), nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
)

review_queue = sa.Table(
    "tb_review_queue",
    metadata,
    sa.Column("creative_id", sa.String(64), primary_key=True),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("campaign", sa.String(200), nullable=False),
    sa.Column("block", sa.String(40), nullable=False),
    sa.Column("locale", sa.String(20), nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("needs", sa.Text, nullable=False),
    sa.Column("opened_at", sa.String(40), nullable=False),
    sa.Column("due_at", sa.String(40), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("prompt", sa.String(64), nullable=False),
    sa.Column("model", sa.String(64), nullable=False),
    sa.Column("assigned", sa.String(20), nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("closed_by", sa.String(200), nullable=False),
    sa.Column("closed_at", sa.String(40), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Index("tb_review_queue_due", "state", "due_at", "creative_id"),
)

review_acts = sa.Table(
    "tb_review_acts",
    metadata,
    sa.Column("act_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("creative_id", sa.String(64), nullable=False, index=True),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("act", sa.String(20), nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("new_id", sa.String(64), nullable=False),
)

reviewer_keys = sa.Table(
    "tb_reviewer_keys",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("made_at", sa.String(40), nullable=False),
    sa.Column("revoked_at", sa.String(40), nullable=False),
)

completions = sa.Table(
    "tb_completions",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("completion", sa.JSON, nullable=False),
)

decisions = sa.Table(
    "tb_decisions",
    metadata,
    sa.Column("decision_id", sa.String(64), primary_key=True),
    sa.Column("campaign", sa.String(200), nullable=False),
    sa.Column("step", sa.String(100), nullable=False),
    sa.Column("person_id", sa.String(255), nullable=False),
    sa.Column("arm", sa.String(20), nullable=False),
    sa.Column("decided_at", sa.String(40), nullable=False, index=True),
    sa.Column("slate", sa.JSON, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("locale", sa.String(20), nullable=False),
    sa.Column("policy_version", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("features_hash", sa.String(64), nullable=False),
    sa.Column("consent_hash", sa.String(64), nullable=False),
    sa.Column("batch", sa.String(32), nullable=False),
    sa.Column("variant", sa.String(100), nullable=False, server_default=""),
    sa.Column("held", sa.String(20), nullable=False, server_default=""),
    sa.Column("stratum", sa.String(500), nullable=False, server_default=""),
    sa.UniqueConstraint("campaign", "step", "person_id"),
)

decision_batches = sa.Table("tb_decision_batches", metadata, sa.Column("batch", sa.String(32), primary_key=True))

_WAITING: dict[str, Any] = {name: sa.text("state = 'queued'") for name in ("sqlite_where", "postgresql_where")}
"""Few messages wait, and many were sent: who has some waiting is asked every second."""

outbox = sa.Table(
    "tb_outbox",
    metadata,
    sa.Column("idempotency_key", sa.String(64), primary_key=True),
    sa.Column("message_id", sa.String(64), nullable=False, unique=True),
    sa.Column("decision_id", sa.String(64), nullable=False, index=True),
    sa.Column("campaign", sa.String(200), nullable=False),
    sa.Column("step", sa.String(100), nullable=False),
    sa.Column("person_id", sa.String(255), nullable=False, index=True),
    sa.Column("purpose", sa.String(100), nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("address", sa.String(320), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.Column("rungs", sa.JSON, nullable=False),
    sa.Column("lines", sa.JSON, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("provider_id", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("told", sa.Boolean, nullable=False),
    sa.Index("tb_outbox_queue", "campaign", "step", "state", "attempts", "idempotency_key"),
    sa.Index("tb_outbox_waiting", "person_id", **_WAITING),
)

suppressions = sa.Table(
    "tb_suppressions",
    metadata,
    sa.Column("person_id", sa.String(255), primary_key=True),
    sa.Column("channel", sa.String(20), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)

posteriors = sa.Table(
    "tb_posteriors",
    metadata,
    sa.Column("campaign", sa.String(200), primary_key=True),
    sa.Column("creative_id", sa.String(64), primary_key=True),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("successes", sa.Float, nullable=False),
    sa.Column("exposures", sa.Float, nullable=False),
)

traces = sa.Table(
    "tb_traces",
    metadata,
    sa.Column("message_id", sa.String(64), primary_key=True),
    sa.Column("decision_id", sa.String(64), nullable=False),
    sa.Column("stages", sa.JSON, nullable=False),
)

watermarks = sa.Table(
    "tb_watermarks",
    metadata,
    sa.Column("source", sa.String(200), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)

audit = sa.Table(
    "tb_audit",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("entry_id", sa.String(32), nullable=False, unique=True),
    sa.Column("key_id", sa.String(32), nullable=False, index=True),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
)

audit_keys = sa.Table(
    "tb_audit_keys",
    metadata,
    sa.Column("person_id", sa.String(255), primary_key=True),
    sa.Column("key_id", sa.String(32), nullable=False, unique=True),
    sa.Column("key", sa.LargeBinary, nullable=False),
)

audit_heads = sa.Table(
    "tb_audit_heads",
    metadata,
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("root", sa.String(64), nullable=False),
    sa.Column("peaks", sa.JSON, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)

exposures = sa.Table(
    "tb_exposures",
    metadata,
    sa.Column("exposure_id", sa.String(32), primary_key=True),
    sa.Column("at", sa.String(40), nullable=False, index=True),
    sa.Column("ended_at", sa.String(40), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("provider", sa.String(100), nullable=False),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("local", sa.Boolean, nullable=False),
    sa.Column("region", sa.String(100), nullable=False),
    sa.Column("retention_days", sa.Integer),
    sa.Column("trains", sa.Boolean),
    sa.Column("dpa", sa.Text, nullable=False),
    sa.Column("campaign", sa.String(200), nullable=False),
    sa.Column("brief_id", sa.String(64), nullable=False, index=True),
    sa.Column("block", sa.String(40), nullable=False),
    sa.Column("locale", sa.String(20), nullable=False),
    sa.Column("purposes", sa.JSON, nullable=False),
    sa.Column("slots", sa.JSON, nullable=False),
    sa.Column("items", sa.JSON, nullable=False),
    sa.Column("categories", sa.JSON, nullable=False),
    sa.Column("masked", sa.JSON, nullable=False),
    sa.Column("prompt_sha256", sa.String(64), nullable=False),
    sa.Column("prompt_bytes", sa.Integer, nullable=False),
    sa.Column("prompt_tokens", sa.Integer, nullable=False),
    sa.Column("completion_tokens", sa.Integer, nullable=False),
    sa.Column("requests", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

erased = sa.Table("tb_erased", metadata, sa.Column("digest", sa.String(64), primary_key=True))

erasures = sa.Table(
    "tb_erasures",
    metadata,
    sa.Column("erasure_id", sa.String(32), primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("person", sa.JSON, nullable=False),
    sa.Column("steps", sa.JSON, nullable=False),
)
