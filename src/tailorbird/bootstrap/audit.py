"""The audit log, and its second record."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tailorbird.adapters.sql.audit_witness import AuditWitness
    from tailorbird.adapters.sql.erased import Erased
    from tailorbird.pipeline.audited_acts import ActRecorder
    from tailorbird.ports.audit_log import AuditLog
    from tailorbird.project.project import Project


def open_audit(project: "Project") -> "AuditLog":
    """The project's audit log, in its state database."""
    return audit_in(project, open_engine(project))


def open_recorder(project: "Project") -> "ActRecorder":
    """Writes what somebody does at the command line into the audit log, under the name of their login."""
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.pipeline.audited_acts import ActRecorder

    return ActRecorder(open_audit(project), login(), open_clock().now())


def login() -> str:
    """Under whose login this process runs; the number of one without a name, as in a container."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())


def open_witness(project: "Project") -> "AuditWitness":
    """The second record of the audit log: `.tailorbird/audit`."""
    from tailorbird.adapters.sql.audit_witness import AuditWitness

    return AuditWitness(project.state_dir / "audit")


def open_engine(project: "Project") -> "sa.Engine":
    """The project's state database: SQLite in .tailorbird, or the URL in tailorbird.yaml."""
    from tailorbird.adapters.sql.database import open_database, open_file

    url = project.settings.state
    return open_database(os.path.expandvars(url)) if url else open_file(project.state_dir / "state.db")


def audit_in(project: "Project", engine: "sa.Engine") -> "AuditLog":
    """The audit log in a state database that is open already."""
    from tailorbird.adapters.keys.files import load_or_create_secret
    from tailorbird.adapters.sql.audit_log import SqlAuditLog

    secret = load_or_create_secret(project.state_dir / "keys" / "audit.key")
    return SqlAuditLog(engine, open_witness(project), secret, erased_in(project, engine))


def erased_in(project: "Project", engine: "sa.Engine") -> "Erased":
    """Whom this project was told to forget, by hashes under a key of its own.

    SetupError: the database is shared, and this machine does not have its key. Whoever was erased elsewhere would be
    unknown here, and written again.
    """
    from tailorbird.adapters.keys.files import load_or_create_secret
    from tailorbird.adapters.sql.erased import Erased
    from tailorbird.bootstrap.settings import SetupError

    keys = project.state_dir / "keys"
    erased = Erased(engine, load_or_create_secret(keys / "erased.key"))
    if project.settings.state and not erased.is_ours():
        raise SetupError(
            f"state: the database was first used with another {keys / 'erased.key'}: copy the folder {keys} from the "
            "machine that used it first, so that people who were erased stay so; another project needs another database"
        )
    return erased
