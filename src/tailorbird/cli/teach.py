"""Teaching a campaign's policies from its outcomes: what `report` and `demo` do after the read-out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign
    from tailorbird.types.readout import Readout


def teach(project: "Project", campaign: "Campaign", readout: "Readout") -> dict[str, Any]:
    """Learn from everything known at the read-out's moment, and publish; what `learn_policy` says."""
    from tailorbird import bootstrap
    from tailorbird.pipeline.creative_priors import expect_rates
    from tailorbird.pipeline.identities import read_identities
    from tailorbird.pipeline.learn import learn_policy
    from tailorbird.pipeline.merged_state import merge_state

    state, warehouse = bootstrap.open_state(project), bootstrap.open_events(project, often=True)
    merged = merge_state(state, read_identities(warehouse))
    now = bootstrap.open_clock().now()
    rates, why = expect_rates(project, campaign, merged, warehouse, readout.until or now)
    learned = learn_policy(project, campaign, readout, merged, warehouse, now, lambda ids: rates)
    return learned | {"expected": len(rates), "expected_why": why}


def sentences(learned: dict[str, Any]) -> list[str]:
    """What was learned, in lines for the terminal; none where nothing is new."""
    if not learned["changed"]:
        return []
    before = learned["previous"] or "that could not be read"
    found = [f"policy {before} → {learned['version']}: {learned['arms']} lines learned from"]
    if learned["barred"]:
        found.append(f"  held back by a guardrail: {', '.join(learned['barred'])}")
    if learned["halved"]:
        found.append(f"  out after halving: {len(learned['halved'])} lines")
    if learned["fatigue"]:
        found.append(f"  people tire of lines: logit − {learned['fatigue']:.2f} · ln(1 + times seen)")
    if learned["forgotten"]:
        found.append(f"  {learned['forgotten']:,} exposures from before a change are forgotten")
    if learned.get("expected"):
        found.append(f"  expected of {learned['expected']} lines by their words, as past campaigns went")
    return found
