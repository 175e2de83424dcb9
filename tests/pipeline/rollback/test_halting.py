import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.rollback.halting import Rollback, release, tell_halt
from tailorbird.pipeline.rollback.versions import begin_version
from tailorbird.pipeline.rollback.watching import finish_halt, read_triggers
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.halt import Halt
from tailorbird.types.incident import Action, Incident, Reading
from tailorbird.types.review import QueueFilter

pytestmark = pytest.mark.slow

FIRED = [Reading("complaints", 0.01, 0.001, True, 3, 300), Reading("bounces", 0.0, 0.05, False, 0, 300)]


def test_a_halt_puts_back_what_ran_well_and_opens_an_incident_with_everything(sent: Any) -> None:
    state, project = sent.state, sent.rollback.project
    sent.line("bad")
    begin_version(project, sent.campaign, state.creatives, state.versions, sent.now)
    sent.heard("complaint", 3)
    incident = sent.rollback.halt(sent.campaign, "trigger", FIRED, sent.now)
    assert state.halts.active("win_back") is not None
    assert incident == state.incidents.get(incident.incident_id)
    assert (incident.severity, incident.reason) == ("critical", "complaints: 3 of 300 (1.00%), limit 0.10%")
    assert incident.tenants == ("wren",) and incident.variants == ("treatment",)
    assert incident.recipients["sent"] == len(sent.messages()) and incident.recipients["complaint"] == 3
    assert incident.models == {"a-model": "d1"} and "bad" in incident.lines
    assert incident.prompts["subject"].startswith("v1 ")
    assert incident.consent["purpose"] == "email_marketing"
    assert incident.consent["decided"] == incident.consent["with consent hash"] == len(sent.messages())
    assert incident.restored["withdrawn"] == ["bad"] and incident.restored["good"]
    assert incident.actions[0].what.startswith("halted the campaign")
    (line, _) = state.creatives.get("bad")
    assert (line.approval, line.usable) == ("rolled_back", False)
    assert state.creatives.reviews("bad")[-1]["reason"] == f"rolled back by incident {incident.incident_id}"
    assert [v.state for v in state.versions.find("win_back")] == ["good", "rolled_back"]


def test_what_was_taken_out_waits_for_a_person_with_the_reason(sent: Any) -> None:
    sent.line("bad")
    sent.rollback.halt(sent.campaign, "trigger", FIRED, sent.now)
    page = bootstrap.open_desk(sent.rollback.project, sent.state).page(QueueFilter("win_back"), 50)
    (waiting,) = [one for one in page.lines if one.creative.creative_id == "bad"]
    assert "rolled_back" in waiting.entry.reasons and "rolled back by incident" in waiting.entry.detail


def test_where_nothing_differs_from_before_the_incident_says_that_the_cause_lies_elsewhere(sent: Any) -> None:
    (first,) = sent.state.versions.find("win_back")
    sent.state.versions.mark("win_back", first.version, "good")
    incident = sent.rollback.halt(sent.campaign, "trigger", FIRED, sent.now)
    assert "the cause lies elsewhere" in incident.actions[-1].what


def test_of_many_who_halt_at_once_one_does_and_there_is_one_incident(sent: Any) -> None:
    found: list[Any] = []

    def halt() -> None:
        found.append(sent.rollback.halt(sent.campaign, "trigger", FIRED, sent.now).incident_id)

    threads = [threading.Thread(target=halt) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(sent.state.halts.history()) == len(sent.state.incidents.find()) == 1


def test_the_incident_of_somebody_who_was_killed_is_written_by_the_next(sent: Any) -> None:
    at = sent.now.isoformat()
    sent.line("bad")
    sent.state.halts.halt(Halt("", "win_back", "trigger", at, "why", "i_1"))
    halt = sent.state.halts.active("win_back")
    incident = sent.rollback.complete_record(sent.campaign, halt, sent.now)
    assert incident.incident_id == "i_1" and sent.state.incidents.get("i_1") == incident
    assert sent.state.creatives.get("bad")[0].approval == "rolled_back"
    assert sent.rollback.complete_record(sent.campaign, halt, sent.now + timedelta(1)) == incident


@pytest.mark.parametrize("way", ["a run begins", "somebody lets it go on"])
def test_whoever_was_killed_before_the_lines_were_taken_out_the_next_takes_them_out(sent: Any, way: str) -> None:
    state, project = sent.state, sent.rollback.project
    sent.line("bad")
    begin_version(project, sent.campaign, state.creatives, state.versions, sent.now)
    at = (sent.now - timedelta(minutes=1)).isoformat()
    state.halts.halt(Halt("", "win_back", "trigger", at, "why", "i_1"))
    halted = Action(at, "tests", "halted the campaign: no message of it leaves")
    state.incidents.save(Incident("i_1", "win_back", "high", "trigger", at, "why", actions=(halted,)))
    if way == "a run begins":
        assert finish_halt(sent.rollback, sent.campaign, sent.now) is not None
    else:
        release(sent.rollback, "win_back", sent.now, "ben", "mended")
    assert state.creatives.get("bad")[0].approval == "rolled_back"
    assert [v.state for v in state.versions.find("win_back")] == ["good", "rolled_back"]
    incident = state.incidents.get("i_1")
    assert incident.restored["withdrawn"] == ["bad"] and incident.severity == "high"
    assert any(act.what.startswith("returned to version") for act in incident.actions)


def test_whoever_comes_while_another_is_still_putting_back_waits_for_it(sent: Any) -> None:
    state, project = sent.state, sent.rollback.project
    sent.line("bad")
    begin_version(project, sent.campaign, state.creatives, state.versions, sent.now)
    running, waiting = threading.Event(), threading.Event()

    class Slow(Rollback):
        def _put_back(self, *given: Any) -> Any:
            running.set()
            assert waiting.wait(10)
            return super()._put_back(*given)

    class Waiting(Rollback):
        def _is_restored(self, halt: Halt) -> bool:
            restored = super()._is_restored(halt)
            waiting.set()
            return restored

    slow = Slow(project, state, "server")
    halting = threading.Thread(target=slow.halt, args=(sent.campaign, "trigger", FIRED, sent.now))
    halting.start()
    assert running.wait(10)
    assert finish_halt(Waiting(project, state, "tests"), sent.campaign, sent.now) is not None
    halting.join()
    (incident,) = state.incidents.find()
    assert incident.restored["withdrawn"] == ["bad"] and incident.readings == tuple(FIRED)
    assert len(incident.actions) == 2 and {act.by for act in incident.actions} == {"server"}


def test_without_auto_the_incident_is_opened_and_nothing_is_halted(sent: Any) -> None:
    campaign = sent.watching(auto=False)
    incident = sent.rollback.halt(campaign, "trigger", FIRED, sent.now)
    assert sent.state.halts.active("win_back") is None
    assert "nothing was halted" in incident.actions[0].what
    assert sent.rollback.halt(campaign, "trigger", FIRED, sent.now).incident_id == incident.incident_id
    assert sent.rollback.halt(campaign, "person", [], sent.now, "ana", "stop").detected_by == "ana"
    assert sent.state.halts.active("win_back") is not None


def test_a_release_names_who_and_why_and_measures_anew(sent: Any) -> None:
    sent.heard("complaint", 3)
    incident = sent.rollback.halt(sent.campaign, "trigger", FIRED, sent.now)
    with pytest.raises(TailorbirdError, match="say who"):
        release(sent.rollback, "win_back", sent.now, "", "fine")
    later = sent.now + timedelta(hours=1)
    assert release(sent.rollback, "win_back", later, "ben", "the line is out") is not None
    assert sent.state.halts.active("win_back") is None
    assert "ben" in {act.by for act in sent.state.incidents.get(incident.incident_id).actions}
    assert not any(reading.fired for reading in read_triggers(sent.rollback, sent.campaign, later))
    with pytest.raises(TailorbirdError, match="is not halted"):
        release(sent.rollback, "win_back", later, "ben", "again")
    second = sent.rollback.halt(sent.campaign, "person", [], later, "ana", "stop")
    assert second.incident_id != incident.incident_id


def test_what_comes_in_while_the_halt_holds_is_in_the_incident_and_what_comes_later_is_not(sent: Any) -> None:
    sent.heard("complaint", 1)
    incident = sent.rollback.halt(sent.campaign, "trigger", FIRED, sent.now)
    sent.heard("complaint", 2)
    assert sent.rollback.recount(incident).recipients["complaint"] == 2
    assert replace(sent.rollback.recount(incident), recipients=incident.recipients) == incident
    release(sent.rollback, "win_back", sent.now + timedelta(days=30), "ben", "fine")
    kept = sent.state.incidents.get(incident.incident_id)
    assert kept.recipients == {**incident.recipients, "complaint": 2}
    sent.heard("complaint", 3)
    assert sent.rollback.recount(kept) == kept


def test_a_halt_says_how_it_goes_on() -> None:
    told = tell_halt(Halt("h", "win_back", "person", "2026-06-01T09:00:00+00:00", "wrong price", "i_1"))
    assert "tailorbird incident show i_1" in told and "tailorbird rollback release win_back" in told


def test_halts_and_releases_are_in_the_audit_log(sent: Any) -> None:
    sent.rollback.halt(sent.campaign, "person", [], sent.now, "ana", "stop")
    release(sent.rollback, "win_back", sent.now, "ben", "fine")
    audit = bootstrap.open_audit(sent.rollback.project)
    kinds = [row.kind for row in audit.rows()]
    assert {"campaign halted", "campaign released"} <= set(kinds)


def test_the_window_begins_seven_days_ago_or_with_the_last_release(sent: Any) -> None:
    assert sent.rollback.since("win_back", sent.now) == (sent.now - timedelta(days=7)).isoformat()
    sent.rollback.halt(sent.campaign, "person", [], sent.now, "ana", "stop")
    release(sent.rollback, "win_back", sent.now, "ben", "fine")
    assert sent.rollback.since("win_back", sent.now + timedelta(1)) == sent.now.isoformat()
    assert replace(sent.campaign).rollback.auto
