"""The plan: who, how many, which briefs, what it costs; nothing is generated and nothing is sent."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tailorbird.pipeline.budget.costs import REQUESTS_PER_BRIEF, speed_of
from tailorbird.pipeline.budget.tier_plan import TierPlan, plan_tiers
from tailorbird.pipeline.check import check_catalog
from tailorbird.pipeline.facts import Facts
from tailorbird.pipeline.identities import read_identities
from tailorbird.pipeline.merged_state import MergedDecisions, MergedSuppressions
from tailorbird.pipeline.people import open_views
from tailorbird.pipeline.pilots.narrow import narrow
from tailorbird.pipeline.plan_briefs import BriefPlan, plan_briefs
from tailorbird.pipeline.recommend import built_in
from tailorbird.pipeline.select_people import Selection, select_for_campaign
from tailorbird.pipeline.variants import choose_for_variants
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.recommender import Recommender
from tailorbird.ports.regressor import Regressor
from tailorbird.ports.run_ledger import RunLedger
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.measurement.readout import MIN_CONVERSIONS
from tailorbird.stages.uplift.regressors import fit_ridge
from tailorbird.types.campaign import Campaign


@dataclass(frozen=True)
class CampaignPlan:
    """What a run would do. Times are CPU-seconds of generation; money is in micros of the project's currency.

    `decided` people have decisions in this step already: those stand, and a run only sends what still waits.
    `tiers` are planned where the campaign has tiers, or a budget is asked about.
    """

    selection: Selection
    briefs: BriefPlan
    lines_max: int
    calls: int
    calls_per_person: int
    seconds: float
    cost_micros: int
    measured: bool
    subjects: Sequence[tuple[str, str, int]]
    decided: int = 0
    tiers: TierPlan | None = None

    def thin_arms(self) -> dict[str, int]:
        """The arms with fewer people than a verdict needs conversions: they can never say anything."""
        arms = {"holdout": len(self.selection.holdout), **Counter(self.selection.variants)}
        return {arm: people for arm, people in arms.items() if 0 < people < MIN_CONVERSIONS}

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return {
            "audience": self.selection.detail(),
            "thin_arms": self.thin_arms(),
            "briefs": self.briefs.detail(),
            "subjects": [{"subject": s, "locale": loc, "people": n} for s, loc, n in self.subjects],
            "decided_already": self.decided,
            "lines_max": self.lines_max,
            "model_calls": self.calls,
            "model_calls_if_written_per_person": self.calls_per_person,
            "cpu_seconds": round(self.seconds, 1),
            "cost_micros": self.cost_micros,
            "estimate_from": "this project's last run" if self.measured else "the default model's measured speed",
            **({"tiers": self.tiers.detail()} if self.tiers else {}),
        }


def plan_campaign(
    project: Project,
    campaign: Campaign,
    as_of: datetime,
    log: EventLog,
    warehouse: Warehouse,
    decisions: DecisionStore,
    suppressions: Suppressions,
    ledger: RunLedger,
    use_model: bool = True,
    pilot_share: float = 1.0,
    budget: float | None = None,
    regressor: Regressor = fit_ridge,
    recommenders: Callable[[str], Recommender] = built_in,
) -> CampaignPlan:
    """Select people and plan briefs as a run would, then estimate calls, time and cost; none without a model.

    `pilot_share` of the audience takes part in the pilot in force. With a `budget` (in the currency), or with tiers in
    the campaign, which tier each cell gets and why.
    """
    open_views(warehouse, log, project.settings.identity, project.settings.testers, often=False)
    identities = read_identities(warehouse)
    decisions, suppressions = MergedDecisions(decisions, identities), MergedSuppressions(suppressions, identities)
    items = Facts(project, warehouse).items(as_of)
    check_catalog(project, items)
    selection = select_for_campaign(project, campaign, as_of, warehouse, decisions, suppressions, items)
    selection = narrow(selection, campaign.name, pilot_share)
    shown = choose_for_variants(project, campaign, selection, items, warehouse, recommenders)
    plan = plan_briefs(project, campaign, selection, shown.heroes(), items)
    per_brief = max(campaign.generation.per_brief, 1)
    tried = min(len(plan.briefs), campaign.generation.max_lines // per_brief)
    if not use_model or project.settings.generator.adapter == "none":
        tried = 0
    tiers = None
    if budget is not None or campaign.tiers is not None:
        tiers = plan_tiers(project, campaign, selection, plan, decisions, ledger, warehouse, regressor, budget)
    seconds_each, measured = speed_of(ledger.runs(campaign.name))
    calls = round(tried * REQUESTS_PER_BRIEF)
    seconds = calls * seconds_each
    generated = sum(1 for spec in campaign.blocks.values() if spec.generate)
    return CampaignPlan(
        selection=selection,
        briefs=plan,
        lines_max=tried * per_brief,
        calls=calls,
        calls_per_person=len(selection.treated) * generated,
        seconds=seconds,
        cost_micros=round(seconds / 3600 * project.settings.generator.cpu_hour_micros),
        measured=measured,
        tiers=tiers,
        decided=len(decisions.find(campaign.name, campaign.step)),
        subjects=[(label, locale, n) for (label, locale), n in sorted(plan.sizes.items(), key=lambda p: (-p[1], p[0]))],
    )
