"""The tally: how many events came again, and how many of these said something else; one small file per log opened."""

import os
import re
from pathlib import Path

from tailorbird.adapters.segments.writer import log_error, segment_stem

_FOLDER = "duplicates"
_COUNTS = re.compile(rb"(\d{20}) (\d{20})\n")


class Tally:
    """Counts of one open log, written over one another at once in 42 bytes.

    A count is written before its events are acknowledged, and outlives the process. It is not synced: after a crash of
    the machine the last few may be missing, the events themselves never.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path: Path | None = None
        self._duplicates, self._conflicts = 0, 0

    def count(self, duplicates: int, conflicts: int) -> None:
        """Add to the counts; EventLogError if they cannot be written."""
        if not duplicates:
            return
        self._duplicates += duplicates
        self._conflicts += conflicts
        try:
            if self._path is None:
                folder = self._root / _FOLDER
                folder.mkdir(parents=True, exist_ok=True)
                self._path = folder / segment_stem()
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o644)
            try:
                os.pwrite(descriptor, b"%020d %020d\n" % (self._duplicates, self._conflicts), 0)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise log_error(self._root, error) from error


def read_tally(root: Path) -> tuple[int, int]:
    """(duplicates, conflicts) of all logs that were ever opened over this folder."""
    found = [_COUNTS.match(path.read_bytes()) for path in sorted((root / _FOLDER).glob("*"))]
    counts = [(int(match[1]), int(match[2])) for match in found if match]
    return sum(one for one, _ in counts), sum(other for _, other in counts)
