"""Suppressing by hand and by bounces."""

from datetime import UTC, datetime

import pytest

from tailorbird.pipeline.suppressing import BounceWatch, SuppressionError, suppress, unsuppress
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.testing.state import MemorySuppressions
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_person_is_suppressed_on_a_channel_and_an_address_as_a_mailbox() -> None:
    kept = MemorySuppressions()
    assert suppress(kept, "c-42", "email", "a call", NOON) and not suppress(kept, "c-42", "email", "again", NOON)
    assert suppress(kept, "Ana@Shop.example", "email", "a letter", NOON)
    assert kept.all("email") == {"c-42"}
    assert kept.all(MAILBOX) == {mailbox_hash("ana@shop.example")}
    unsuppress(kept, "ana@shop.example", "email", "asked for mail", NOON)
    unsuppress(kept, "c-42", "email", "asked for mail", NOON)
    assert not kept.all("email") and not kept.all(MAILBOX)


def test_a_reason_is_needed_and_what_is_not_there_cannot_be_lifted() -> None:
    with pytest.raises(SuppressionError, match="reason"):
        suppress(MemorySuppressions(), "c-42", "email", " ", NOON)
    with pytest.raises(SuppressionError, match="not suppressed on email"):
        unsuppress(MemorySuppressions(), "c-42", "email", "why not", NOON)


class Relay:
    """A channel that answers each message as it is told to."""

    repeatable = False

    def __init__(self, *answers: Receipt) -> None:
        self.answers = list(answers)
        self.synced = self.closed = False

    def send(self, message: Message) -> Receipt:
        return self.answers.pop(0)

    def look_up(self, idempotency_key: str) -> Receipt | None:
        return None

    def sync(self) -> None:
        self.synced = True

    def close(self) -> None:
        self.closed = True


def test_a_mailbox_that_does_not_exist_is_closed_and_no_other() -> None:
    kept = MemorySuppressions()
    relay = Relay(
        Receipt("k", "failed", NOON, detail="permanent: 550 5.1.1 no such user", bad_mailbox=True),
        Receipt("k", "failed", NOON, detail="permanent: 552 5.2.2 mailbox full"),
        Receipt("k", "refused", NOON, detail="temporary: 450 4.2.1 later"),
        Receipt("k", "sent", NOON),
    )
    watch = BounceWatch(relay, kept)
    for name in ("gone", "full", "later", "fine"):
        address = f"{name}@x.example"
        watch.send(Message("m", "d", "c", "1", "p", "mail", "email", address, "Hi", b"", "k"))
    assert kept.all(MAILBOX) == {mailbox_hash("gone@x.example")}
    watch.sync()
    watch.close()
    assert relay.synced and relay.closed and not watch.repeatable and watch.look_up("k") is None
