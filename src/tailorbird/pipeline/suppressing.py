"""Suppressing by hand, and by what relays say: who must not be written to, whatever was consented to."""

from datetime import datetime

from tailorbird.ports.sender import Sender
from tailorbird.ports.suppressions import Suppressions
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.stages.identity.email_address import EmailAddress, read_email
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt

UNSUBSCRIBED = "unsubscribed"
"""The reason of a suppression that the person made, and may lift: every other one is a relay's or an operator's."""


class SuppressionError(TailorbirdError):
    """A suppression that cannot be made or lifted; the message says why."""


def suppress(suppressions: Suppressions, who: str, channel: str, reason: str, now: datetime) -> bool:
    """Suppress a person on a channel, or a mailbox where `who` is an address. False: it was so already."""
    entry, where = _entry(who, channel, reason)
    return suppressions.add(entry, where, reason, now.isoformat())


def unsuppress(suppressions: Suppressions, who: str, channel: str, reason: str, now: datetime) -> None:
    """Lift a suppression. SuppressionError: there is none."""
    entry, where = _entry(who, channel, reason)
    if not suppressions.remove(entry, where, reason, now.isoformat()):
        raise SuppressionError(f"{who!r} is not suppressed on {channel}")


def _entry(who: str, channel: str, reason: str) -> tuple[str, str]:
    if not reason.strip():
        raise SuppressionError("a reason is needed: --reason '…'")
    address = read_email(who)
    return (mailbox_hash(address.address), MAILBOX) if isinstance(address, EmailAddress) else (who, channel)


class BounceWatch:
    """A sender that closes the mailboxes of which the relay says that they do not exist, for all campaigns."""

    def __init__(self, sender: Sender, suppressions: Suppressions) -> None:
        self._sender, self._suppressions = sender, suppressions

    @property
    def repeatable(self) -> bool:
        """As the sender's."""
        return self._sender.repeatable

    def send(self, message: Message) -> Receipt:
        """Hand over one message, and remember an address that is none."""
        receipt = self._sender.send(message)
        if receipt.bad_mailbox:
            self._suppressions.add(mailbox_hash(message.address), MAILBOX, receipt.detail, receipt.at.isoformat())
        return receipt

    def look_up(self, idempotency_key: str) -> Receipt | None:
        """As the sender's."""
        return self._sender.look_up(idempotency_key)

    def sync(self) -> None:
        """As the sender's."""
        self._sender.sync()

    def close(self) -> None:
        """As the sender's."""
        self._sender.close()
