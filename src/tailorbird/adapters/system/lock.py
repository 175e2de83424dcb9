"""A lock between processes of this machine, let go by the system when its holder dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tailorbird.types.errors import TailorbirdError


class LockedError(TailorbirdError):
    """Another process holds the lock; the message says which."""


_POLL_S = 0.02


@contextmanager
def hold_lock(path: Path, what: str, patience_s: float = 0.0) -> Iterator[None]:
    """Hold the lock file at `path` for the block, between threads too.

    Raises LockedError, naming `what` and the holder's process id, if somebody holds it for longer than `patience_s`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as handle:
        until = time.monotonic() + patience_s
        while not _take(handle):
            if time.monotonic() >= until:
                handle.seek(0)
                holder = handle.read().strip() or "unknown"
                raise LockedError(f"{what} is under way already in process {holder}; wait for it, or stop it")
            time.sleep(_POLL_S)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _take(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
