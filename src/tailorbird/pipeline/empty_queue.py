"""Emptying the queue of whoever withdrew consent, however the withdrawal arrived and by whichever id."""

from collections.abc import Callable, Iterable
from datetime import datetime

from tailorbird.pipeline.consent_reader import ConsentReader
from tailorbird.ports.waiting_messages import WaitingMessages
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.message import MessageRecord


class QueueEmptier:
    """Withdraws queued messages whose purpose and channel the person's own words no longer allow.

    What words say is judged by `rules`, as when deciding and sending. Only words withdraw here, since a message that
    is withdrawn never comes back: what silence means where somebody moved, or time passed, is asked again right before
    each message leaves. Not safe to share between threads.
    """

    def __init__(
        self, waiting: WaitingMessages, words: ConsentReader, rules: ConsentRules, now: Callable[[], datetime]
    ) -> None:
        self._waiting, self._words, self._rules, self._now = waiting, words, rules, now
        self._pending: set[str] = set()

    def is_waiting(self) -> bool:
        """Whether anything is queued at all."""
        return bool(self._waiting.people(1))

    def empty(self) -> int:
        """Judge everybody who has something queued, by all that the log holds; how many messages are withdrawn."""
        people = self._waiting.people()
        if not people:
            return 0
        self._words.concerned()  # reads what is new; everybody is judged anyway
        self._pending.clear()
        return self._withdraw(people)

    def follow(self) -> int:
        """Judge those alone whom something concerns that came since the last call; how many messages are withdrawn.

        After an error, the next call judges the same people again.
        """
        self._pending.update(self._words.concerned())
        withdrawn = self._withdraw(sorted(self._pending))
        self._pending.clear()
        return withdrawn

    def _withdraw(self, people: list[str]) -> int:
        by_reason: dict[str, list[MessageRecord]] = {}
        for record, reason in self._refused(self._waiting.waiting(people)):
            by_reason.setdefault(reason, []).append(record)
        now = self._now()
        return sum(self._waiting.withdraw(records, now, reason) for reason, records in by_reason.items())

    def _refused(self, records: Iterable[MessageRecord]) -> Iterable[tuple[MessageRecord, str]]:
        now = self._now()
        for record in records:
            ruling = self._rules.judge_words(self._words(record.person_id), record.purpose, record.channel, now)
            if ruling is not None and not ruling.granted:
                yield record, f"consent withdrawn: {ruling.reason}"
