"""The suppression list: people who must not be written to, effective at once."""

from collections.abc import Sequence
from typing import Protocol

ERASED = "erased"
"""The channel of nobody but erased people, who are suppressed on every other one too."""


class Suppressions(Protocol):
    """Checked when deciding and again when sending."""

    def add(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Suppress a person; False if that was so already."""
        ...

    def remove(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Lift a suppression, for a reason; False if there was none."""
        ...

    def all(self, channel: str) -> frozenset[str]:
        """Every suppressed person of a channel."""
        ...

    def among(self, person_ids: Sequence[str], channel: str) -> frozenset[str]:
        """Which of these are suppressed now, erased people included: the check at send. `ERASED`: those alone."""
        ...

    def erase(self, names: Sequence[str]) -> None:
        """Suppress these ids and mailboxes by keyed hash, for ever and on every channel: nobody can tell who it was."""
        ...
