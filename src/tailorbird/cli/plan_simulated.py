"""The simulated lift in tailorbird plan: what a campaign might bring, labelled as what it is."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from tailorbird.pipeline.plan import CampaignPlan
    from tailorbird.pipeline.state import State
    from tailorbird.ports.warehouse import Warehouse
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign
    from tailorbird.types.simulated_lift import SimulatedLift


def simulate_lift(
    project: "Project", campaign: "Campaign", moment: "datetime", planned: "CampaignPlan", state: "State",
    warehouse: "Warehouse",
) -> "SimulatedLift":  # fmt: skip
    """The simulated lift of the people who would get a message. `warehouse` is the one that planned."""
    from tailorbird.pipeline.identities import read_identities
    from tailorbird.pipeline.merged_state import MergedDecisions
    from tailorbird.pipeline.simulation.simulate_campaign import simulate_campaign

    selection = planned.selection
    people = [selection.profiles[row].person_id for row in selection.treated]
    decisions = MergedDecisions(state.decisions, read_identities(warehouse))
    return simulate_campaign(campaign, people, moment, project.campaigns.values(), decisions, warehouse)


def simulated_lines(found: "SimulatedLift", treated: int, budget: float | None = None, currency: str = "") -> list[str]:
    """What plan prints of it; of a `budget` it says how much may rest on it."""
    from tailorbird.types.simulated_lift import ALLOWANCE

    label = found.label.upper()
    if found.lift is None or found.low is None or found.high is None:
        return [f"  {label}: no simulated lift: {found.why}"]
    extra, low, high = (round(each * treated) for each in (found.lift, found.low, found.high))
    amount = "" if budget is None else f" ({allowed(budget):,.2f} of {budget:,.2f} {currency})"
    how = (
        f"a point of simulated lift came with {found.slope:.2f} true ones"
        if found.slope
        else "the people who are meant say nothing beyond the mean past lift"
    )
    return [
        f"  {label}: lift {found.lift * 100:+.2f} points (nine in ten: {found.low * 100:+.2f} to "
        f"{found.high * 100:+.2f}), "
        f"{extra:+,} conversions ({low:+,} to {high:+,})",
        f"    by {found.campaigns} past campaigns, each told by the others; direction right in {found.sign_right:.0%}",
        f"    {how}",
        f"    at most {ALLOWANCE:.0%} of a budget may rest on this{amount}; hold people out, and the report will know",
    ]


def allowed(budget: float) -> float:
    """How much of a budget may be spent on the word of a simulation."""
    from tailorbird.stages.simulation.allowance import hold_to_allowance

    return hold_to_allowance([budget], [True], budget)[0]


def simulated_json(found: "SimulatedLift", budget: float | None = None) -> dict[str, Any]:
    """For --json: never without its label."""
    from dataclasses import asdict

    from tailorbird.types.simulated_lift import ALLOWANCE

    amount = None if budget is None else allowed(budget)
    return {**asdict(found), "budget_share_at_most": ALLOWANCE, "budget_at_most": amount}
