from dataclasses import replace
from typing import Any

import pytest

from tailorbird.cli.run import run_steps
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.rollback.halting import HaltedError
from tailorbird.pipeline.rollback.run_guard import RunGuard
from tailorbird.testing.state_conformance import example_message
from tailorbird.types.feedback import Tally

pytestmark = pytest.mark.slow


def guard(sent: Any, held: Any = None) -> RunGuard:
    return RunGuard(sent.rollback.project, sent.campaign, sent.state, lambda: sent.now, held)


def test_a_run_may_begin_where_nothing_is_halted(sent: Any) -> None:
    assert guard(sent).enter(sent.rollback.project, Quiet()) == sent.rollback.project


def test_a_halted_campaign_does_not_run_at_all(sent: Any) -> None:
    sent.rollback.halt(sent.campaign, "person", [], sent.now, "ana", "wrong price")
    with pytest.raises(HaltedError, match="is halted since"):
        guard(sent).enter(sent.rollback.project, Quiet())
    with pytest.raises(HaltedError, match="wrong price"):
        run_steps(sent.rollback.project, sent.campaign, "2026-06-02T00:00:00+00:00", Quiet(), True, True, 0)


def test_a_held_campaign_says_why(sent: Any) -> None:
    with pytest.raises(HaltedError, match="not signed"):
        guard(sent, lambda campaign, now: "not signed").enter(sent.rollback.project, Quiet())


def test_messages_in_which_a_rule_refused_a_line_are_counted_once(sent: Any) -> None:
    message = replace(example_message("p1"), campaign="another")
    state = sent.state
    state.outbox.queue([message])
    for _ in range(2):
        guard(sent).count_hits([(message, "subject: link http://elsewhere.example")])
    guard(sent).count_hits([])
    assert state.feedback.newest(message.campaign) == "1"
    assert state.feedback.tallies(message.campaign, "") == {}  # it was never sent
    assert state.feedback.others("win_back", "") == Tally()


def test_what_a_rule_found_is_kept_by_its_kind_alone(sent: Any) -> None:
    kept: list[Any] = []
    own = guard(sent)
    own._state = replace(sent.state, feedback=type("Kept", (), {"record": lambda self, rows: kept.extend(rows)})())
    own.count_hits([(example_message("p1"), "subject: link http://ana.example; body: secret sk-ana")])
    assert [row.detail for row in kept] == ["subject: link; body: secret"]
