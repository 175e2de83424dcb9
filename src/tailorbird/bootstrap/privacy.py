"""Copies and erasures of one person: every place where the project keeps people."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tailorbird.bootstrap.pseudonyms import exported_files, pseudonyms_of

if TYPE_CHECKING:
    from tailorbird.adapters.sql.personal import Rows
    from tailorbird.pipeline.erase_person import Eraser, Erasure
    from tailorbird.ports.progress import Progress
    from tailorbird.ports.warehouse import Warehouse
    from tailorbird.project.project import Project
    from tailorbird.types.person import Person

KEPT = ("events", "keys", "audit", "runs", "catalog", "state.db", "state.db-wal", "state.db-shm")
"""What the search of files leaves out: `events` has an erasure of its own, the database too; `audit` holds hashes,
`keys` secrets, `runs` locks, `catalog` items."""

_IN_FLIGHT_SECONDS = 2.0
"""A message that a run has taken already is checked again within one second of being sent."""


def find_anybody(project: "Project", name: str) -> "tuple[Person | None, Warehouse | None, Rows]":
    """(the person of that name, the views over the log if it has events, the state's rows about the person)."""
    from tailorbird.adapters.sql.personal import PersonalRows
    from tailorbird.bootstrap.audit import open_engine
    from tailorbird.bootstrap.events import open_events
    from tailorbird.pipeline.find_person import find_person
    from tailorbird.pipeline.people import NoEventsError

    rows = PersonalRows(open_engine(project))
    try:
        warehouse: Warehouse | None = open_events(project)
    except NoEventsError:
        warehouse = None
    person = find_person(name, warehouse, rows.read)
    return person, warehouse, rows.read(person) if person else {}


def copy_person(project: "Project", name: str) -> dict[str, Any] | None:
    """Everything that is known of a person, in plain JSON values; None if nothing is."""
    from tailorbird.bootstrap.audit import open_audit
    from tailorbird.bootstrap.models import open_exposures
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.pipeline.export_person import export_person, message_texts

    person, warehouse, rows = find_anybody(project, name)
    if person is None:
        return None
    outbox = project.state_dir / "outbox"
    keys = [str(row["idempotency_key"]) for row in rows.get("tb_outbox", [])]
    raw = [(key, path.read_bytes()) for key in keys if (path := outbox / f"{key}.eml").is_file()]
    audit, exposures, now = open_audit(project), open_exposures(project), open_clock().now()
    return export_person(project, person, warehouse, rows, message_texts(raw), audit, exposures, now)


def forget_person(project: "Project", person: "Person", reason: str, progress: "Progress") -> "Erasure":
    """Erase a person from every place."""
    from tailorbird.bootstrap.system import open_clock

    return _eraser(project).erase(person, reason, open_clock().now(), progress)


def finish_erasures(project: "Project", progress: "Progress") -> "list[Erasure]":
    """Finish every erasure that was cut short."""
    from tailorbird.bootstrap.system import open_clock

    return _eraser(project).resume(open_clock().now(), progress)


def was_erased(project: "Project", name: str) -> bool:
    """Whether somebody of that id or address was erased earlier."""
    from tailorbird.bootstrap.audit import erased_in, open_engine
    from tailorbird.stages.audiences.eligibility import mailbox_hash

    return bool(erased_in(project, open_engine(project)).among([name, mailbox_hash(name)]))


def inputs_with(project: "Project", person: "Person") -> list[Path]:
    """The files that imports read from, or that were exported, and that have the person in them, under an id or a
    pseudonym: they are the user's, and are left alone."""
    from tailorbird.adapters.files.personal import find_person
    from tailorbird.bootstrap.settings import SetupError, expand

    sources: set[Path] = set()
    for mapping in project.mappings.values():
        try:
            if isinstance(mapping.source, str):
                sources.add(project.root / expand(mapping.source))
        except SetupError:
            continue  # It is not here now.
    return find_person(sorted(sources | exported_files(project)), _with_pseudonyms(project, person))


def _with_pseudonyms(project: "Project", person: "Person") -> "Person":
    """The person, also by the names under which files for analysis have them."""
    return replace(person, traces=person.traces | pseudonyms_of(project, person.ids()))


def _eraser(project: "Project") -> "Eraser":
    from tailorbird.adapters.files.personal import erase_from_files
    from tailorbird.adapters.segments.log import SegmentLog
    from tailorbird.adapters.sql.erasures import SqlErasures
    from tailorbird.adapters.sql.personal import PersonalRows
    from tailorbird.bootstrap.audit import audit_in, erased_in, open_engine
    from tailorbird.pipeline.erase_person import Eraser, Step

    engine = open_engine(project)
    rows, erased = PersonalRows(engine), erased_in(project, engine)
    log = SegmentLog(project.state_dir / "events")

    def suppress(person: "Person") -> str:
        erased.add([*person.ids(), *person.traces])
        return "by keyed hash"

    def wait(person: "Person") -> str:
        sending = any(row["state"] == "sending" for row in rows.read(person).get("tb_outbox", []))
        if sending:
            time.sleep(_IN_FLIGHT_SECONDS)
        return "for a run that had taken a message" if sending else "for nobody"

    def files(person: "Person") -> list[str]:
        root, named = project.state_dir, _with_pseudonyms(project, person)
        return [str(path.relative_to(root)) for path in erase_from_files(root, named, KEPT) if path.suffix != ".eml"]

    events: Callable[[Person], int] = log.erase
    steps = [
        Step("suppressed", suppress),
        Step("waited", wait),
        Step("rows", rows.delete),
        Step("files", files),
        Step("events", events),
        Step("rows again", rows.delete),
        Step("events again", events),
    ]
    return Eraser(steps, rows.compact, SqlErasures(engine), audit_in(project, engine))
