"""Telling people on duty of an incident, and writing into it who was told."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tailorbird.ports.incidents import Incidents
from tailorbird.ports.notifier import NoticeError, Notifier
from tailorbird.stages.rollback.notice import write_notice
from tailorbird.types.incident import Action, Incident
from tailorbird.types.notice import Notice

ANSWER_SECONDS = 10.0
"""All are told at once, and nobody waits longer for a relay that does not answer."""


def tell_people(
    notifiers: Sequence[Notifier], incident: Incident, project: str, halted: bool, incidents: Incidents, now: datetime,
    actor: str, seconds: float = ANSWER_SECONDS,
) -> Incident:  # fmt: skip
    """Tell each who was not told yet; the incident with who was, as it is kept.

    Nothing is raised where somebody cannot be told: the halt holds all the same, the record says so once, and the next
    run or `rollback check` tries again. Two processes may tell the same person.
    """
    told = {act.by for act in incident.notified}
    waiting = [one for one in notifiers if one.who not in told]
    if not waiting:
        return incident
    problems = tell_all(waiting, write_notice(incident, project, halted), seconds)
    notified = [Action(now.isoformat(), who, f"told by {actor}") for who, problem in problems.items() if not problem]
    failed = [Action(now.isoformat(), actor, f"could not tell {who}: {why}") for who, why in problems.items() if why]
    # Somebody may have written into it in the meantime.
    current = incidents.get(incident.incident_id) or incident
    known = {act.what for act in current.actions}
    failed = [act for act in failed if act.what not in known]
    after = replace(current, notified=(*current.notified, *notified), actions=(*current.actions, *failed))
    if after != current:
        incidents.save(after)
    return after


def tell_all(notifiers: Sequence[Notifier], notice: Notice, seconds: float = ANSWER_SECONDS) -> dict[str, str]:
    """{who: why they could not be told, '' if they were}, within `seconds`."""
    problems = {one.who: f"no answer in {seconds:g} s" for one in notifiers}

    def tell(one: Notifier) -> None:
        try:
            one.tell(notice)
        except NoticeError as error:
            problems[one.who] = str(error)
        else:
            problems[one.who] = ""

    threads = [threading.Thread(target=tell, args=(one,), daemon=True) for one in notifiers]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0))
    return dict(problems)
