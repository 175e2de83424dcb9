"""The review record: what people did with lines, for ever, and what follows from it."""

from collections.abc import Mapping
from typing import Protocol

from tailorbird.types.review import Origin, ReviewAct


class ReviewRecord(Protocol):
    """Reading what the review queue has recorded."""

    def acts(self, creative_id: str | None = None, kind: str | None = None) -> list[ReviewAct]:
        """What people did, oldest first."""
        ...

    def approved_by_people(self) -> Mapping[Origin, int]:
        """How many lines of each prompt and model, in each locale, people approved as they were written."""
        ...

    def sampled_since(self, at: str) -> int:
        """How many lines were put aside to be looked at since a moment (ISO 8601 in UTC)."""
        ...
