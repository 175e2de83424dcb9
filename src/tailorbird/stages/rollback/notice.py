"""What people on duty are told of an incident."""

from datetime import datetime

from tailorbird.stages.rollback.triggers import tell_reading
from tailorbird.types.incident import Incident
from tailorbird.types.notice import Notice


def write_notice(incident: Incident, project: str, halted: bool) -> Notice:
    """The incident in a few lines: what happened, to how many, what was done, and how it goes on."""
    state = "halted" if halted else "not halted"
    sent, waiting = (incident.recipients.get(name, 0) for name in ("sent", "waiting"))
    lines = [
        f"Campaign {incident.campaign} of {project}: {incident.reason}",
        f"Severity {incident.severity}, detected {incident.detected_at[:19].replace('T', ' ')} UTC by "
        f"{incident.detected_by}.",
        f"Sent {sent:,}, waiting {waiting:,}.",
        *(f"- {tell_reading(one)}{' (fired)' if one.fired else ''}" for one in incident.readings),
        *(f"- {act.what}" for act in incident.actions),
        f"Read it: tailorbird incident show {incident.incident_id}",
    ]
    if halted:
        lines.append(f"Let it go on: tailorbird rollback release {incident.campaign} --by NAME --reason '…'")
    return Notice(
        incident.incident_id, project, incident.campaign, incident.severity, incident.detected_at, halted,
        _one_line(f"[{project}] {incident.campaign} {state}: {incident.reason}"), "\n".join(lines) + "\n",
    )  # fmt: skip


def write_drill(project: str, now: datetime) -> Notice:
    """A notice that says that nothing happened."""
    text = "Nothing happened. Whoever reads this is told when a campaign of this project is halted.\n"
    key = f"drill_{now:%Y%m%dT%H%M%S}"
    subject = _one_line(f"[{project}] a drill: nothing happened")
    return Notice(key, project, "drill", "low", now.isoformat(), False, subject, text)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
