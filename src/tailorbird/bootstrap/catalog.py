"""The catalog's lock, and who publishes changes of its items."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailorbird.pipeline.publish_items import ItemPublisher
    from tailorbird.project.project import Project

PATIENCE_S = 30.0
"""How long a change of the catalog waits for another: an import of a large one takes its time."""


def hold_catalog(project: "Project") -> AbstractContextManager[None]:
    """The lock that everybody holds who writes a version and makes it current. LockedError after PATIENCE_S."""
    from tailorbird.adapters.system.lock import hold_lock

    path = project.state_dir / "catalog" / ".lock"
    return hold_lock(path, "another change of the catalog", PATIENCE_S)


def open_item_publisher(project: "Project") -> "ItemPublisher":
    """Publishes patches of items; each call has a warehouse of its own, so that threads do not share one."""
    from tailorbird.bootstrap.events import open_quarantine, open_warehouse
    from tailorbird.bootstrap.state import open_state
    from tailorbird.pipeline.publish_items import ItemPublisher

    creatives, kept = open_state(project).creatives, open_quarantine(project)
    return ItemPublisher(project, lambda: open_warehouse(project), creatives, kept, lambda: hold_catalog(project))
