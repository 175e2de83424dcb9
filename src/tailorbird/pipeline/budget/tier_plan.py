"""Which tier each cell of people gets: by past outcomes, within a budget; the same for all unless they say better."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tailorbird.pipeline.budget.costs import brief_cost, speed_of
from tailorbird.pipeline.budget.evidence import BY_CELL, Evidence, read_evidence
from tailorbird.pipeline.plan_briefs import BriefPlan
from tailorbird.pipeline.select_people import Selection
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.run_ledger import RunLedger
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.budget.cells import Cell, CellTiers, same_tier, tiers_by_cell
from tailorbird.stages.budget.tiers import costs_per_person, tier_for_all
from tailorbird.stages.uplift.regressors import Fit
from tailorbird.types.campaign import Campaign
from tailorbird.types.settings import GeneratorSettings
from tailorbird.types.tier_spec import Tier, TierSpec


@dataclass(frozen=True)
class TierPlan:
    """Tiers for the treated people: `tiers[i]` is that of the i-th of them.

    `personal` says whether cells have different tiers because their people differ; else all have `alike`, as far as
    the budget reaches (`cells.short`: it does not reach for all). Money is in the currency.
    """

    tiers: Sequence[Tier]
    cells: Sequence[Cell]
    found: CellTiers
    evidence: Evidence
    personal: bool
    alike: Tier
    budget: float | None
    note: str

    def detail(self) -> dict[str, Any]:
        """For the run ledger and --json."""
        outcomes = [
            {"tier": o.tier, "people": o.people, "conversions": o.conversions, "margin_per_person": round(o.mean, 4),
             "cost_per_person": round(o.cost, 6)}
            for o in self.evidence.outcomes
        ]  # fmt: skip
        steps = [
            {"from": s.below, "to": s.tier, "cost": round(s.cost, 6), "gain": s.gain, "low": s.low, "high": s.high,
             "return": s.returned, "taken": s.taken, "why": s.why}
            for s in self.evidence.steps
        ]  # fmt: skip
        return {
            "mode": BY_CELL if self.personal else "alike",
            "sentence": self.sentence,
            "alike": self.alike,
            "note": self.note,
            "budget": self.budget,
            "cost": round(self.found.cost, 4),
            "expected_margin": None if self.found.returned is None else round(self.found.returned, 2),
            "budget_is_short": self.found.short,
            "people_by_tier": dict(Counter(self.tiers)),
            "cells": [
                {"subject": c.label, "locale": c.locale, "people": c.people, "tier": t,
                 "cost": round(c.costs.get(t, 0.0), 4)}
                for c, t in zip(self.cells, self.found.tiers, strict=True)
            ],
            "tried": outcomes,
            "steps": steps,
        }  # fmt: skip

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        if self.evidence.verdict is not None:
            return self.evidence.verdict.sentence
        return f"Treat everybody alike: {self.evidence.why}."


def plan_tiers(
    project: Project,
    campaign: Campaign,
    selection: Selection,
    plan: BriefPlan,
    decisions: DecisionStore,
    ledger: RunLedger,
    warehouse: Warehouse,
    regressor: Fit,
    budget: float | None = None,
) -> TierPlan:
    """The tiers of a run of this campaign now; `budget` in place of the campaign's. `warehouse` holds the views."""
    spec = campaign.tiers or TierSpec(otherwise="small" if _writes(campaign) else "template")
    budget = spec.budget if budget is None else budget
    runs = ledger.runs(campaign.name)
    seconds, _ = speed_of(runs)
    prices = _prices(project, seconds) if _writes(campaign) else {}
    people = len(selection.treated)
    all_briefs = len(plan.briefs)
    costs = costs_per_person(spec.message_micros / 1e6, {t: p * all_briefs for t, p in prices.items()}, people)
    evidence = read_evidence(project, campaign, decisions, warehouse, selection.as_of, costs, runs, regressor)
    alike, note = _alike(evidence, spec, prices)
    personal = evidence.verdict is not None and evidence.verdict.personalise
    cells = _cells(campaign, selection, plan, spec, prices, evidence, personal)
    found = tiers_by_cell(cells, budget) if personal else same_tier(cells, alike, budget)
    tier_of = {(c.label, c.locale): t for c, t in zip(cells, found.tiers, strict=True)}
    tiers = [tier_of[s.label(), loc] for s, loc in zip(plan.subjects, plan.locales, strict=True)]
    return TierPlan(tiers, cells, found, evidence, personal, alike, budget, note)


def _prices(project: Project, seconds: float) -> dict[Tier, float]:
    """What writing one brief costs in each tier that has a model."""
    models: tuple[tuple[Tier, GeneratorSettings | None], ...] = (
        ("small", project.settings.generator),
        ("large", project.settings.large),
    )
    told = [(tier, brief_cost(model, seconds)) for tier, model in models]
    return {tier: price for tier, price in told if price is not None}


def _writes(campaign: Campaign) -> bool:
    return any(block.generate for block in campaign.blocks.values())


def _alike(evidence: Evidence, spec: TierSpec, prices: Mapping[Tier, float]) -> tuple[Tier, str]:
    """The tier for everybody, and what is to be said of it."""
    usual: Tier = spec.otherwise if spec.otherwise == "template" or spec.otherwise in prices else "template"
    reached = tier_for_all(evidence.outcomes, evidence.steps) if evidence.steps else None
    known = [step for step in evidence.steps if step.gain is not None]
    if reached is None or not known:
        return usual, "no step between tiers was measured yet: the usual tier stands"
    if reached == "none":
        first = known[0]
        if first.high is not None and first.high < first.cost:
            return "none", "a message surely brings back less than it costs"
        return first.tier, f"not sure yet that {first.tier} brings back what it costs: it stands until that is known"
    return reached, ""


def _cells(
    campaign: Campaign,
    selection: Selection,
    plan: BriefPlan,
    spec: TierSpec,
    prices: Mapping[Tier, float],
    evidence: Evidence,
    personal: bool,
) -> list[Cell]:
    """Cells, largest first, with costs, and what each tier brings a person of them, as far as that is known."""
    message = spec.message_micros / 1e6
    blocks = sum(1 for block in campaign.blocks.values() if block.generate)
    keys = sorted(plan.sizes, key=lambda key: (-plan.sizes[key], key))
    gains = _gains(selection, plan, evidence, personal)
    cells = []
    for key in keys:
        n = plan.sizes[key]
        costs: dict[Tier, float] = {"none": 0.0, "template": n * message, "small": n * message, "large": n * message}
        costs |= {tier: n * message + blocks * price for tier, price in prices.items()}
        cells.append(Cell(key[0], key[1], n, costs, gains[key]))
    return cells


def _gains(
    selection: Selection, plan: BriefPlan, evidence: Evidence, personal: bool
) -> dict[tuple[str, str], dict[Tier, float | None]]:
    """What each tier brings a person of a cell before its costs: the mean of predictions, or of everybody."""
    base = next((o.mean for o in evidence.outcomes if o.tier == "none"), None)
    flat: dict[Tier, float | None] = {
        o.tier: o.mean - base for o in evidence.outcomes if base is not None and evidence.verdict is not None
    }
    if not personal or evidence.verdict is None or evidence.design is None:
        return dict.fromkeys(plan.sizes, flat)
    columns = {name: [values[row] for row in selection.treated] for name, values in selection.table.columns.items()}
    net = evidence.verdict.gains(evidence.design.matrix(columns))
    cost = np.array([one.cost - evidence.outcomes[0].cost for one in evidence.outcomes])
    rows: dict[tuple[str, str], list[int]] = {}
    for at, (subject, locale) in enumerate(zip(plan.subjects, plan.locales, strict=True)):
        rows.setdefault((subject.label(), locale), []).append(at)
    return {
        key: {
            one.tier: float(net[places, at].mean() + cost[at]) for at, one in enumerate(evidence.outcomes)
        }
        for key, places in rows.items()
    }  # fmt: skip
