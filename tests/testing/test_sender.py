"""The sender that fails on purpose."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tailorbird.ports.sender import SenderError
from tailorbird.testing.sender import FailingSender
from tailorbird.testing.sender_conformance import CHECKS, MakeRig, SenderRig, sample_message


@contextmanager
def rig(repeatable: bool, remembers: bool) -> Iterator[SenderRig]:
    """What it took is kept outside it, as a folder keeps what a process wrote."""
    kept = FailingSender(100, repeatable, remembers)
    yield SenderRig(kept, lambda: [message.raw for message in kept.taken], lambda: kept)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("like_a_folder", [True, False])
def test_it_conforms_while_there_is_room(check: Callable[[MakeRig], None], like_a_folder: bool) -> None:
    check(lambda: rig(like_a_folder, like_a_folder))


def test_it_takes_as_many_as_there_is_room_for_and_then_refuses() -> None:
    sender = FailingSender(1)
    assert sender.send(sample_message(1)).status == "sent"
    with pytest.raises(SenderError, match="run the same command again"):
        sender.send(sample_message(2))
    sender.room = 2
    sender.send(sample_message(2))
    assert sender.taken == [sample_message(1), sample_message(2)]


def test_it_tells_what_it_took_only_where_it_remembers() -> None:
    folder, relay = FailingSender(9), FailingSender(9, repeatable=False, remembers=False)
    for sender in (folder, relay):
        sender.send(sample_message(1))
    assert folder.look_up(sample_message(1).idempotency_key) is not None
    assert folder.look_up("other") is None
    assert relay.look_up(sample_message(1).idempotency_key) is None
    assert (folder.repeatable, relay.repeatable) == (True, False)
