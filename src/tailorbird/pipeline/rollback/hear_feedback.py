"""Hearing feedback: a complaint or a bounce closes the mailbox at once, counts for its campaign, and is an event."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tailorbird.pipeline.withdraw_waiting import withdraw_waiting
from tailorbird.ports.feedback import FeedbackStore
from tailorbird.ports.message_index import MessageIndex
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.waiting_messages import WaitingMessages
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.stages.tracking.feedback_report import Report
from tailorbird.types.event import Event
from tailorbird.types.feedback import Feedback
from tailorbird.types.message import MessageRecord

_EVENTS = {"complaint": "Email Marked as Spam", "bounce": "Email Bounced"}
_REASONS = {"complaint": "called a message spam", "bounce": "the mailbox does not take mail"}
_LEFT = frozenset({"sending", "sent", "unknown", "failed"})
"""States of messages that somebody can have seen; what is still queued nobody can complain of."""


@dataclass
class Heard:
    """What came of reports: how many were new, how many known, and the ids of messages that are not ours."""

    counted: int = 0
    known: int = 0
    unknown: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class FeedbackHearing:
    """Takes reports about messages of one project, over HTTP from whoever knows `key`; '' is nobody."""

    messages: MessageIndex
    waiting: WaitingMessages
    suppressions: Suppressions
    feedback: FeedbackStore
    key: str = ""

    def hear(self, reports: Sequence[Report], now: datetime) -> Heard:
        """Suppress first, then count; the events are for the log. The same report again changes nothing.

        What a report says in words often names an address: it is in the person's own event, and nowhere else.

        A report about a message that never left, or that is not known, is no evidence of anything and counts nowhere.
        """
        heard = Heard()
        for report in reports:
            record = self.messages.find(report.message_id)
            if record is None or record.state not in _LEFT:
                heard.unknown.append(report.message_id)
                continue
            self._suppress(record, report, now)
            row = Feedback(record.message_id, report.kind, record.campaign, now.isoformat())
            new = self.feedback.record([row])
            heard.counted += new
            heard.known += 1 - new
            heard.events.append(_event(record, report, now))
        return heard

    def _suppress(self, record: MessageRecord, report: Report, now: datetime) -> None:
        """After a complaint the person, on the channel and whatever the purpose; the mailbox in either case."""
        at, why = now.isoformat(), _REASONS[report.kind]
        if report.kind == "complaint":
            self.suppressions.add(record.person_id, record.channel, why, at)
        if record.address:
            self.suppressions.add(mailbox_hash(record.address), MAILBOX, why, at)
        withdraw_waiting(self.waiting, [record.person_id], lambda each: each.channel == record.channel, now, why)


def _event(record: MessageRecord, report: Report, now: datetime) -> Event:
    told = {name: getattr(record, name) for name in ("message_id", "decision_id", "campaign", "step", "person_id")}
    return Event(
        type="track",
        event=_EVENTS[report.kind],
        message_id=hashlib.sha256(f"{report.kind}\0{record.message_id}".encode()).hexdigest()[:32],
        timestamp=now,
        received_at=now,
        user_id=record.person_id,
        properties={**told, "detail": report.detail},
    )
