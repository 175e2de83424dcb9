"""The decision store: what was decided for whom."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from tailorbird.types.decision import Decision


class DecisionStore(Protocol):
    """Decisions, written once: a second decision for the same campaign, step and person is ignored."""

    def save(self, decisions: Sequence[Decision]) -> None:
        """Insert decisions: whoever reads sees all of them or none, also after a crash; existing ids stay."""
        ...

    def find(self, campaign: str, step: str | None = None) -> list[Decision]:
        """The decisions of a campaign (and step), in id order."""
        ...

    def get(self, decision_id: str) -> Decision | None:
        """One decision."""
        ...

    def recent(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        """(person_id, decided_at) of treated decisions since a moment, over all campaigns: for frequency caps."""
        ...
