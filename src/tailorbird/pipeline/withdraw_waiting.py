"""Emptying a person's queue: whoever says no has nothing waiting that the no is about."""

from collections.abc import Callable, Sequence
from datetime import datetime

from tailorbird.ports.waiting_messages import WaitingMessages
from tailorbird.types.message import MessageRecord


def withdraw_waiting(
    waiting: WaitingMessages,
    person_ids: Sequence[str],
    is_meant: Callable[[MessageRecord], bool],
    at: datetime,
    reason: str,
) -> int:
    """Withdraw what is queued for any id of a person and meant by the no; how many. Again is fine.

    What a run has claimed already is left to the run, which asks for consent before it sends.
    """
    queued = [each for each in waiting.waiting(person_ids) if is_meant(each)]
    return waiting.withdraw(queued, at, reason) if queued else 0
