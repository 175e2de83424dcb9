"""Halting a campaign: no message leaves any more, what ran well before is put back, and an incident is opened."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tailorbird.pipeline.rollback.notifying import tell_people
from tailorbird.pipeline.state import State
from tailorbird.project.project import Project
from tailorbird.stages.rollback.triggers import severity_of, sum_tallies, tell_reading
from tailorbird.stages.rollback.versions import Return, plan_return
from tailorbird.types.campaign import Campaign
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.halt import Halt, HaltKind
from tailorbird.types.incident import Action, Incident, Reading, Severity

BY = "rollback"
"""Who took a line out of use, in its history."""

FINISH_SECONDS = 10.0
"""Whoever halts has so long to put back what ran well; then another process takes it for killed, and does it."""

WINDOW = timedelta(days=7)
"""What happened to the messages of so many days is held against the limits."""


class HaltedError(TailorbirdError):
    """The campaign is halted; the message says since when, why, and how it goes on."""


@dataclass(frozen=True)
class Rollback:
    """What halts campaigns of one project: their stores, and whose process it is."""

    project: Project
    state: State
    actor: str

    def since(self, campaign: str, now: datetime) -> str:
        """From when on messages count: the last seven days, or the end of the last halt, whichever is later."""
        released = [halt.released_at for halt in self.state.halts.history(campaign) if halt.released_at]
        return max([(now - WINDOW).isoformat(), *released])

    def halt(
        self,
        campaign: Campaign,
        kind: HaltKind,
        readings: Sequence[Reading],
        now: datetime,
        by: str = "",
        reason: str = "",
        severity: Severity | None = None,
    ) -> Incident:
        """Halt, put back, and open the incident; of two processes that see the same, one does it.

        With `rollback.auto` false nothing is halted by a measurement: the incident alone is opened.
        """
        fired = [reading for reading in readings if reading.fired]
        why = reason or "; ".join(tell_reading(reading) for reading in fired)
        earlier = len(self.state.halts.history(campaign.name))
        key = hashlib.sha256(f"{self.project.settings.name}\0{campaign.name}\0{earlier}".encode()).hexdigest()
        incident = Incident(
            incident_id=f"i_{key[:16]}",
            campaign=campaign.name,
            severity=severity or severity_of(fired),
            detected_by=by or f"{kind} ({self.actor})",
            detected_at=now.isoformat(),
            reason=why,
            readings=tuple(readings),
        )
        if kind != "person" and not campaign.rollback.auto:
            return self._open_without_halt(campaign, incident, now)
        if active := self.state.halts.active(campaign.name):
            return self.state.incidents.get(active.incident_id) or incident
        incident = self._open(campaign, incident, now)  # first: whoever finds the halt finds its readings
        made = self.state.halts.halt(Halt("", campaign.name, kind, now.isoformat(), why, incident.incident_id))
        return self._restore(campaign, incident, now) if made else incident

    def complete_record(self, campaign: Campaign, halt: Halt, now: datetime) -> Incident:
        """The incident of a halt that holds; made now if whoever halted was killed before it was written."""
        found = self.state.incidents.get(halt.incident_id)
        if found is not None:
            return self._tell(found, now, True)
        incident = Incident(
            halt.incident_id, campaign.name, "medium", f"{halt.kind} ({self.actor})", halt.at, halt.reason
        )
        return self._restore(campaign, self._open(campaign, incident, now), now)

    def finish(self, campaign: Campaign, halt: Halt, now: datetime) -> Incident:
        """The incident of a halt that holds, with what ran well put back, also if whoever halted was killed between the
        two: nothing may go on with the lines that the halt was to take out. It has FINISH_SECONDS to do it itself."""
        until = time.monotonic() + FINISH_SECONDS - (now - datetime.fromisoformat(halt.at)).total_seconds()
        while not self._is_restored(halt) and time.monotonic() < until:
            time.sleep(0.05)
        found = self.complete_record(campaign, halt, now)
        return found if found.restored else self._restore(campaign, found, now)

    def _is_restored(self, halt: Halt) -> bool:
        found = self.state.incidents.get(halt.incident_id)
        return found is not None and bool(found.restored)

    def _open_without_halt(self, campaign: Campaign, incident: Incident, now: datetime) -> Incident:
        for known in self.state.incidents.find(campaign.name, still_open=True):
            if not known.restored:
                return known
        key = hashlib.sha256(f"{incident.incident_id}{len(self.state.incidents.find(campaign.name))}".encode())
        told = "opened the incident; nothing was halted, because rollback.auto is false"
        opened = self.describe(campaign, replace(incident, incident_id=f"i_{key.hexdigest()[:16]}"), now)
        opened = replace(opened, actions=(Action(now.isoformat(), self.actor, told),))
        self.state.incidents.save(opened)
        return self._tell(opened, now, False)

    def _open(self, campaign: Campaign, incident: Incident, now: datetime) -> Incident:
        """Write the incident with all that is known, unless another process was first."""
        halted = Action(now.isoformat(), self.actor, "halted the campaign: no message of it leaves")
        described = replace(self.describe(campaign, incident, now), actions=(halted,))
        known = self.state.incidents.get(incident.incident_id)
        if known is None or not known.restored:
            self.state.incidents.save(described)
        return described

    def _restore(self, campaign: Campaign, incident: Incident, now: datetime) -> Incident:
        done = self._put_back(campaign, incident.incident_id, now)
        told = Action(now.isoformat(), self.actor, _tell_return(done))
        restored = {**asdict(done), "withdrawn": [*done.withdrawn]}
        whole = replace(incident, restored=restored, actions=(*incident.actions, told))
        self.state.incidents.save(whole)
        return self._tell(whole, now, True)

    def _tell(self, incident: Incident, now: datetime, halted: bool) -> Incident:
        state, name = self.state, self.project.settings.name
        return tell_people(state.notifiers, incident, name, halted, state.incidents, now, self.actor)

    def _put_back(self, campaign: Campaign, incident_id: str, now: datetime) -> Return:
        state, at = self.state, now.isoformat()
        versions = state.versions.find(campaign.name)
        plan = plan_return(versions, state.creatives.find(campaign.name))
        for creative_id in plan.withdrawn:
            state.creatives.review(creative_id, "rolled_back", BY, f"rolled back by incident {incident_id}", at)
        for version in versions:
            if version.state == "running":
                state.versions.mark(campaign.name, version.version, "rolled_back")
        return plan

    def describe(self, campaign: Campaign, incident: Incident, now: datetime) -> Incident:
        """The incident with everything that is known of the campaign at this moment."""
        state = self.state
        since = self.since(campaign.name, now)
        tallies = state.feedback.tallies(campaign.name, since, campaign.experiment is not None)
        running = [version for version in state.versions.find(campaign.name) if version.state == "running"]
        lines = dict(running[-1].lines) if running else {}
        prompts = {name: f"v{p.version} {p.digest}" for name, p in (running[-1].prompts if running else {}).items()}
        return replace(
            incident,
            tenants=(self.project.settings.name,),
            recipients=self._recipients(campaign.name, since),
            variants=tuple(sorted(name or "treatment" for name in tallies)),
            prompts=prompts,
            models=self._models(lines),
            lines=lines,
            consent=self._consent(campaign),
        )

    def recount(self, incident: Incident) -> Incident:
        """The incident with its recipients as they are now, while its halt holds: a message that was under way when
        another process halted arrives all the same, and people complain for days."""
        halt = self.state.halts.active(incident.campaign)
        if halt is None or halt.incident_id != incident.incident_id:
            return incident
        since = self.since(incident.campaign, datetime.fromisoformat(incident.detected_at))
        return replace(incident, recipients=self._recipients(incident.campaign, since))

    def _recipients(self, campaign: str, since: str) -> dict[str, int]:
        counts = self.state.outbox.counts(campaign)
        tally = sum_tallies(self.state.feedback.tallies(campaign, since))
        waiting = counts.get("queued", 0) + counts.get("sending", 0)
        return {"sent": tally.sent, "waiting": waiting, **dict(sorted(tally.heard.items()))}

    def _models(self, lines: dict[str, str]) -> dict[str, str]:
        """{model: its digest} of the lines that a model wrote."""
        found: dict[str, str] = {}
        for creative_id in lines:
            notes = (self.state.creatives.get(creative_id) or (None, {}))[1]
            model = notes.get("model") or {}
            draft = notes.get("draft") or {}
            if name := str(model.get("name") or draft.get("model") or ""):
                found[name] = str(model.get("digest") or draft.get("model_digest") or "")
        return found

    def _consent(self, campaign: Campaign) -> dict[str, Any]:
        settings = self.project.settings.consent
        treated = [d for d in self.state.decisions.find(campaign.name) if d.arm == "treatment"]
        silent = self.state.suppressions.among([d.person_id for d in treated], campaign.channel) if treated else ()
        return {
            "purpose": campaign.purpose,
            "basis": settings.basis or "not stated",
            "notice": settings.notice or "not stated",
            "decided": len(treated),
            "with consent hash": sum(bool(d.consent_hash) for d in treated),
            "suppressed since": len(silent),
        }


def _tell_return(done: Return) -> str:
    """What was put back, in one line."""
    parts = [f"took {len(done.withdrawn):,} lines out of use, {done.kept:,} stay"]
    parts += [f"prompt {name}: back to {before or 'none'}" for name, before in done.prompts.items()]
    origin = (
        f"returned to version {done.good}" if done.good else "no version ran well before: what a model wrote is out"
    )
    if done.good and not done.withdrawn and not done.prompts:
        return f"{origin}: its lines and prompts are those that were in use, so that the cause lies elsewhere"
    return f"{origin}: {'; '.join(parts)}"


def tell_halt(halt: Halt) -> str:
    """Why nothing is sent, and how it goes on."""
    return (
        f"campaign {halt.campaign} is halted since {halt.at[:19].replace('T', ' ')} UTC: {halt.reason}. "
        f"See 'tailorbird incident show {halt.incident_id}'; "
        f"'tailorbird rollback release {halt.campaign}' lets it go on"
    )


def release(rollback: Rollback, campaign: str, now: datetime, by: str, reason: str) -> Incident:
    """End a halt, with what ran well put back. Measurements begin anew, with the messages that are sent from now on.
    TailorbirdError: nothing to end, or nobody says who and why."""
    if not by.strip() or not reason.strip():
        raise TailorbirdError("say who lets it go on and why: --by NAME --reason '…'")
    state = rollback.state
    halt = state.halts.active(campaign)
    if halt is None:
        raise TailorbirdError(f"campaign {campaign} is not halted")
    incident = rollback.recount(rollback.finish(rollback.project.campaign(campaign), halt, now))
    act = Action(now.isoformat(), by, f"let the campaign go on: {reason}")
    incident = replace(incident, actions=(*incident.actions, act))
    state.incidents.save(incident)
    state.halts.release(campaign, now.isoformat(), by)
    return incident
