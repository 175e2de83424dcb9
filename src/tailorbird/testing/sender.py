"""A sender that fails on purpose: for trying what a full disk or a dead relay does to a run."""

from collections.abc import Callable
from datetime import UTC, datetime

from tailorbird.ports.sender import SenderError
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt


class FailingSender:
    """Takes `room` messages into `taken`, then raises SenderError until `room` is raised.

    `repeatable` and `remembers` (what `look_up` can tell) are those of the channel it stands for: a folder has both,
    a mail relay neither. `before` is called with each message before it is taken.
    """

    def __init__(
        self,
        room: int,
        repeatable: bool = True,
        remembers: bool = True,
        before: Callable[[Message], None] = lambda message: None,
    ) -> None:
        self.room, self.taken = room, list[Message]()
        self._repeatable, self._remembers, self._before = repeatable, remembers, before

    @property
    def repeatable(self) -> bool:
        """As it was set."""
        return self._repeatable

    def send(self, message: Message) -> Receipt:
        """Take a message, once where it remembers the key, or raise SenderError where there is no room left."""
        self._before(message)
        known = self.look_up(message.idempotency_key)
        if known is not None:
            return known
        if len(self.taken) >= self.room:
            raise SenderError("no space left on the device; free some, then run the same command again")
        self.taken.append(message)
        return Receipt(message.idempotency_key, "sent", datetime.now(UTC))

    def look_up(self, idempotency_key: str) -> Receipt | None:
        """Sent, if it remembers and took the key."""
        known = self._remembers and any(message.idempotency_key == idempotency_key for message in self.taken)
        return Receipt(idempotency_key, "sent", datetime.now(UTC)) if known else None

    def sync(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to release."""
