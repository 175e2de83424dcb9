"""The outbox: every message that is to be sent, exactly once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt


class Outbox(Protocol):
    """One row per idempotency key. States: queued → sending → sent | failed | unknown | suppressed."""

    def queue(self, messages: Sequence[Message], rebuilt: bool = False) -> int:
        """Insert messages whose key is new, in one transaction; how many were new.

        With `rebuilt`, messages that are there and not sent yet are replaced, their state kept; how many were.
        """
        ...

    def claim(self, campaign: str, step: str, limit: int, skip: Collection[str] = ()) -> list[tuple[Message, str]]:
        """Up to `limit` messages in state queued (marked sending, committed) or left in sending by a crash.

        Each comes with the state it had: 'queued' or 'sending'. Keys in `skip` are left alone.
        """
        ...

    def settle(self, receipts: Sequence[Receipt]) -> None:
        """Record receipts by key. 'queued' puts a message back that was claimed and never handed over."""
        ...

    def counts(self, campaign: str, step: str | None = None) -> Mapping[str, int]:
        """Messages by state."""
        ...

    def find(self, message_id: str) -> Mapping[str, Any] | None:
        """One message's row (without the raw bytes), by message id."""
        ...
