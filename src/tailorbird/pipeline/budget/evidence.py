"""What a campaign's past says of tiers: who was put into which at random, and what they brought."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.observe import load_decisions
from tailorbird.pipeline.propose_splits import features_then
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.budget.evidence_sql import compile_tier_rows
from tailorbird.stages.budget.tiers import CONVERSIONS_MIN, Interval, TierOutcome, TierStep, judge_steps
from tailorbird.stages.measurement import outcomes_sql, rewards_sql
from tailorbird.stages.measurement.confidence_sequence import asymptotic_interval
from tailorbird.stages.uplift.design import Design, learn_design
from tailorbird.stages.uplift.policy_value import ActionTrial
from tailorbird.stages.uplift.regressors import Fit
from tailorbird.stages.uplift.verdict import PolicyVerdict, judge_policy
from tailorbird.types.campaign import Campaign
from tailorbird.types.tier_spec import TIERS, Tier

BY_CELL = "by_cell"
"""How a run's detail says that cells had different tiers."""


@dataclass(frozen=True)
class Evidence:
    """What the past says. `outcomes` by tier tried, from the lowest; `steps` up; `verdict` on personalising (None:
    too little is known, `why` says what); `design` makes columns of features as the verdict's gains read them."""

    outcomes: tuple[TierOutcome, ...]
    steps: tuple[TierStep, ...]
    verdict: PolicyVerdict | None
    design: Design | None
    why: str

    @property
    def tried(self) -> tuple[Tier, ...]:
        """The tiers that people were put into at random."""
        return tuple(one.tier for one in self.outcomes)


@dataclass(frozen=True)
class _Past:
    people: Sequence[tuple[Any, ...]]
    tiers: NDArray[np.int64]
    converted: NDArray[np.float64]
    money: NDArray[np.float64]


def read_evidence(
    project: Project,
    campaign: Campaign,
    decisions: DecisionStore,
    warehouse: Warehouse,
    until: datetime,
    costs: Mapping[Tier, float],
    runs: Sequence[Mapping[str, Any]],
    regressor: Fit,
    seed: int = 0,
) -> Evidence:
    """What was known by `until` of everybody whose window was over then. `warehouse` holds the views. Money is what was
    earned (`metric.margin`) after refunds.

    `costs` are per person; `runs` are the campaign's: which of its steps
    showed lines of a model, and in which tiers went by cell. Features are as of each decision.
    """
    decided = [one for one in decisions.find(campaign.name) if one.held != "global" and one.decided_at <= until]
    if not decided:
        return Evidence((), (), None, None, "the campaign has decided for nobody yet")
    load_decisions(warehouse, decided)
    metric = campaign.metric
    warehouse.run(outcomes_sql.compile_outcomes(metric, until))
    warehouse.run(rewards_sql.compile_orders(metric, until))
    rows = warehouse.rows(compile_tier_rows(_variants(campaign), _usual(runs), _by_cell(runs), metric.window_days))
    rows = drawn_together(rows)
    if not rows:
        return Evidence((), (), None, None, f"nobody's {metric.window_days} days are over yet")
    past = _Past(
        rows,
        np.array([TIERS.index(row[2]) for row in rows], dtype=np.int64),
        np.array([float(row[3]) for row in rows]),
        np.array([float(row[4]) for row in rows]),
    )
    outcomes = _outcomes(past, costs)
    few = [f"{one.conversions} in {one.tier}" for one in outcomes if one.conversions < CONVERSIONS_MIN]
    steps = judge_steps(outcomes, _always_valid)
    if len(outcomes) < 2:
        why = "everybody had the same tier, and nobody was held out: there is nothing to compare with"
        return Evidence(outcomes, steps, None, None, why)
    if few:
        why = f"too few conversions to tell people apart ({', '.join(few)}; at least {CONVERSIONS_MIN} in each)"
        return Evidence(outcomes, steps, None, None, why)
    verdict, design = _judge(project, warehouse, past, outcomes, regressor, seed)
    return Evidence(outcomes, steps, verdict, design, "")


def drawn_together(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows of `compile_tier_rows` from steps that drew between the same tiers.

    Steps that had other tiers had other people, at another time: template in spring and small in summer is no random
    comparison. The steps are kept that tell of most tiers with CONVERSIONS_MIN conversions, then of most tiers, then of
    most people.
    """
    tiers_of: dict[str, set[str]] = {}
    for row in rows:
        tiers_of.setdefault(row[5], set()).add(row[2])
    groups: dict[frozenset[str], list[tuple[Any, ...]]] = {}
    for row in rows:
        groups.setdefault(frozenset(tiers_of[row[5]]), []).append(row)

    def told(tiers: frozenset[str]) -> tuple[int, int, int, list[str]]:
        converted = Counter(row[2] for row in groups[tiers] if row[3])
        enough = sum(converted[tier] >= CONVERSIONS_MIN for tier in tiers)
        return enough, len(tiers), len(groups[tiers]), sorted(tiers)

    return groups[max(groups, key=told)] if groups else []


_always_valid: Interval = asymptotic_interval


def _usual(runs: Sequence[Mapping[str, Any]]) -> dict[str, Tier]:
    """The tier of each step whose people all had the same: by its plan, else by whether a model's line was shown."""
    found: dict[str, Tier] = {}
    for run in runs:
        steps = run["steps"]
        planned = steps.get("briefs", {}).get("tiers", {}).get("alike")
        rungs = steps.get("stitch", {}).get("rungs", {})
        written = any(counts.get("model") for counts in rungs.values())
        found[str(run.get("step"))] = planned if planned in TIERS else "small" if written else "template"
    return found


def _by_cell(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """The steps in which cells had different tiers, by their people or because the budget was short."""
    told = [(str(run.get("step")), run["steps"].get("briefs", {}).get("tiers", {})) for run in runs]
    return [step for step, tiers in told if tiers.get("mode") == BY_CELL or tiers.get("budget_is_short")]


def _variants(campaign: Campaign) -> list[tuple[str, Tier]]:
    variants = campaign.experiment.variants if campaign.experiment else {}
    return [(name, spec.tier) for name, spec in variants.items() if spec.tier]


def _outcomes(past: _Past, costs: Mapping[Tier, float]) -> tuple[TierOutcome, ...]:
    found = []
    for at, tier in enumerate(TIERS):
        here = past.tiers == at
        if here.any():
            money = past.money[here]
            variance = float(money.var(ddof=1)) if len(money) > 1 else 0.0
            converted = int(past.converted[here].sum())
            found.append(TierOutcome(tier, len(money), converted, float(money.mean()), variance, costs.get(tier, 0.0)))
    return tuple(found)


def _judge(
    project: Project, warehouse: Warehouse, past: _Past, outcomes: Sequence[TierOutcome], regressor: Fit, seed: int
) -> tuple[PolicyVerdict, Design]:
    table = features_then(project, [(row[0], row[1]) for row in past.people], warehouse)
    place = {person: at for at, person in enumerate(table.person_ids)}
    kept = [at for at, row in enumerate(past.people) if row[0] in place]
    order = [place[past.people[at][0]] for at in kept]
    columns = {name: [values[at] for at in order] for name, values in table.columns.items()}
    design = learn_design(columns)
    tried = [TIERS.index(one.tier) for one in outcomes]
    action = np.searchsorted(tried, past.tiers[kept]).astype(np.int64)
    cost = np.array([one.cost for one in outcomes])
    shares = np.bincount(action, minlength=len(tried)) / len(action)
    trial = ActionTrial(
        design.matrix(columns), action, past.money[kept] - cost[action], np.tile(shares, (len(action), 1))
    )
    rng = np.random.default_rng(seed)
    return judge_policy(trial, regressor, regressor, rng, leading=past.converted[kept]), design
