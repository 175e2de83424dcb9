"""The audit log: append-only, every entry a leaf of one Merkle tree."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from tailorbird.types.audit import AuditEntry, AuditRow, TreeHead


class AuditLog(Protocol):
    """Entries in the order of their coming. What is about a person is readable only as long as the person's key is."""

    def append(self, entries: Sequence[AuditEntry]) -> TreeHead:
        """Write the entries that are not there yet, all or none, and the head over everything; that head."""
        ...

    def rows(self, person_id: str | None = None) -> Iterator[AuditRow]:
        """Every row, or those about one person, in order."""
        ...

    def heads(self) -> Sequence[TreeHead]:
        """Every head that was recorded, oldest first."""
        ...

    def read(self, row: AuditRow) -> Any:
        """What a row tells, as JSON values; None if its key was destroyed or the row is not what was written."""
        ...

    def forget(self, person_ids: Sequence[str]) -> int:
        """Destroy these people's keys: their entries stay, provable and unreadable for ever. How many keys."""
        ...
