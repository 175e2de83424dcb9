"""The outbox: every message that is to be sent, exactly once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from tailorbird.types.message import Claimed, Message
from tailorbird.types.receipt import Receipt


class Outbox(Protocol):
    """One row per idempotency key. States: queued → sending → sent | failed | unknown | suppressed."""

    def queue(self, messages: Sequence[Message]) -> int:
        """Insert messages whose key is new, in one transaction; how many were new."""
        ...

    def replace(self, messages: Sequence[Message]) -> int:
        """Put messages that were built again in the place of those not sent yet, keeping their state; how many."""
        ...

    def claim(self, campaign: str, step: str, limit: int, skip: Collection[str] = ()) -> list[Claimed]:
        """Up to `limit` messages in state queued (marked sending, committed) or left in sending by a crash.

        Keys in `skip` are left alone.
        """
        ...

    def settle(self, receipts: Sequence[Receipt]) -> None:
        """Record receipts of claimed messages by key, and drop their bytes: the sender has them now.

        'queued' puts a message back that was claimed and never handed over. Any other key is left alone.
        """
        ...

    def counts(self, campaign: str, step: str | None = None) -> Mapping[str, int]:
        """Messages by state."""
        ...
