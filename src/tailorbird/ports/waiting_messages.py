"""Messages that wait to be sent, by person: so that whoever withdraws consent has none left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tailorbird.types.message import MessageRecord


class WaitingMessages(Protocol):
    """The queued messages of people."""

    def people(self, limit: int | None = None) -> list[str]:
        """The ids of everybody for whom something is queued, each once; of `limit` of them, if that is given."""
        ...

    def waiting(self, person_ids: Sequence[str]) -> list[MessageRecord]:
        """What is queued for these people, of every campaign."""
        ...

    def withdraw(self, records: Sequence[MessageRecord], at: datetime, reason: str) -> int:
        """Those of `records` that are still queued become `withdrawn`, for ever, without their bytes and address; how
        many. A message that a run has claimed meanwhile is left to the run, which asks before it sends."""
        ...
