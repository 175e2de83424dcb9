"""The trace store: lineage, written once per message."""

from collections.abc import Sequence
from typing import Protocol

from tailorbird.types.trace import Trace


class TraceStore(Protocol):
    """Traces by message id; written once, never changed."""

    def save(self, traces: Sequence[Trace]) -> None:
        """Insert traces; existing ones stay."""
        ...

    def get(self, message_id: str) -> Trace | None:
        """One trace."""
        ...
