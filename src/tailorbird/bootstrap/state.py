"""The state database, the draft cache and the keys."""

import os
from typing import TYPE_CHECKING

from tailorbird.bootstrap.notifiers import open_notifiers
from tailorbird.bootstrap.settings import cache_dir

if TYPE_CHECKING:
    from tailorbird.pipeline.state import State
    from tailorbird.ports.draft_cache import DraftCache
    from tailorbird.project.project import Project


def open_state(project: "Project") -> "State":
    """The stores in the project's state database; what they do is audited first."""
    from tailorbird.adapters.sql.arm_sets import SqlArmSets
    from tailorbird.adapters.sql.campaign_versions import SqlCampaignVersions
    from tailorbird.adapters.sql.creatives import SqlCreativeStore
    from tailorbird.adapters.sql.decisions import SqlDecisionStore
    from tailorbird.adapters.sql.feedback import SqlFeedback
    from tailorbird.adapters.sql.halts import SqlHalts
    from tailorbird.adapters.sql.incidents import SqlIncidents
    from tailorbird.adapters.sql.metric_sums import SqlMetricSums
    from tailorbird.adapters.sql.outbox import SqlOutbox
    from tailorbird.adapters.sql.policies import SqlPolicyStore
    from tailorbird.adapters.sql.posteriors import SqlPosteriorStore
    from tailorbird.adapters.sql.review_queue import SqlReviewQueue
    from tailorbird.adapters.sql.run_ledger import SqlRunLedger
    from tailorbird.adapters.sql.signatures import SqlSignatures
    from tailorbird.adapters.sql.suppressions import SqlSuppressions
    from tailorbird.adapters.sql.traces import SqlTraceStore
    from tailorbird.bootstrap.audit import audit_in, erased_in, login, open_engine
    from tailorbird.bootstrap.policies import make_any_policy
    from tailorbird.bootstrap.recommenders import find_recommender
    from tailorbird.pipeline.audited_stores import (
        AuditedCreatives,
        AuditedDecisions,
        AuditedOutbox,
        AuditedSuppressions,
    )
    from tailorbird.pipeline.review.audited_queue import AuditedQueue
    from tailorbird.pipeline.rollback.audited_halts import AuditedHalts
    from tailorbird.pipeline.state import State

    engine = open_engine(project)
    audit, erased = audit_in(project, engine), erased_in(project, engine)
    outbox = AuditedOutbox(SqlOutbox(engine, erased), audit)
    suppressions, reviews = SqlSuppressions(engine, erased), SqlReviewQueue(engine)
    return State(
        ledger=SqlRunLedger(engine),
        creatives=AuditedCreatives(SqlCreativeStore(engine), audit),
        decisions=AuditedDecisions(SqlDecisionStore(engine, erased), audit),
        outbox=outbox,
        messages=outbox,
        waiting=outbox,
        suppressions=AuditedSuppressions(suppressions, audit, login()),
        reasons=suppressions,
        posteriors=SqlPosteriorStore(engine),
        traces=SqlTraceStore(engine, erased),
        reviews=AuditedQueue(reviews, audit, login()),
        review_record=reviews,
        arm_sets=SqlArmSets(engine),
        metric_sums=SqlMetricSums(engine),
        halts=AuditedHalts(SqlHalts(engine), audit, login()),
        incidents=SqlIncidents(engine),
        feedback=SqlFeedback(engine),
        versions=SqlCampaignVersions(engine),
        policies=SqlPolicyStore(engine),
        make_policy=make_any_policy,
        find_recommender=find_recommender,
        signatures=SqlSignatures(engine),
        notifiers=open_notifiers(project),
    )


def open_cache() -> "DraftCache":
    """The user's cache of completions, shared by all projects: its keys are hashes of whole requests.

    One file for each schema: the cache of another version of Tailorbird is left to it, and never in the way.
    """
    from tailorbird.adapters.sql.database import open_file
    from tailorbird.adapters.sql.drafts import SqlDraftCache
    from tailorbird.adapters.sql.tables import SCHEMA_VERSION

    return SqlDraftCache(open_file(cache_dir() / f"drafts-{SCHEMA_VERSION}.db"))


def open_keys(project: "Project") -> tuple[bytes, bytes]:
    """(link key, DKIM private key in PEM), created on first use in .tailorbird/keys."""
    from tailorbird.adapters.keys.files import load_or_create_dkim_key, load_or_create_secret

    folder = project.state_dir / "keys"
    configured = project.settings.sender.dkim_key
    dkim = project.root / os.path.expandvars(configured) if configured else folder / "dkim.pem"
    return load_or_create_secret(folder / "links.key"), load_or_create_dkim_key(dkim)
