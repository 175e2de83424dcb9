"""Tiers in a run: whose lines are written by which model, and shown to whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tailorbird.pipeline.budget.tier_plan import plan_tiers
from tailorbird.pipeline.model_calls import ModelCalls
from tailorbird.pipeline.plan_briefs import BriefPlan
from tailorbird.pipeline.select_people import Selection
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.run_ledger import RunLedger
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.uplift.regressors import fit_ridge
from tailorbird.types.brief import Brief
from tailorbird.types.campaign import Campaign

OpenCalls = Callable[[], ModelCalls | None]
_ONCE = ("refused_lines",)
"""What two rounds of writing both tell: told once."""


@dataclass(frozen=True)
class RunTiers:
    """The tier of each treated person ('': any; empty: the campaign has no tiers), and what the ledger keeps of it."""

    tiers: Sequence[str] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


def tiers_of_run(
    project: Project,
    campaign: Campaign,
    selection: Selection,
    plan: BriefPlan,
    decisions: DecisionStore,
    ledger: RunLedger,
    warehouse: Warehouse,
) -> RunTiers:
    """The tiers by the campaign's plan; a variant's own tier goes before it."""
    own = {name: spec.tier for name, spec in campaign.experiment.variants.items()} if campaign.experiment else {}
    if campaign.tiers is None:
        if not any(own.values()):
            return RunTiers()
        return RunTiers([own.get(name, "") for name in selection.variants])
    planned = plan_tiers(project, campaign, selection, plan, decisions, ledger, warehouse, fit_ridge)
    tiers: Sequence[str] = planned.tiers
    if any(own.values()):
        tiers = [own.get(name) or tier for name, tier in zip(selection.variants, planned.tiers, strict=True)]
    return RunTiers(tiers, {"tiers": planned.detail()})


def write_by_tier(
    plan: BriefPlan,
    tiers: Sequence[str],
    open_calls: OpenCalls,
    open_large: OpenCalls,
    write: Callable[[Sequence[Brief], OpenCalls], dict[str, Any]],
) -> dict[str, Any]:
    """Write the briefs that people of each tier read, with that tier's model; the details, added up."""
    if not tiers:
        return write(plan.briefs, open_calls)
    detail = write(briefs_of_tiers(plan, tiers, ("", "small")), open_calls)
    large = briefs_of_tiers(plan, tiers, ("large",))
    if not large:
        return detail
    more = write(large, open_large)
    return add_up(detail, {name: value for name, value in more.items() if name not in _ONCE})


def briefs_of_tiers(plan: BriefPlan, tiers: Sequence[str], wanted: Sequence[str]) -> list[Brief]:
    """The briefs of the plan that somebody of one of the tiers reads, in the plan's order."""
    read = {
        (subject.label(), locale)
        for subject, locale, tier in zip(plan.subjects, plan.locales, tiers, strict=True)
        if tier in wanted
    }
    return [brief for brief in plan.briefs if (brief.subject.label(), brief.locale) in read]


def add_up(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two details of the same shape as one: numbers and lists added, texts joined, mappings by key."""
    found = dict(one)
    for name, value in other.items():
        mine = found.get(name)
        if mine is None:
            found[name] = value
        elif isinstance(mine, Mapping):
            found[name] = add_up(mine, value)
        elif isinstance(mine, str):
            found[name] = "; ".join(dict.fromkeys(text for text in (mine, value) if text))
        else:
            found[name] = mine + value
    return found
