"""The sender: hands a built message to a channel."""

from typing import Protocol

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt


class Sender(Protocol):
    """Sends messages. `repeatable` says that sending one idempotency key twice delivers it once."""

    @property
    def repeatable(self) -> bool:
        """Whether a message whose sending was interrupted may simply be sent again."""
        ...

    def send(self, message: Message) -> Receipt:
        """Hand over one message. `failed`, `unknown` and `refused` (not now) are receipts; SenderError: not taken,
        stop sending."""
        ...

    def look_up(self, idempotency_key: str) -> Receipt | None:
        """After a crash: what became of this key; None where the channel cannot tell."""
        ...

    def sync(self) -> None:
        """Make durable what `send` has returned from: called before the outbox forgets the messages' bytes."""
        ...

    def close(self) -> None:
        """Release connections."""
        ...


class SenderError(TailorbirdError):
    """Sending must stop: a full disk, a refused login, an unreachable relay. The message says what to do."""


class RefusalError(SenderError):
    """Sending must stop: this message was refused for a reason that may hold for every other one as well."""
