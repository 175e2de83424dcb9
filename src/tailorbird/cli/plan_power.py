"""tailorbird plan --power: what the campaign's people can show."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tailorbird.pipeline.plan import CampaignPlan
    from tailorbird.pipeline.state import State
    from tailorbird.ports.warehouse import Warehouse
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign
    from tailorbird.types.power import ArmsPower, CampaignPower


def find_power(
    project: "Project",
    campaign: "Campaign",
    as_of: "datetime",
    planned: "CampaignPlan",
    state: "State",
    warehouse: "Warehouse",
    effect: float,
    per_day: float | None,
) -> "CampaignPower":
    """The power of a campaign that was planned; the warehouse still holds its views."""
    from tailorbird.pipeline.plan_power import power_of_campaign

    return power_of_campaign(
        project, campaign, as_of, planned.selection, warehouse, state.decisions, state.suppressions,
        effect=effect, per_day=per_day,
    )  # fmt: skip


def power_json(power: "CampaignPower") -> dict[str, object]:
    """For --json."""
    from dataclasses import asdict

    return asdict(power)


def power_lines(power: "CampaignPower", currency: str, kind: str) -> list[str]:
    """The power of a campaign in words, a line each."""
    if power.why:
        return [f"Power cannot be planned: {power.why}."]

    def told(value: float) -> str:
        return f"{value * 100:.2f} points" if kind == "share" else f"{value:,.2f} {currency} per person"

    baseline = f"{power.baseline:.1%}" if kind == "share" else f"{power.baseline:,.2f} {currency} per person"
    lines = [
        f"Power, from {power.people:,} people whom the campaign would have meant {power.window_days} days ago "
        f"({power.metric}: {baseline} since then):"
    ]
    for one in power.comparisons:
        lines += _comparison(one, told, power.baseline)
    if power.kept < 0.995:
        lines.append(f"  Reports adjust for what people did before, which leaves {power.kept:.0%} of the variance.")
    return lines + [f"  {note}" for note in power.notes]


def _comparison(one: "ArmsPower", told: "Callable[[float], str]", baseline: float) -> list[str]:
    plan = one.plan
    relative = f" ({one.smallest / abs(baseline):.0%} of it)" if baseline else ""
    lines = [
        f"  {one.name} against {one.control}, {one.people:,} people of whom {one.share:.0%} are the comparison: "
        f"a difference of {told(one.smallest)}{relative} is found {plan.power:.0%} of the time.",
        f"  To find {told(plan.effect)}: {plan.people:,} people; half of such experiments have found it by "
        f"{plan.median_stop:,}. Looked at once, at the end: {plan.people_fixed:,}.",
    ]
    if plan.days is not None:
        lines.append(f"  That takes {plan.days:,.0f} days, the last window among them.")
    if len(plan.needs) > 1:
        needs = ", ".join(f"{name} {people:,}" for name, people in plan.needs)
        lines.append(f"  People needed by each metric: {needs}.")
    return lines
