"""The tables of experiments: arm sets, policies, running sums, halts, incidents, signatures."""

import sqlalchemy as sa

from tailorbird.adapters.sql.tables import metadata
from tailorbird.types.day_sums import SUMS

__all__ = ["metadata"]
"""With these tables in it, the whole schema."""

arm_sets = sa.Table(
    "tb_arm_sets",
    metadata,
    sa.Column("set_id", sa.String(32), primary_key=True),
    sa.Column("block", sa.String(100), nullable=False),
    sa.Column("policy_version", sa.String(64), nullable=False),
    sa.Column("arms", sa.JSON, nullable=False),
    sa.Column("propensities", sa.JSON, nullable=False),
)

policies = sa.Table(
    "tb_policies",
    metadata,
    sa.Column("campaign", sa.String(200), primary_key=True),
    sa.Column("variant", sa.String(100), primary_key=True),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(100), nullable=False),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)

metric_sums = sa.Table(
    "tb_metric_sums",
    metadata,
    sa.Column("campaign", sa.String(200), primary_key=True),
    sa.Column("arm", sa.String(100), primary_key=True),
    sa.Column("metric", sa.String(120), primary_key=True),
    sa.Column("stratum", sa.String(500), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("locale", sa.String(20), primary_key=True),
    sa.Column("step", sa.String(100), primary_key=True),
    *(sa.Column(name, sa.Double, nullable=False) for name in (*SUMS, "did")),
    sa.Column("until", sa.String(40), nullable=False),
)

halts = sa.Table(
    "tb_halts",
    metadata,
    sa.Column("halt_id", sa.String(32), primary_key=True),
    sa.Column("campaign", sa.String(200), nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("incident_id", sa.String(32), nullable=False),
    sa.Column("released_at", sa.String(40), nullable=False),
    sa.Column("released_by", sa.String(200), nullable=False),
)

incidents = sa.Table(
    "tb_incidents",
    metadata,
    sa.Column("incident_id", sa.String(32), primary_key=True),
    sa.Column("campaign", sa.String(200), nullable=False, index=True),
    sa.Column("severity", sa.String(20), nullable=False),
    sa.Column("opened_at", sa.String(40), nullable=False),
    sa.Column("closed_at", sa.String(40), nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
)

feedback = sa.Table(
    "tb_feedback",
    metadata,
    sa.Column("message_id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("campaign", sa.String(200), nullable=False, index=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)

campaign_versions = sa.Table(
    "tb_campaign_versions",
    metadata,
    sa.Column("campaign", sa.String(200), primary_key=True),
    sa.Column("version", sa.String(64), primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("lines", sa.JSON, nullable=False),
    sa.Column("prompts", sa.JSON, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
)

signatures = sa.Table(
    "tb_signatures",
    metadata,
    sa.Column("pilot", sa.String(200), primary_key=True),
    sa.Column("checkpoint", sa.String(200), primary_key=True),
    sa.Column("by", sa.String(200), primary_key=True),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
