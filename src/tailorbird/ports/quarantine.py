"""Quarantine: what was refused, whole and with its reason, until it is judged again."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.quarantined import Quarantined


class Quarantine(Protocol):
    """Refused rows by id. What `add` has returned from survives a crash of process and machine."""

    def add(self, rows: Sequence[Quarantined]) -> None:
        """Keep rows, synced. A row whose id is there already takes the place of the older one."""
        ...

    def adopt(self, name: str, file: Path | None) -> Path | None:
        """Take over a finished file of JSON lines, a `Quarantined` each, in place of what `name` had before.

        Without a file, `name` has nothing any more. Returns where the rows are now.
        """
        ...

    def rows(self, source: str = "") -> Iterator[Quarantined]:
        """Every row, or every row of a source; each id once."""
        ...

    def remove(self, ids: Collection[str]) -> int:
        """Forget rows, so that no copy of them is left on disk; how many there were."""
        ...


class QuarantineError(TailorbirdError):
    """The quarantine cannot be written or read: a full disk, a missing right. Says what to do."""
