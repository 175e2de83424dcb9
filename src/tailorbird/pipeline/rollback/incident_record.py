"""The incident's record: what people write into it until it can be closed."""

from dataclasses import replace
from datetime import date, datetime

from tailorbird.ports.incidents import Incidents
from tailorbird.stages.rollback.post_mortem import missing_parts
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.incident import Action, FollowUp, Incident


class IncidentError(TailorbirdError):
    """What cannot be written into an incident, or an incident that is not there."""


def find_incident(incidents: Incidents, beginning: str) -> Incident:
    """The one incident whose id begins so. IncidentError: none does, or several do."""
    found = [one for one in incidents.find() if one.incident_id.startswith(beginning)]
    if len(found) != 1:
        known = ", ".join(one.incident_id for one in (found or incidents.find())[:5]) or "none"
        raise IncidentError(f"{len(found)} incidents begin with {beginning!r}; there are: {known}")
    return found[0]


def write_note(
    incidents: Incidents,
    beginning: str,
    now: datetime,
    by: str,
    action: str = "",
    notified: str = "",
    root_cause: str = "",
    follow_up: str = "",
    owner: str = "",
    due: str = "",
    done: int = 0,
) -> Incident:
    """Add what was done, who was told, the root cause, or a follow-up with its owner; `done` ends the n-th follow-up.

    IncidentError: nobody says who writes, there is nothing to write, or the incident is closed.
    """
    incident, at = find_incident(incidents, beginning), now.isoformat()
    if incident.closed_at:
        raise IncidentError(f"{incident.incident_id} is closed since {incident.closed_at[:10]}; its record stands")
    if not by.strip():
        raise IncidentError("say who writes: --by NAME")
    if not any((action, notified, root_cause, follow_up, done)):
        raise IncidentError("nothing to write: give --action, --notified, --root-cause, --follow-up or --done")
    after = incident
    if action:
        after = replace(after, actions=(*after.actions, Action(at, by, action)))
    if notified:
        after = replace(after, notified=(*after.notified, Action(at, notified, f"told by {by}")))
    if root_cause:
        after = replace(after, root_cause=root_cause)
    if follow_up:
        after = replace(after, follow_ups=(*after.follow_ups, _follow_up(follow_up, owner, due)))
    if done:
        after = _finish(after, done, at)
    incidents.save(after)
    return after


def close_incident(incidents: Incidents, beginning: str, now: datetime, by: str) -> Incident:
    """Close it. IncidentError: something that a post-mortem needs is missing."""
    incident = find_incident(incidents, beginning)
    if incident.closed_at:
        raise IncidentError(f"{incident.incident_id} is closed since {incident.closed_at[:10]}")
    if not by.strip():
        raise IncidentError("say who closes it: --by NAME")
    if missing := missing_parts(incident):
        raise IncidentError(f"it cannot be closed without {', '.join(missing)}: see 'tailorbird incident note'")
    act = Action(now.isoformat(), by, "closed the incident")
    closed = replace(incident, closed_at=now.isoformat(), actions=(*incident.actions, act))
    incidents.save(closed)
    return closed


def _follow_up(what: str, owner: str, due: str) -> FollowUp:
    if not owner.strip():
        raise IncidentError("a follow-up is somebody's: --owner NAME")
    if due:
        try:
            date.fromisoformat(due)
        except ValueError:
            raise IncidentError(f"--due is a date such as 2026-07-01, not {due!r}") from None
    return FollowUp(what, owner, due)


def _finish(incident: Incident, number: int, at: str) -> Incident:
    if not 1 <= number <= len(incident.follow_ups):
        raise IncidentError(f"there is no follow-up {number}; there are {len(incident.follow_ups)}")
    items = list(incident.follow_ups)
    items[number - 1] = replace(items[number - 1], done_at=at)
    return replace(incident, follow_ups=tuple(items))
