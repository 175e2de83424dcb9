"""The post-mortem: an incident as a document that people fill in and keep."""

from collections.abc import Iterator

from tailorbird.stages.rollback.triggers import tell_reading
from tailorbird.types.incident import Incident


def missing_parts(incident: Incident) -> list[str]:
    """What has to be written before the incident can be closed."""
    missing = [] if incident.root_cause.strip() else ["the root cause"]
    missing += [] if incident.notified else ["who was notified"]
    missing += [] if incident.follow_ups else ["a follow-up, with its owner"]
    return missing


def write_post_mortem(incident: Incident) -> str:
    """Markdown: what happened, to whom, with what, what was done, why, and what follows."""
    return "\n".join(_lines(incident)) + "\n"


def _lines(one: Incident) -> Iterator[str]:
    yield f"# Incident {one.incident_id}: {one.campaign}"
    yield f"\n{one.reason}\n"
    yield f"- Severity: {one.severity}"
    yield f"- Detected: {one.detected_at}, by {one.detected_by}"
    yield f"- Closed: {one.closed_at or 'open'}"
    yield f"- Tenants: {', '.join(one.tenants)}"
    yield f"- Recipients: {', '.join(f'{name} {count:,}' for name, count in one.recipients.items())}"
    yield f"- Variants: {', '.join(one.variants) or 'none'}"
    yield f"- Consent: {', '.join(f'{name} {value}' for name, value in one.consent.items())}"
    yield "\n## What was measured\n"
    yield from (f"- {tell_reading(reading)}{' **fired**' if reading.fired else ''}" for reading in one.readings)
    yield "\n## What was in use\n"
    yield from (f"- Prompt {name}: {digest}" for name, digest in one.prompts.items())
    yield from (f"- Model {name}: {digest or 'no digest is known'}" for name, digest in one.models.items())
    yield from (f"- Line {name}: {digest}" for name, digest in one.lines.items())
    yield "\n## Timeline\n"
    yield from (f"- {act.at} {act.by}: {act.what}" for act in one.actions)
    yield from (f"- {act.at} {act.by} was told: {act.what}" for act in one.notified)
    yield "\n## Root cause\n"
    yield one.root_cause or "Not written yet."
    yield "\n## Follow-ups\n"
    for each in one.follow_ups:
        done = f", done {each.done_at}" if each.done_at else ""
        yield f"- {each.what} ({each.owner}{f', until {each.due}' if each.due else ''}{done})"
    if not one.follow_ups:
        yield "None yet."
