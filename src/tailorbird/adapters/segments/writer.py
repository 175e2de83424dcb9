"""One growing segment: a file of JSON lines that this process alone may write."""

import errno
import fcntl
import os
import time
from itertools import count
from pathlib import Path

from tailorbird.ports.event_log import EventLogError

_numbers = count()
# Not every system has the cheaper one.
_sync = getattr(os, "fdatasync", os.fsync)


def segment_stem() -> str:
    """A name for a new segment, unique on this machine; names sort by the time of their making."""
    moment = time.time_ns() // 1000
    return f"{moment:018d}-{os.getpid()}-{next(_numbers)}"


def sync_folder(folder: Path) -> None:
    """Make renames and new names in a folder survive a crash of the machine."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SegmentWriter:
    """Appends to a new file and holds its lock until `close` or the death of the process, however it dies."""

    def __init__(self, root: Path) -> None:
        try:
            self.path, self._descriptor = _create_locked(root)
        except OSError as error:
            raise log_error(root, error) from error
        try:
            sync_folder(root)
        except OSError as error:
            os.close(self._descriptor)
            self.path.unlink(missing_ok=True)
            raise log_error(root, error) from error
        self.size = 0
        self._blocks: dict[int, int] = {}
        self.broken = False

    def append(self, lines: bytes) -> None:
        """Write whole lines and sync them. After an error nothing of them counts, and the writer is broken."""
        try:
            written = os.write(self._descriptor, lines)
            while written < len(lines):
                written += os.write(self._descriptor, lines[written:])
            _sync(self._descriptor)
        except OSError as error:
            self.broken = True
            try:
                os.ftruncate(self._descriptor, self.size)
            except OSError:
                pass  # The lines may stay, unacknowledged; a sender that repeats them is deduplicated.
            raise log_error(self.path.parent, error) from error
        self._blocks[self.size] = len(lines)
        self.size += len(lines)

    def read_block(self, offset: int) -> bytes:
        """The lines that the append at this offset wrote."""
        try:
            return os.pread(self._descriptor, self._blocks[offset], offset)
        except OSError as error:
            raise log_error(self.path.parent, error) from error

    def close(self) -> None:
        """Release the lock: the segment is finished. An empty one is removed."""
        if self.size == 0:
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)


def _create_locked(root: Path) -> tuple[Path, int]:
    while True:
        path = root / f"{segment_stem()}.jsonl"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Somebody who seals may have taken the empty file between the two calls.
            if path.stat().st_ino == os.fstat(descriptor).st_ino:
                return path, descriptor
        except (BlockingIOError, FileNotFoundError):
            pass
        os.close(descriptor)


def log_error(root: Path, error: OSError) -> EventLogError:
    """The port's error for an error of the file system."""
    mend = "free some space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "see to the folder's rights and disk"
    return EventLogError(f"The event log at {root} cannot be used ({error.strerror}): {mend}, then send again.")
