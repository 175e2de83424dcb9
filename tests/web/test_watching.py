"""The thread that watches campaigns while the server runs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.rollback.halting import Rollback
from tailorbird.testing.state import FixedClock
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.event import Event
from tailorbird.types.feedback import Feedback
from tailorbird.types.guardrail import GuardrailSpec
from tailorbird.web.watching import GUARDRAILS_EVERY_S, WatchingLoop

pytestmark = pytest.mark.slow


class Watched:
    """The loop over a shop that has sent, with a clock of one's own."""

    def __init__(self, ran: Any, **campaign: Any) -> None:
        self.project = ran.project
        self.state = bootstrap.open_state(self.project)
        self.rollback = Rollback(self.project, self.state, "server")
        self.now = datetime.now(UTC) + timedelta(minutes=1)
        self.seconds = 0.0
        self.opened = 0
        own = replace(self.project.campaign("win_back"), **campaign)
        self.loop = WatchingLoop(
            self.rollback, [own], self.open_events, FixedClock(self.now), monotonic=lambda: self.seconds
        )

    def open_events(self) -> Any:
        self.opened += 1
        return bootstrap.open_events(self.project)

    def complain(self, count: int) -> None:
        from tailorbird.stages.channels.email_message import idempotency_key, message_id

        treated = [d for d in self.state.decisions.find("win_back") if d.arm == "treatment"]
        names = [message_id(idempotency_key(d.decision_id, "email")) for d in treated[:count]]
        self.state.feedback.record([Feedback(n, "complaint", "win_back", self.now.isoformat()) for n in names])


def test_a_campaign_is_halted_as_soon_as_its_complaints_are_heard(ran: Any) -> None:
    watched = Watched(ran)
    assert watched.loop.turn() == 0
    watched.complain(2)
    assert watched.loop.turn() == 1
    assert watched.state.halts.active("win_back") is not None
    assert watched.loop.turn() == 0


def test_where_nothing_new_came_nothing_is_counted(ran: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(ran)
    watched.loop.turn()
    looked: list[str] = []
    monkeypatch.setattr(type(watched.state.feedback), "tallies", lambda *_: looked.append("tallies"))
    assert watched.loop.turn() == 0 and looked == []


def test_guardrails_are_read_in_between(ran: Any) -> None:
    watched = Watched(ran, guardrails=(GuardrailSpec("tickets", "Support Ticket Opened"),))
    at = datetime(2026, 6, 2, tzinfo=UTC)
    log = bootstrap.open_log(watched.project)
    treated = [d.person_id for d in watched.state.decisions.find("win_back") if d.arm == "treatment"]
    log.append([Event("track", f"t-{p}", at, at, p, event="Support Ticket Opened") for p in treated[:100]])
    log.close()
    assert watched.loop.turn() == 0 and watched.opened == 0
    watched.seconds = GUARDRAILS_EVERY_S + 1
    assert watched.loop.turn() == 1 and watched.opened == 1
    halt = watched.state.halts.active("win_back")
    assert halt is not None and halt.kind == "guardrail"


def test_a_defect_does_not_end_the_watching(ran: Any) -> None:
    assert Watched(ran).loop.goes_on()


def test_a_database_that_does_not_answer_is_asked_again(ran: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(ran)
    watched.complain(2)

    def busy(*_: Any) -> Any:
        raise TailorbirdError("busy")

    with monkeypatch.context() as patch:
        patch.setattr(type(watched.state.feedback), "tallies", busy)
        with pytest.raises(TailorbirdError):
            watched.loop.turn()
    assert watched.loop.turn() == 1
