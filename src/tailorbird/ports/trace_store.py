"""The trace store: lineage, written once per message."""

from collections.abc import Sequence
from typing import Protocol

from tailorbird.types.trace import Trace


class TraceStore(Protocol):
    """Traces by message id; they do not change once their message is sent."""

    def save(self, traces: Sequence[Trace]) -> None:
        """Insert traces; existing ones stay."""
        ...

    def replace(self, traces: Sequence[Trace]) -> None:
        """Write traces anew: for messages that were rebuilt before they were sent."""
        ...

    def get(self, message_id: str) -> Trace | None:
        """One trace."""
        ...
