"""The message index: what is known of one message, for whoever has its id from a link or a header."""

from collections.abc import Sequence
from typing import Protocol

from tailorbird.types.message import MessageRecord, MessageState


class MessageIndex(Protocol):
    """Messages by id, for ever, and those that something is still to be done about."""

    def find(self, message_id: str) -> MessageRecord | None:
        """One message without its bytes; None if no message of that id was ever queued."""
        ...

    def untold(self, campaign: str, step: str) -> list[MessageRecord]:
        """The messages that are sent and whose receipt said that the event log does not know of it."""
        ...

    def mark_told(self, message_ids: Sequence[str]) -> None:
        """Record that the event log knows of these now."""
        ...

    def requeue(self, campaign: str, step: str, state: MessageState) -> int:
        """Queue the failed or unknown messages of a step again, as if never tried; how many. Their bytes are gone, so
        that they must be built again."""
        ...
