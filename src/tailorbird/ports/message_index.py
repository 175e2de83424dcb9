"""The message index: what is known of one message, for whoever has its id from a link or a header."""

from typing import Protocol

from tailorbird.types.message import MessageRecord


class MessageIndex(Protocol):
    """Messages by id, for ever."""

    def find(self, message_id: str) -> MessageRecord | None:
        """One message without its bytes; None if no message of that id was ever queued."""
        ...
