"""The machine: its clock, and locks between processes."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailorbird.ports.clock import Clock
    from tailorbird.project.project import Project


def open_clock() -> "Clock":
    """The machine's clock."""
    from tailorbird.adapters.system.clock import SystemClock

    return SystemClock()


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
