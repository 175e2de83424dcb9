"""The suite itself: it passes a sender that behaves and fails ones that do not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from tailorbird.testing.sender_conformance import CHECKS, MakeRig, SenderRig, sample_message
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt

Delivered = dict[str, bytes]


class MemorySender:
    """Keeps messages in a dict; `spoil` changes what is kept, `forgets` makes it lose its memory."""

    def __init__(self, delivered: list[tuple[str, bytes]], spoil: bool = False, forgets: bool = False) -> None:
        self.delivered, self.spoil, self.forgets = delivered, spoil, forgets

    @property
    def repeatable(self) -> bool:
        return not self.forgets

    def send(self, message: Message) -> Receipt:
        known = {key for key, _ in self.delivered}
        if message.idempotency_key not in known or self.forgets:
            raw = message.raw.replace(b"\r\n.", b"\r\n..") if self.spoil else message.raw
            self.delivered.append((message.idempotency_key, raw))
        return Receipt(message.idempotency_key, "sent", datetime.now(UTC))

    def look_up(self, idempotency_key: str) -> Receipt | None:
        known = {key for key, _ in self.delivered}
        return Receipt(idempotency_key, "sent", datetime.now(UTC)) if idempotency_key in known else None

    def sync(self) -> None:
        return None

    def close(self) -> None:
        return None


def rig_of(**options: bool) -> MakeRig:
    @contextmanager
    def rig() -> Iterator[SenderRig]:
        kept: list[tuple[str, bytes]] = []
        yield SenderRig(
            MemorySender(kept, **options), lambda: [raw for _, raw in kept], lambda: MemorySender(kept, **options)
        )

    return rig


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_sender_that_behaves_passes(check: Callable[[MakeRig], None]) -> None:
    check(rig_of())


@pytest.mark.parametrize(("fault", "number"), [("spoil", 0), ("forgets", 2)])
def test_a_sender_that_spoils_or_repeats_a_message_fails(fault: str, number: int) -> None:
    with pytest.raises(AssertionError):
        CHECKS[number](rig_of(**{fault: True}))


def test_sample_messages_are_the_same_each_time() -> None:
    assert sample_message(3) == sample_message(3)
