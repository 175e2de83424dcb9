"""Pseudonyms of a project's people, and the record of files that left with them or with ids."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tailorbird.adapters.keys.epochs import EpochKeys
    from tailorbird.project.project import Project


def open_pseudonyms(project: "Project", purpose: str) -> Callable[[str], str]:
    """What makes pseudonyms for a purpose in the present epoch. Keys whose time is over are destroyed first."""
    from functools import partial

    from tailorbird.bootstrap.audit import open_audit
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.stages.privacy.pseudonyms import epoch_of, make_pseudonym
    from tailorbird.types.audit import AuditEntry

    settings, now, keys = project.settings.privacy.pseudonyms, open_clock().now(), _keys(project)
    key = keys.key(purpose, epoch_of(now, settings.epoch_days))
    gone = keys.destroy_due(now, settings.retention_days)
    if gone:
        told = [{"purpose": name, "epoch": epoch.label} for name, epoch in gone]
        ref = "|".join(f"{each['purpose']} {each['epoch']}" for each in told)
        open_audit(project).append([AuditEntry("pseudonym keys destroyed", ref, now, {"keys": told})])
    return partial(make_pseudonym, key)


def pseudonyms_of(project: "Project", person_ids: Collection[str]) -> frozenset[str]:
    """Every pseudonym that these ids have under a key that still lives."""
    from tailorbird.stages.privacy.pseudonyms import make_pseudonym

    keys = [key for _, _, key in _keys(project).living()]
    return frozenset(make_pseudonym(key, person_id) for key in keys for person_id in person_ids)


def record_export(project: "Project", what: str, path: Path, rows: int, purpose: str | None) -> None:
    """Audit that a file with people in it was written: under pseudonyms for a purpose, or, None, under their ids."""
    from tailorbird.bootstrap.audit import login, open_audit
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.types.audit import AuditEntry

    now, place = open_clock().now(), str(path.resolve())
    detail = {"actor": login(), "what": what, "path": place, "rows": rows, "pseudonyms": purpose or "none: ids"}
    open_audit(project).append([AuditEntry("export", f"{place}|{now.isoformat()}", now, detail)])


def exported_files(project: "Project") -> set[Path]:
    """The files that were written outside the project's own folder, as far as they are still there."""
    from tailorbird.bootstrap.audit import open_audit

    log = open_audit(project)
    details: list[Any] = [log.read(row) for row in log.rows() if row.kind == "export"]
    paths = {Path(detail["path"]) for detail in details if isinstance(detail, dict) and "path" in detail}
    own = project.state_dir.resolve()
    return {path for path in paths if path.is_file() and not path.is_relative_to(own)}


def _keys(project: "Project") -> "EpochKeys":
    from tailorbird.adapters.keys.epochs import EpochKeys

    return EpochKeys(project.state_dir / "keys" / "pseudonyms")
