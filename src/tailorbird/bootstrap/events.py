"""The event log, the quarantine beside it, and the warehouse over it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailorbird.ports.event_log import EventLog
    from tailorbird.ports.quarantine import Quarantine
    from tailorbird.ports.warehouse import Warehouse
    from tailorbird.project.project import Project


def open_log(project: "Project") -> "EventLog":
    """The project's event log."""
    from tailorbird.adapters.segments.log import SegmentLog

    return SegmentLog(project.state_dir / "events")


def open_quarantine(project: "Project") -> "Quarantine":
    """What the project's intake and imports refused."""
    from tailorbird.adapters.files.quarantine import FolderQuarantine

    return FolderQuarantine(project.state_dir / "quarantine")


def read_duplicates(project: "Project") -> tuple[int, int]:
    """(events that came again, those of them that differed from the first) over HTTP."""
    from tailorbird.adapters.segments.tally import read_tally

    return read_tally(project.state_dir / "events")


def open_warehouse(project: "Project") -> "Warehouse":
    """A warehouse of its own for this process."""
    from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse

    return DuckdbWarehouse(spill=project.state_dir / "spill")


def open_events(project: "Project") -> "Warehouse":
    """A warehouse with the views `events` and `people` over the event log as it is now."""
    from tailorbird.pipeline.people import open_views

    warehouse, log = open_warehouse(project), open_log(project)
    try:
        open_views(warehouse, log, project.settings.identity, project.settings.testers)
    finally:
        log.close()
    return warehouse
