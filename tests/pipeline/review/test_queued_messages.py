"""A rejection takes effect at once: no message that is queued with the line leaves with it."""

from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.testing.sender import FailingSender
from tailorbird.types.message import Message


def busiest_line(keeper: Any) -> str:
    """The subject line that most of the queued messages have."""
    shown = [p.creative_id for d in keeper.arm("treatment").values() for p in d.slate if p.block == "subject"]
    return str(max(sorted(set(shown)), key=shown.count))


def with_line(sender: FailingSender, name: str) -> list[Message]:
    return [message for message in sender.taken if name in message.lines.values()]


@pytest.mark.slow
def test_queued_messages_are_built_again_without_a_line_that_was_rejected(keeper: Any) -> None:
    name, desk = busiest_line(keeper), bootstrap.open_desk(keeper.project, keeper.state)
    desk.reject(name, desk.person("tom"), "no")
    sender = FailingSender(10_000)
    detail = keeper.run(sender)[-1].detail
    assert detail["sent"] == len(keeper.arm("treatment")) and with_line(sender, name) == []


@pytest.mark.slow
def test_a_line_that_is_rejected_while_a_run_sends_is_in_no_later_chunk(keeper: Any) -> None:
    name, desk = busiest_line(keeper), bootstrap.open_desk(keeper.project, keeper.state)

    def reject_it(message: Message) -> None:
        if len(sender.taken) == 50:
            desk.reject(name, desk.person("tom"), "no")

    sender = FailingSender(10_000, before=reject_it)
    keeper.run(sender)
    first, later = sender.taken[:100], sender.taken[100:]
    assert any(name in message.lines.values() for message in first)
    assert later and not any(name in message.lines.values() for message in later)


@pytest.mark.slow
def test_without_a_rejection_the_line_is_sent(keeper: Any) -> None:
    name, sender = busiest_line(keeper), FailingSender(10_000)
    keeper.run(sender)
    assert with_line(sender, name)
