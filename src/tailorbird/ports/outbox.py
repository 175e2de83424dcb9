"""The outbox: every message that is to be sent, exactly once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tailorbird.types.message import Claimed, Message
from tailorbird.types.receipt import Receipt


class Outbox(Protocol):
    """One row per idempotency key.

    States: queued → sending → sent | failed | unknown | suppressed, and queued → withdrawn.
    """

    def queue(self, messages: Sequence[Message]) -> int:
        """Insert messages whose key is new, in one transaction; how many were new."""
        ...

    def replace(self, messages: Sequence[Message]) -> int:
        """Put messages that were built again in the place of those not sent yet, keeping their state; how many."""
        ...

    def claim(self, campaign: str, step: str, limit: int, refused_at: datetime | None = None) -> list[Claimed]:
        """Up to `limit` messages left in sending by a crash, or in state queued (marked sending, committed), those
        that were refused least often first.

        No two calls at once claim one queued message. What was refused at `refused_at` is left alone: a run stamps
        its refusals with one moment, so that they wait for another run.
        """
        ...

    def settle(self, receipts: Sequence[Receipt]) -> None:
        """Record receipts of claimed messages by key, and drop their bytes: the sender has them now.

        'queued' puts a message back that was never handed over, 'refused' one that the channel refused for the
        moment: it is counted, and keeps its bytes. Any other key is left alone.
        """
        ...

    def counts(self, campaign: str, step: str | None = None) -> Mapping[str, int]:
        """Messages by state."""
        ...
