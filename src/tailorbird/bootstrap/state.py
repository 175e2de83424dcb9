"""The state database, the draft cache and the keys."""

import os
from typing import TYPE_CHECKING

from tailorbird.bootstrap.settings import cache_dir

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tailorbird.pipeline.state import State
    from tailorbird.ports.draft_cache import DraftCache
    from tailorbird.project.project import Project


def open_state(project: "Project") -> "State":
    """The project's state database: SQLite in .tailorbird, or the URL in tailorbird.yaml."""
    from tailorbird.adapters.sql.creatives import SqlCreativeStore
    from tailorbird.adapters.sql.decisions import SqlDecisionStore
    from tailorbird.adapters.sql.outbox import SqlOutbox
    from tailorbird.adapters.sql.posteriors import SqlPosteriorStore
    from tailorbird.adapters.sql.run_ledger import SqlRunLedger
    from tailorbird.adapters.sql.suppressions import SqlSuppressions
    from tailorbird.adapters.sql.traces import SqlTraceStore
    from tailorbird.pipeline.state import State

    engine = open_engine(project)
    outbox = SqlOutbox(engine)
    return State(
        ledger=SqlRunLedger(engine),
        creatives=SqlCreativeStore(engine),
        decisions=SqlDecisionStore(engine),
        outbox=outbox,
        messages=outbox,
        suppressions=SqlSuppressions(engine),
        posteriors=SqlPosteriorStore(engine),
        traces=SqlTraceStore(engine),
    )


def open_engine(project: "Project") -> "sa.Engine":
    """The connections to the project's state database."""
    from tailorbird.adapters.sql.database import open_database, open_file

    url = project.settings.state
    return open_database(os.path.expandvars(url)) if url else open_file(project.state_dir / "state.db")


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
