"""A pilot's file, made of what the campaign says, for people to finish."""

from collections.abc import Iterator
from datetime import date, timedelta

from tailorbird.pipeline.pilots.gate import PilotError
from tailorbird.project.project import Project
from tailorbird.stages.pilots.checklist import FIRST_SHARE_MAX, USES
from tailorbird.types.campaign import Campaign
from tailorbird.types.pilot import Use

_AFTER = (7, 28)
"""Days until the first look and the decision."""


def write_pilot(project: Project, name: str, campaign: Campaign, use: Use, today: date) -> str:
    """The YAML text. PilotError: there is a pilot of that name, or none of less risk that this one could come after."""
    if name in project.pilots:
        raise PilotError(f"pilots/{name}.yaml is there already")
    before = [other for other, pilot in project.pilots.items() if pilot.campaign == campaign.name]
    needed = USES[USES.index(use) - 1] if use != "low_risk" else ""
    after = next((other for other in before if project.pilots[other].use == needed), "") if needed else ""
    if needed and not after:
        told = needed.replace("_", " ")
        raise PilotError(f"a {use.replace('_', ' ')} use comes after a {told} one: make that pilot first")
    return "\n".join(_lines(campaign, use, after, today)) + "\n"


def _lines(campaign: Campaign, use: Use, after: str, today: date) -> Iterator[str]:
    first, last = (today + timedelta(days=days) for days in _AFTER)
    yield f"# The pilot of {campaign.name}: 'tailorbird pilot check' says what is still missing."
    yield f"campaign: {campaign.name}"
    yield f"use: {use}"
    if after:
        yield f"after: {after}"
    yield f"hypothesis: {_quoted(campaign.hypothesis)}"
    yield f"metric: {campaign.metric.name}"
    yield f"audience: {campaign.audience}"
    yield f"share: {FIRST_SHARE_MAX / 2 if use == 'low_risk' else 0.5}  # of the audience"
    yield f"randomisation: {'experiment' if campaign.experiment else 'holdout'}"
    guardrails = ", ".join(guardrail.name for guardrail in campaign.guardrails)
    yield f"monitoring: [{guardrails}]  # guardrails of the campaign"
    yield "checkpoints:"
    yield f"  - {{name: first_look, due: {first}, roles: [owner], question: 'Did anything fire?'}}"
    question = "Does the read-out allow the next use?"
    yield f"  - {{name: decision, due: {last}, roles: [owner, reviewer], question: '{question}'}}"
    yield "roles:"
    owners = ", ".join(_quoted(owner) for owner in campaign.owners)
    yield f"  owner: [{owners}]"
    yield "  reviewer: []  # somebody else"
    yield "  on_call: []"
    yield "rollback: ''  # who halts the campaign, and how: tailorbird rollback halt …"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
