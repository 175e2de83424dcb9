from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird.pipeline.pilots.gate import PilotError, PilotGate, signed_entry
from tailorbird.pipeline.rollback.halting import Rollback

pytestmark = pytest.mark.slow

BEFORE, FIRST, LAST = (datetime(2026, 6, day, 12, tzinfo=UTC) for day in (7, 8, 29))


def complete(gate: PilotGate, name: str) -> None:
    gate.sign(name, "first_look", "ana", LAST)
    gate.sign(name, "decision", "ana", LAST)
    gate.sign(name, "decision", "ben", LAST)


def test_a_checkpoint_holds_the_campaign_from_its_date_until_it_is_signed(gate: PilotGate) -> None:
    assert gate.why_held("win_back", BEFORE) == ""
    told = gate.why_held("win_back", FIRST)
    assert "checkpoint first_look was due on 2026-06-08 and is not signed by owner" in told
    assert gate.sign("one", "first_look", "ana", FIRST).role == "owner"
    assert gate.why_held("win_back", FIRST) == ""
    assert "decision was due" in gate.why_held("win_back", LAST)
    assert gate.why_held("replenish", LAST) == ""  # it has no pilot


def test_the_next_use_begins_once_the_first_pilot_is_complete(gate: PilotGate) -> None:
    assert (gate.in_force("win_back"), gate.share("win_back")) == ("one", 0.1)
    assert any("one is not complete" in check.told for check in gate.checks("two") if not check.held)
    complete(gate, "one")
    assert (gate.in_force("win_back"), gate.share("win_back")) == ("two", 0.5)
    assert all(check.held for check in gate.checks("two"))
    complete(gate, "two")
    assert (gate.in_force("win_back"), gate.share("win_back"), gate.why_held("win_back", LAST)) == (None, 1.0, "")


def test_an_item_that_does_not_hold_holds_the_campaign_and_cannot_be_signed(gate: PilotGate) -> None:
    wrong = replace(gate.project.pilots["one"], monitoring=())
    broken = PilotGate(replace(gate.project, pilots={"one": wrong}), gate.state)
    assert "monitoring: name a guardrail" in broken.why_held("win_back", BEFORE)
    with pytest.raises(PilotError, match="monitoring"):
        broken.sign("one", "first_look", "ana", FIRST)


def test_nobody_signs_early_or_in_a_role_that_is_not_theirs(gate: PilotGate) -> None:
    with pytest.raises(PilotError, match="is due on 2026-06-08"):
        gate.sign("one", "first_look", "ana", BEFORE)
    for by, role in (("", ""), ("ben", ""), ("eve", ""), ("ana", "reviewer")):
        with pytest.raises(PilotError, match="does not sign first_look"):
            gate.sign("one", "first_look", by, FIRST, role)
    with pytest.raises(PilotError, match="no checkpoint 'last'"):
        gate.sign("one", "last", "ana", FIRST)
    with pytest.raises(PilotError, match="there are: one, two"):
        gate.sign("three", "first_look", "ana", FIRST)


def test_an_open_incident_keeps_a_pilot_from_being_signed_and_complete(gate: PilotGate) -> None:
    complete(gate, "one")
    rollback = Rollback(gate.project, gate.state, "tests")
    rollback.halt(gate.project.campaign("win_back"), "person", [], LAST, "ana", "wrong price")
    assert gate.in_force("win_back") == "one"
    assert any("is open" in item for item in gate.open_items("one"))
    with pytest.raises(PilotError, match="is halted"):
        gate.sign("one", "decision", "ben", LAST)


def test_a_changed_pilot_is_held_again(gate: PilotGate) -> None:
    complete(gate, "one")
    changed = replace(gate.project.pilots["one"], rollback="Nobody halts it any more, and that is that.")
    again = PilotGate(replace(gate.project, pilots={"one": changed}), gate.state)
    assert "is not signed" in again.why_held("win_back", LAST)


def test_a_signature_is_for_the_audit_log(gate: PilotGate) -> None:
    entry = signed_entry(gate.sign("one", "first_look", "ana", FIRST, note="nothing fired"))
    assert entry.kind == "pilot signed" and entry.detail["note"] == "nothing fired"


def test_a_campaign_without_pilots_is_free(ran: Any) -> None:
    from tailorbird import bootstrap

    free = PilotGate(ran.project, bootstrap.open_state(ran.project))
    assert (free.in_force("win_back"), free.share("win_back"), free.why_held("win_back", LAST)) == (None, 1.0, "")
