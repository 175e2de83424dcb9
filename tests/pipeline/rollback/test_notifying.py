"""Who is told of an incident, and what the incident knows of it."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tailorbird.pipeline.rollback.halting import Rollback
from tailorbird.pipeline.rollback.incident_record import write_note
from tailorbird.pipeline.rollback.notifying import tell_people
from tailorbird.pipeline.rollback.watching import finish_halt
from tailorbird.ports.notifier import NoticeError, Notifier
from tailorbird.types.incident import Reading
from tailorbird.types.notice import Notice

pytestmark = pytest.mark.slow

FIRED = [Reading("complaints", 0.01, 0.001, True, 3, 300)]


class Pager:
    """Keeps what it is told; out of order while `why` says so."""

    def __init__(self, who: str, why: str = "") -> None:
        self._who, self.why, self.heard = who, why, list[Notice]()

    @property
    def who(self) -> str:
        return self._who

    def tell(self, notice: Notice) -> None:
        if self.why:
            raise NoticeError(self.why)
        self.heard.append(notice)


def told_by(sent: Any, *notifiers: Notifier) -> Rollback:
    rollback: Rollback = sent.rollback
    return replace(rollback, state=replace(rollback.state, notifiers=notifiers))


def test_people_are_told_once_after_the_halt_holds_and_stand_in_the_incident(sent: Any) -> None:
    pager = Pager("ops@shop.example")
    rollback = told_by(sent, pager)
    incident = rollback.halt(sent.campaign, "trigger", FIRED, sent.now)
    assert incident == sent.state.incidents.get(incident.incident_id)
    assert [(act.by, act.what) for act in incident.notified] == [("ops@shop.example", "told by tests")]
    assert "complaints: 3 of 300" in pager.heard[0].subject and pager.heard[0].halted
    finish_halt(rollback, sent.campaign, sent.now)
    rollback.halt(sent.campaign, "trigger", FIRED, sent.now)
    assert len(pager.heard) == 1


def test_who_cannot_be_told_stands_there_once_with_the_reason_and_is_tried_again(sent: Any) -> None:
    reached, away = Pager("a@shop.example"), Pager("webhook on hooks.example", "answers 500")
    rollback = told_by(sent, reached, away)
    incident = rollback.halt(sent.campaign, "trigger", FIRED, sent.now)
    assert sent.state.halts.active("win_back") is not None
    finish_halt(rollback, sent.campaign, sent.now + timedelta(minutes=5))
    kept = sent.state.incidents.get(incident.incident_id)
    failures = [act.what for act in kept.actions if act.what.startswith("could not tell")]
    assert failures == ["could not tell webhook on hooks.example: answers 500"]
    away.why = ""
    finish_halt(rollback, sent.campaign, sent.now + timedelta(minutes=10))
    kept = sent.state.incidents.get(incident.incident_id)
    assert [act.by for act in kept.notified] == ["a@shop.example", "webhook on hooks.example"]
    assert len(reached.heard) == len(away.heard) == 1


def test_a_relay_that_never_answers_holds_nothing_up(sent: Any) -> None:
    hangs = threading.Event()

    class Deaf(Pager):
        def tell(self, notice: Notice) -> None:
            hangs.wait(30)

    halted, store = sent.rollback.halt(sent.campaign, "trigger", FIRED, sent.now), sent.state.incidents
    both = (Deaf("deaf"), Pager("ops@shop.example"))
    incident = tell_people(both, halted, "wren", True, store, sent.now, "tests", seconds=0.05)
    hangs.set()
    assert incident == store.get(halted.incident_id)
    assert [act.by for act in incident.notified] == ["ops@shop.example"]
    assert any("could not tell deaf: no answer" in act.what for act in incident.actions)


def test_what_somebody_writes_while_others_are_told_is_kept(sent: Any) -> None:
    class Colleague(Pager):
        def tell(self, notice: Notice) -> None:
            write_note(sent.state.incidents, notice.incident_id, sent.now, "ben", root_cause="an old list")

    incident = told_by(sent, Colleague("ben")).halt(sent.campaign, "trigger", FIRED, sent.now)
    kept = sent.state.incidents.get(incident.incident_id)
    assert kept.root_cause == "an old list" and [act.by for act in kept.notified] == ["ben"]


def test_where_nothing_is_halted_people_are_told_that(sent: Any) -> None:
    pager = Pager("ops@shop.example")
    told_by(sent, pager).halt(sent.watching(auto=False), "trigger", FIRED, sent.now)
    assert not pager.heard[0].halted
