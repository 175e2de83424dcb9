"""Tests of a campaign: marked, to testers alone, and of no consequence."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird import bootstrap
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.exemplars import INVENTED_NAMES
from tailorbird.pipeline.identities import read_identities
from tailorbird.pipeline.rehearse import TESTER, Rehearsed, rehearse_campaign, spread
from tailorbird.pipeline.trace import trace_message
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.testing.event_log_conformance import read_segments
from tailorbird.testing.sender import FailingSender
from tailorbird.testing.state import FixedClock
from tailorbird.types.decision import TEST_DECISION
from tests.pipeline.conftest import MOMENT

pytestmark = pytest.mark.slow

QA = ("qa@shop.example", "more@shop.example")


def rehearse(keeper: Any, sender: FailingSender, samples: int = 4, step: str = "2", hours: int = 0) -> list[Rehearsed]:
    project = keeper.project
    project = replace(
        project, settings=replace(project.settings, generator=replace(project.settings.generator, adapter="none"))
    )
    campaign = replace(
        project.campaign("win_back"), step=step, caps=replace(project.campaign("win_back").caps, messages=9)
    )
    return rehearse_campaign(
        project, campaign, MOMENT, QA, samples, keeper.state, keeper.log, bootstrap.open_warehouse(project),
        lambda: None, sender, FixedClock(MOMENT + timedelta(hours=hours)), Quiet(), bootstrap.open_keys(project),
        bootstrap.open_validator(),
    )  # fmt: skip


def mails(sender: FailingSender) -> list[EmailMessage]:
    return [message_from_bytes(one.raw, policy=policy.default) for one in sender.taken]


def kept(keeper: Any) -> tuple[Any, ...]:
    """All that a run leaves of people: decisions, messages, suppressions, posteriors, runs, and events."""
    state, step = keeper.state, "2"
    return (
        sorted(decision.decision_id for decision in state.decisions.find("win_back")),
        dict(state.outbox.counts("win_back", "1")), dict(state.outbox.counts("win_back", step)),
        sorted(state.decisions.recent(MOMENT.replace(year=2000))), state.posteriors.read("win_back"),
        [run["run_id"] for run in state.ledger.runs("win_back")],
        len(read_segments(keeper.log.seal())),
    )  # fmt: skip


def test_testers_get_marked_messages_and_nothing_else_knows_of_them(keeper: Any) -> None:
    before, sender = kept(keeper), FailingSender(99)
    sent = rehearse(keeper, sender)
    assert kept(keeper) == before
    assert [one.status for one in sent] == ["sent"] * 8
    assert [message.address for message in sender.taken] == [QA[0]] * 4 + [QA[1]] * 4
    for mail in mails(sender):
        assert mail["X-Tailorbird-Test"] == "yes" and str(mail["subject"]).startswith("[Test] ")
    assert {message.person_id for message in sender.taken} == {TESTER}
    assert all(message.decision_id.startswith(TEST_DECISION) for message in sender.taken)
    assert len({one.message_id for one in sent}) == 8
    assert len({one.locale for one in sent}) == len(keeper.project.settings.locales)


def test_a_message_does_not_tell_whom_it_stands_for(keeper: Any) -> None:
    sender = FailingSender(99)
    rehearse(keeper, sender, samples=20)
    names = {profile.first_name for profile in keeper.profiles() if profile.first_name}
    ids = {profile.person_id for profile in keeper.profiles()}
    emails = {profile.email for profile in keeper.profiles() if profile.email}
    for mail in mails(sender):
        text = "".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
        words = set(re.findall(r"[\w@.-]+", text))
        assert not words & (emails | ids) and not words & (names - set(INVENTED_NAMES) - {"Wren"})
        assert "/o/" not in text, "no pixel"


def test_the_trace_of_a_test_says_that_it_is_one_also_after_somebody_was_erased(keeper: Any) -> None:
    keeper.state.suppressions.erase(["somebody"])
    (first, *_) = rehearse(keeper, FailingSender(99))
    warehouse = bootstrap.open_events(keeper.project)
    read_identities(warehouse)
    state = keeper.state
    told = trace_message(
        first.message_id, keeper.project.campaigns, state.traces, state.decisions, state.creatives, state.messages,
        warehouse,
    )  # fmt: skip
    assert "counts nowhere" in told["test"]["note"]
    assert (told["test"]["status"], told["test"]["campaign"]) == ("sent", "win_back")
    assert told["copy"] and "person_id" not in str(told) and QA[0] not in str(told)


def test_the_same_test_again_is_sent_again_and_a_suppressed_tester_gets_none(keeper: Any) -> None:
    keeper.state.suppressions.add(mailbox_hash(QA[1]), MAILBOX, "by hand", MOMENT.isoformat())
    sender = FailingSender(99)
    first = rehearse(keeper, sender, samples=1)
    assert [one.status for one in first] == ["sent", "suppressed"]
    rehearse(keeper, sender, samples=1, hours=1)
    assert [message.address for message in sender.taken] == [QA[0]] * 2


@given(
    st.lists(st.tuples(st.sampled_from(["de", "en", "fr"]), st.sampled_from(["a", "b", None])), max_size=9),
    st.integers(0, 12),
)
def test_samples_differ_as_much_as_they_can(people: Sequence[tuple[str, str | None]], count: int) -> None:
    locales, heroes = [one for one, _ in people], [two for _, two in people]
    rows = spread(locales, heroes, count)
    assert len(rows) == len(set(rows)) == min(count, len(people))
    assert rows == spread(locales, heroes, count)
    if len(rows) >= len(set(locales)):
        assert {locales[row] for row in rows} == set(locales)


def test_a_real_run_after_a_test_is_as_if_there_had_been_none(keeper: Any) -> None:
    rehearse(keeper, FailingSender(99), step="1")
    before = dict(keeper.state.outbox.counts("win_back", "1"))
    keeper.run(FailingSender(10_000))
    after = dict(keeper.state.outbox.counts("win_back", "1"))
    assert before.get("queued", 0) > 0 and after["sent"] == before["queued"]
