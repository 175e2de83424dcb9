"""The power of a campaign before it runs: what its people can show, and how many it takes to show more."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from tailorbird.pipeline.facts import Facts
from tailorbird.pipeline.identities import read_identities
from tailorbird.pipeline.merged_state import MergedDecisions, MergedSuppressions
from tailorbird.pipeline.select_people import EmptyAudienceError, Selection, select_for_campaign
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.measurement import baseline_sql, rewards_sql
from tailorbird.stages.measurement.moments import Moments
from tailorbird.stages.measurement.power import POWER, plan_power, smallest_effect
from tailorbird.types.campaign import Campaign
from tailorbird.types.power import ArmsPower, CampaignPower

EFFECT = 0.1
MIN_EVENTS = 25
"""People who did it, below which a baseline rate is too uncertain to plan on."""


def power_of_campaign(
    project: Project,
    campaign: Campaign,
    as_of: datetime,
    selection: Selection,
    warehouse: Warehouse,
    decisions: DecisionStore,
    suppressions: Suppressions,
    effect: float = EFFECT,
    power: float = POWER,
    per_day: float | None = None,
) -> CampaignPower:
    """What the people of `selection` can show of the campaign's metric, and how many find a relative `effect`.

    The baseline is what the people did whom the campaign would have meant one window ago. `warehouse` must hold the
    views; `per_day` is how many people come each day, for the duration. Nothing is stored.
    """
    metric = campaign.metric
    start = as_of - timedelta(days=metric.window_days)
    try:
        rows = _selected(project, campaign, start, warehouse, decisions, suppressions)
    except EmptyAudienceError:
        return _nothing(campaign, start, 0, "the campaign would have meant nobody one window ago: no baseline")
    if metric.kind not in ("share", "value"):
        return _nothing(campaign, start, rows, f"power is planned for shares and money, not for a {metric.kind}")
    warehouse.run(rewards_sql.compile_orders(metric, as_of))
    sums = Moments(*(float(value or 0) for value in warehouse.rows(baseline_sql.compile_baseline(metric, start))[0]))
    did = round(sums.y) if metric.kind == "share" else None
    if sums.covariance("y", "y") <= 0 or (did is not None and did < MIN_EVENTS):
        told = "nobody" if not sums.y else "too few" if did is None else f"{did:,} of {rows:,} people"
        why = f"{told} did it in {metric.window_days} days ({MIN_EVENTS} are needed): no baseline to plan on"
        return _nothing(campaign, start, rows, why)
    guards, notes = _guardrails(campaign, start, rows, warehouse)
    variance, kept = sums.covariance("y", "y"), _kept(sums)
    baseline = sums.mean("y")
    found = []
    for name, control, people, share in _arms(campaign, selection):
        plan = plan_power(
            variance, effect * abs(baseline), share, guardrails=guards, people_per_day=per_day,
            window_days=metric.window_days, power=power, kept=kept,
        )  # fmt: skip
        smallest = smallest_effect(variance, people, share, kept, power)
        found.append(ArmsPower(name, control, people, share, smallest, plan))
    why = "" if found else "nobody is held out and there is one variant: nothing to compare"
    return CampaignPower(
        metric.name, metric.window_days, start.isoformat(), rows, baseline, kept, tuple(found), tuple(notes), why
    )


def _nothing(campaign: Campaign, start: datetime, rows: int, why: str) -> CampaignPower:
    return CampaignPower(campaign.metric.name, campaign.metric.window_days, start.isoformat(), rows, 0.0, 1.0, why=why)


def _selected(
    project: Project,
    campaign: Campaign,
    start: datetime,
    warehouse: Warehouse,
    decisions: DecisionStore,
    suppressions: Suppressions,
) -> int:
    """Make table `selected` of the people whom the campaign would have meant at `start`; how many they are."""
    identities = read_identities(warehouse)
    merged = MergedDecisions(decisions, identities), MergedSuppressions(suppressions, identities)
    items = Facts(project, warehouse).items(start)
    then = select_for_campaign(project, campaign, start, warehouse, *merged, items)
    people = [then.profiles[row].person_id for row in (*then.treated, *then.holdout)]
    warehouse.load("selected", {"person_id": people})
    return len(people)


def _kept(sums: Moments) -> float:
    """1 - r²: what is left of the variance once what people did before is taken out of it."""
    spread = sums.covariance("x", "x")
    return 1.0 - sums.covariance("y", "x") ** 2 / (spread * sums.covariance("y", "y")) if spread > 0 else 1.0


def _guardrails(
    campaign: Campaign, start: datetime, rows: int, warehouse: Warehouse
) -> tuple[Mapping[str, tuple[float, float]], list[str]]:
    """({name: (variance, margin)} of guardrails with a baseline; what is told of the others)."""
    found, notes = {}, []
    for guard in campaign.guardrails:
        did = warehouse.rows(baseline_sql.compile_event_share(guard.event, guard.window_days, start))[0][0] or 0
        share = did / rows if rows else 0.0
        if did < MIN_EVENTS:
            notes.append(f"guardrail {guard.name}: {did:,} people with it; too few to plan for")
        else:
            found[guard.name] = (share * (1 - share), guard.absolute or guard.margin * share)
    return found, notes


def _arms(campaign: Campaign, selection: Selection) -> list[tuple[str, str, int, float]]:
    """(name, control, people of both, the control's share of them) of each comparison."""
    treated, held = len(selection.treated), len(selection.holdout)
    found = [("treatment", "holdout", treated + held, held / (treated + held))] if treated and held else []
    if campaign.experiment is not None:
        counts, control = Counter(selection.variants), campaign.experiment.control
        for name in campaign.experiment.variants:
            both = counts[name] + counts[control]
            if name != control and counts[name] and counts[control]:
                found.append((name, control, both, counts[control] / both))
    return found
