"""The composition root: the only place that wires adapters to the pipeline.

Each function opens one seam for a project and imports its adapter only then, so that a command loads what it uses.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tailorbird.plugins import find_plugin
from tailorbird.types.errors import TailorbirdError

if TYPE_CHECKING:
    from tailorbird.pipeline.state import State
    from tailorbird.ports.clock import Clock
    from tailorbird.ports.draft_cache import DraftCache
    from tailorbird.ports.event_log import EventLog
    from tailorbird.ports.generator import Generator
    from tailorbird.ports.progress import Progress
    from tailorbird.ports.sender import Sender
    from tailorbird.ports.warehouse import Warehouse
    from tailorbird.project.project import Project


class SetupError(TailorbirdError):
    """A setting that cannot be used; the message says which and how to mend it."""


def cache_dir() -> Path:
    """The user's cache: TAILORBIRD_CACHE, else XDG_CACHE_HOME/tailorbird, else ~/.cache/tailorbird."""
    if path := os.environ.get("TAILORBIRD_CACHE"):
        return Path(path)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "tailorbird"


def open_clock() -> "Clock":
    """The machine's clock."""
    from tailorbird.adapters.system.clock import SystemClock

    return SystemClock()


def open_state(project: "Project") -> "State":
    """The project's state database: SQLite in .tailorbird, or the URL in tailorbird.yaml."""
    from tailorbird.adapters.sql.creatives import SqlCreativeStore
    from tailorbird.adapters.sql.database import open_database, open_file
    from tailorbird.adapters.sql.decisions import SqlDecisionStore
    from tailorbird.adapters.sql.outbox import SqlOutbox
    from tailorbird.adapters.sql.posteriors import SqlPosteriorStore
    from tailorbird.adapters.sql.run_ledger import SqlRunLedger
    from tailorbird.adapters.sql.suppressions import SqlSuppressions
    from tailorbird.adapters.sql.traces import SqlTraceStore
    from tailorbird.pipeline.state import State

    url = project.settings.state
    engine = open_database(os.path.expandvars(url)) if url else open_file(project.state_dir / "state.db")
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


def open_locks(project: "Project") -> Callable[[str, str], AbstractContextManager[None]]:
    """A function (name, what) that holds a lock of the project for a block: in a file, and in a shared database."""
    from tailorbird.adapters.sql.database import open_database
    from tailorbird.adapters.sql.run_lock import hold_in_database
    from tailorbird.adapters.system.lock import hold_lock

    url = project.settings.state
    engine = open_database(os.path.expandvars(url)) if url else None

    @contextmanager
    def hold(name: str, what: str) -> Iterator[None]:
        with ExitStack() as held:
            held.enter_context(hold_lock(project.state_dir / "runs" / f"{name}.lock", what))
            if engine is not None:
                held.enter_context(hold_in_database(engine, f"{project.settings.name}/{name}", what))
            yield

    return hold


def open_log(project: "Project") -> "EventLog":
    """The project's event log."""
    from tailorbird.adapters.segments.log import SegmentLog

    return SegmentLog(project.state_dir / "events")


def open_warehouse(project: "Project") -> "Warehouse":
    """A warehouse of its own for this process."""
    from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse

    return DuckdbWarehouse(spill=project.state_dir / "spill")


def open_events(project: "Project") -> "Warehouse":
    """A warehouse with the views `events` and `people` over the event log as it is now."""
    from tailorbird.pipeline.people import open_views

    warehouse, log = open_warehouse(project), open_log(project)
    try:
        open_views(warehouse, log)
    finally:
        log.close()
    return warehouse


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


def open_sender(project: "Project") -> "Sender":
    """The sender that tailorbird.yaml names."""
    delivery = project.settings.delivery
    if delivery.adapter == "files":
        from tailorbird.adapters.files.sender import OutboxFolderSender

        return OutboxFolderSender(project.state_dir / "outbox")
    if delivery.adapter == "smtp":
        from tailorbird.adapters.smtp.sender import SmtpSender

        password = secret(delivery.password_env, "delivery.password_env") if delivery.password_env else None
        return SmtpSender(delivery.host, delivery.port, delivery.username, password, delivery.starttls)
    sender: Sender = find_plugin("sender", delivery.adapter)(delivery)
    return sender


def open_generator(project: "Project", progress: "Progress", confirm: Callable[[str], bool]) -> "Generator | None":
    """The model that tailorbird.yaml names, fetched and verified if it is local; None for 'none'."""
    settings = project.settings.generator
    if settings.adapter == "none":
        return None
    if settings.adapter == "llama_cpp":
        from tailorbird.adapters.llama_cpp.generator import LlamaCppGenerator
        from tailorbird.adapters.models.manifest import load_manifest

        path = fetch_model(settings.model, progress, confirm)
        return LlamaCppGenerator(
            path,
            load_manifest(settings.model).sha256,
            settings.model,
            threads=settings.threads or idle_cores(),
            micros_per_cpu_hour=settings.cpu_hour_micros,
        )
    if settings.adapter == "openai_compatible":
        from tailorbird.adapters.openai_compatible.generator import OpenAiCompatibleGenerator

        if not settings.base_url:
            raise SetupError("tailorbird.yaml: generator.base_url is missing; write the server's URL, ending in /v1")
        return OpenAiCompatibleGenerator(
            settings.base_url,
            settings.model,
            secret(settings.api_key_env, "generator.api_key_env") if settings.api_key_env else "",
            prompt_token_micros=settings.prompt_token_micros,
            completion_token_micros=settings.completion_token_micros,
        )
    generator: Generator = find_plugin("generator", settings.adapter)(settings)
    return generator


def fetch_model(name: str, progress: "Progress", confirm: Callable[[str], bool]) -> Path:
    """The verified file of a local model; it is downloaded only where something could run it."""
    from importlib.util import find_spec

    from tailorbird.adapters.models.pull import pull_model

    if find_spec("xllamacpp") is None:
        raise SetupError("the local model needs an extra: pip install 'tailorbird[local]', or use --no-model")
    return pull_model(name, cache_dir(), progress, confirm)


def secret(name: str, field: str) -> str:
    """A secret from the environment. Raises SetupError naming the variable."""
    if name not in os.environ:
        raise SetupError(f"tailorbird.yaml: {field} names the environment variable {name}, which is not set")
    return os.environ[name]


def idle_cores() -> int:
    """How many threads a model should use now: threads that wait for each other on busy cores are slower than one."""
    cores = os.cpu_count() or 1
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1, min(cores, round(cores - load)))


def expand(path: str) -> str:
    """A path with ${NAME} replaced from the environment. Raises SetupError naming a variable that is not set."""
    expanded = os.path.expandvars(path)
    if "${" in expanded:
        name = expanded.split("${", 1)[1].split("}", 1)[0]
        raise SetupError(f"{path}: the environment variable {name} is not set; set it to the folder with the data")
    return expanded
