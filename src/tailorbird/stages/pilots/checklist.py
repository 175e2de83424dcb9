"""The checklist of a pilot, item by item: what has to be settled before anybody is written to."""

from collections.abc import Iterator, Mapping

from tailorbird.types.campaign import Campaign
from tailorbird.types.pilot import PilotCheck, PilotSpec, Use

USES: tuple[Use, ...] = ("low_risk", "standard", "high_risk")
"""In the order in which a campaign goes through them."""

ROLES = ("owner", "reviewer", "on_call")
"""The roles that every pilot needs."""

FIRST_SHARE_MAX = 0.2
"""A pilot of low risk writes to so much of the audience at most."""

_WORDS_MIN = 5


def check_pilot(pilot: PilotSpec, campaign: Campaign, pilots: Mapping[str, PilotSpec]) -> list[PilotCheck]:
    """Every item with what it says, held or not. `pilots` are all of the project, by name."""
    return [PilotCheck(name, not problem, problem or fine) for name, problem, fine in _items(pilot, campaign, pilots)]


def _items(pilot: PilotSpec, campaign: Campaign, pilots: Mapping[str, PilotSpec]) -> Iterator[tuple[str, str, str]]:
    """(item, what is wrong, what it says where nothing is)."""
    few = len(pilot.hypothesis.split()) < _WORDS_MIN
    yield "hypothesis", "say what you expect, of whom, and by when" if few else "", pilot.hypothesis
    other = pilot.metric != campaign.metric.name
    yield "metric", f"the campaign's is {campaign.metric.name!r}, not {pilot.metric!r}" if other else "", pilot.metric
    yield "audience slice", _slice(pilot, campaign), f"{pilot.share:.0%} of audience {pilot.audience}"
    yield "randomisation", _randomisation(pilot, campaign), pilot.randomisation
    yield "monitoring", _monitoring(pilot, campaign), f"rollback is automatic; {', '.join(pilot.monitoring)}"
    days = ", ".join(f"{one.name} on {one.due}" for one in pilot.checkpoints)
    yield "review checkpoints", _checkpoints(pilot), days
    people = "; ".join(f"{role}: {', '.join(names)}" for role, names in pilot.roles.items())
    yield "roles", _roles(pilot), people
    plain = len(pilot.rollback.split()) < _WORDS_MIN
    yield "rollback", "say who halts the campaign, and how" if plain else "", pilot.rollback
    yield "staging", _staging(pilot, campaign, pilots), pilot.use.replace("_", " ")


def _slice(pilot: PilotSpec, campaign: Campaign) -> str:
    if pilot.audience != campaign.audience:
        return f"the campaign's is {campaign.audience!r}, not {pilot.audience!r}"
    if not 0 < pilot.share <= 1:
        return f"share is above 0 and at most 1 (found {pilot.share:g})"
    if pilot.use == "low_risk" and pilot.share > FIRST_SHARE_MAX:
        return f"a pilot of low risk takes at most {FIRST_SHARE_MAX:.0%} of the audience (found {pilot.share:.0%})"
    return ""


def _randomisation(pilot: PilotSpec, campaign: Campaign) -> str:
    if pilot.randomisation == "experiment" and campaign.experiment is None:
        return "the campaign has no experiment"
    if pilot.randomisation == "holdout" and not campaign.holdout:
        return "the campaign's holdout is 0: nothing could be measured"
    return ""


def _monitoring(pilot: PilotSpec, campaign: Campaign) -> str:
    known = {guardrail.name for guardrail in campaign.guardrails}
    if not campaign.rollback.auto:
        return "the campaign's rollback.auto is false: nothing would be halted"
    if not pilot.monitoring:
        return "name a guardrail of the campaign"
    missing = [name for name in pilot.monitoring if name not in known]
    told = ", ".join(sorted(known)) or "none"
    return f"the campaign has no guardrail {', '.join(missing)}; it has: {told}" if missing else ""


def _checkpoints(pilot: PilotSpec) -> str:
    if not pilot.checkpoints:
        return "a pilot needs a dated review"
    names = [one.name for one in pilot.checkpoints]
    if len(set(names)) < len(names):
        return "two checkpoints have one name"
    if [one.due for one in pilot.checkpoints] != sorted(one.due for one in pilot.checkpoints):
        return "put the checkpoints in the order of their dates"
    for one in pilot.checkpoints:
        unknown = [role for role in one.roles if role not in pilot.roles]
        if unknown or not one.roles:
            return f"{one.name} is signed by {', '.join(unknown) or 'nobody'}: give a role of roles"
    return ""


def _roles(pilot: PilotSpec) -> str:
    missing = [role for role in ROLES if not pilot.roles.get(role)]
    if missing:
        return f"nobody is {', '.join(missing)}"
    both = set(pilot.roles["owner"]) & set(pilot.roles["reviewer"])
    return f"{', '.join(sorted(both))} would review their own work" if both else ""


def _staging(pilot: PilotSpec, campaign: Campaign, pilots: Mapping[str, PilotSpec]) -> str:
    risk = campaign.tags.get("risk", "low")
    if pilot.use == "low_risk":
        unread = risk != "low" and campaign.review != "queue"
        return f"the campaign's tag risk is {risk!r}: with review: queue people see every line" if unread else ""
    before = pilots.get(pilot.after)
    if before is None:
        return f"a {pilot.use.replace('_', ' ')} use comes after a pilot of less risk: name it in after"
    if USES.index(before.use) != USES.index(pilot.use) - 1:
        return f"{pilot.after} is of {before.use.replace('_', ' ')} use: no step may be left out"
    return ""
