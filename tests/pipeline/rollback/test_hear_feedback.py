from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.stages.tracking.feedback_report import Report

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 2, tzinfo=UTC)


@pytest.fixture
def hearing(sent: Any) -> Any:
    return bootstrap.open_feedback(sent.state)


def test_a_complaint_closes_the_person_and_the_mailbox_counts_once_and_is_an_event(sent: Any, hearing: Any) -> None:
    name = sent.messages()[0]
    record = sent.state.messages.find(name)
    heard = hearing.hear([Report("complaint", name, "abuse"), Report("complaint", name, "abuse")], NOW)
    assert (heard.counted, heard.known, heard.unknown) == (1, 1, [])
    assert sent.state.suppressions.among([record.person_id], "email") == {record.person_id}
    assert mailbox_hash(record.address) in sent.state.suppressions.all(MAILBOX)
    assert {event.message_id for event in heard.events} == {heard.events[0].message_id}
    assert heard.events[0].event == "Email Marked as Spam" and heard.events[0].user_id == record.person_id
    tally = sent.state.feedback.tallies("win_back", "")[""]
    assert tally.heard == {"complaint": 1}


def test_a_bounce_closes_the_mailbox_and_not_the_person(sent: Any, hearing: Any) -> None:
    name = sent.messages()[0]
    record = sent.state.messages.find(name)
    heard = hearing.hear([Report("bounce", name, "5.1.1")], NOW)
    assert heard.counted == 1 and heard.events[0].event == "Email Bounced"
    assert not sent.state.suppressions.among([record.person_id], "email")
    assert mailbox_hash(record.address) in sent.state.suppressions.all(MAILBOX)


def test_a_report_about_a_message_that_never_left_counts_nowhere(sent: Any, hearing: Any) -> None:
    from tailorbird.testing.state_conformance import example_message

    waiting = example_message("somebody")
    sent.state.outbox.queue([waiting])
    heard = hearing.hear([Report("complaint", "m_forged", ""), Report("complaint", waiting.message_id, "")], NOW)
    assert heard.unknown == ["m_forged", waiting.message_id]
    assert heard.counted == 0 and heard.events == []
    assert not sent.state.suppressions.among(["somebody"], "email")
