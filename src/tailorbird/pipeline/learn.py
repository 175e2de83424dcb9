"""Learn: publish what the outcomes say about each line, so that the next run shifts toward what works."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.people import compute_features
from tailorbird.pipeline.policies import cohorts_of, contexts_of, pack, read_learned
from tailorbird.pipeline.reward_table import RewardTable, reward_table
from tailorbird.pipeline.state import State
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.bandits.policy_state import FORMAT
from tailorbird.stages.bandits.teaching import Exposures, Taught, teach
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision
from tailorbird.types.policy_spec import PolicySpec
from tailorbird.types.readout import Readout
from tailorbird.types.stored_policy import StoredPolicy

HURT = {
    "Order Refunded": "returned",
    "Email Marked as Spam": "complained",
    "Unsubscribed": "unsubscribed",
    "Support Ticket Opened": "ticket",
}
"""Guardrail events that the reward table tells of each line: they hold a policy back from lines that hurt."""


@dataclass(frozen=True)
class Lines:
    """What a variant's policy learns from: the rows of its people, which features they had, and the delays."""

    columns: Mapping[str, NDArray[Any]]
    cohorts: Sequence[str]
    context: NDArray[np.float64] | None
    delays: NDArray[np.float64]


def learn_policy(
    project: Project,
    campaign: Campaign,
    readout: Readout,
    state: State,
    warehouse: Warehouse,
    now: datetime,
    priors: Callable[[Sequence[str]], Mapping[str, float]] = lambda ids: {},
) -> dict[str, Any]:
    """Learn the campaign's policies anew from all its outcomes, and publish what is other than before.

    Returns {version, previous, changed, arms, successes, exposures, reward, barred, halved, arms_max, fatigue,
    forgotten, variants}. A read-out without creatives changes nothing, and neither does one whose split failed its
    check: what is wrong there may be wrong in the outcomes. What was stored in a format that cannot be read is replaced
    (`previous` is ''). `state` must be merged, `warehouse` hold the views of `open_views`. `priors` says of creative
    ids what rate each is expected to have, where that is known.
    """
    before = read_learned(campaign, state)
    previous = before.version(campaign.policy)
    nothing = {"version": previous, "previous": previous, "changed": False, "arms": 0, "successes": 0.0}
    nothing |= {"exposures": 0.0, "reward": campaign.policy.reward, "variants": {}}
    if not readout.creatives or readout.verdict == "blocked":
        return nothing
    until = readout.until or now
    decided = state.decisions.find(campaign.name)
    own = {name: v.policy for name, v in (campaign.experiment.variants if campaign.experiment else {}).items()}
    told: dict[str, dict[str, Any]] = {}
    for name, spec in [("", campaign.policy), *((name, spec) for name, spec in own.items() if spec)]:
        mine = [d for d in decided if (d.variant == name if name else own.get(d.variant) is None)]
        rows = _lines(project, replace(campaign, policy=spec), mine, warehouse, until)
        told[name] = _publish(campaign, name, spec, rows, state, priors, now, before.version(spec, name))
    return nothing | told.pop("") | {"variants": told}


def _publish(
    campaign: Campaign,
    variant: str,
    spec: PolicySpec,
    rows: Lines,
    state: State,
    priors: Callable[[Sequence[str]], Mapping[str, float]],
    now: datetime,
    previous: str,
) -> dict[str, Any]:
    """Teach one policy and publish it if it knows something else than before."""
    taught = _taught(campaign, spec, rows, priors)
    policy = state.make_policy(spec, taught.lessons, None).update(taught.rewards)
    changed = bool(taught.rewards.arms) and policy.version != previous
    if changed:
        stored = pack(taught.lessons, policy)
        state.policies.replace(
            StoredPolicy(campaign.name, variant, policy.version, spec.kind, FORMAT, stored, now.isoformat())
        )
    return {
        "version": policy.version if taught.rewards.arms else previous,
        "previous": previous,
        "changed": changed,
        "arms": len(set(taught.rewards.arms)),
        "successes": round(float(taught.rewards.reward.sum()), 3),
        "exposures": round(float(taught.rewards.exposed.sum()), 3),
        "reward": spec.reward,
        "barred": list(taught.lessons.barred),
        "halved": list(taught.lessons.halved),
        "arms_max": taught.lessons.arms_max,
        "fatigue": taught.lessons.fatigue,
        "forgotten": taught.forgotten,
    }


def _taught(
    campaign: Campaign, spec: PolicySpec, rows: Lines, priors: Callable[[Sequence[str]], Mapping[str, float]]
) -> Taught:
    at = rows.columns
    arms = at["creative_id"].tolist()
    keys = zip(at["block"], at["step"], at["subject"], at["locale"], at["variant"], at["set_id"], strict=True)
    found = Exposures(
        arms=arms,
        blocks=at["block"].tolist(),
        strata=list(keys),
        steps=at["step"].tolist(),
        people=at["person_id"].tolist(),
        reward=at["reward"],
        propensity=at["propensity"],
        age_days=at["age_days"],
        window_days=campaign.metric.window_days if spec.reward != "click" else 0.0,
        delays=rows.delays,
        hurt={
            guard.name: (at[HURT[guard.event]], guard.margin) for guard in campaign.guardrails if guard.event in HURT
        },
        cohorts=rows.cohorts,
        context=rows.context,
    )
    return teach(spec, found, priors(sorted(set(arms))), f"{campaign.name}|{spec.kind}")


def _lines(
    project: Project, campaign: Campaign, decided: Sequence[Decision], warehouse: Warehouse, until: datetime
) -> Lines:
    """What was shown to the people of `decided`, up to `until`; their features as they were when it was decided."""
    table: RewardTable = reward_table(campaign, [d for d in decided if d.decided_at <= until], warehouse, until)
    keep = (table.columns["shown"] == 1) & (table.columns["propensity"] > 0) & (table.columns["propensity"] <= 1)
    columns = {name: column[keep] for name, column in table.columns.items()}
    found = warehouse.rows(
        "SELECT conversion_day FROM outcomes WHERE arm = 'treatment' AND open_window = 0 AND conversion_day IS NOT NULL"
    )
    delays = np.array([float(day) for (day,) in found]) if campaign.policy.reward != "click" else np.zeros(0)
    cohorts, context = features_of(project, campaign.policy, columns, decided, warehouse)
    return Lines(columns, cohorts, context, delays)


def features_of(
    project: Project,
    spec: PolicySpec,
    columns: Mapping[str, NDArray[Any]],
    decided: Sequence[Decision],
    warehouse: Warehouse,
) -> tuple[Sequence[str], NDArray[np.float64] | None]:
    """(cohorts, contexts) of the rows, as features were at the moment of each step; nothing where none is asked.

    `columns` are person_id and decision_id, one row each; `decided` are the decisions behind them.
    """
    if not spec.cohort and not spec.features:
        return (), None
    count = len(columns["person_id"])
    cohorts, context = [""] * count, np.zeros((count, len(spec.features)))
    rules = ConsentRules(project.settings.consent)
    when = {decision.decision_id: decision.decided_at for decision in decided}
    moments = np.array([when[one].isoformat() for one in columns["decision_id"]], dtype=object)
    for moment in sorted(set(moments.tolist())):
        table, profiles = compute_features(
            warehouse, project.features, datetime.fromisoformat(moment), project.settings.timezone, rules
        )
        place = {profile.person_id: row for row, profile in enumerate(profiles)}
        at = [i for i in np.flatnonzero(moments == moment).tolist() if columns["person_id"][i] in place]
        rows = [place[columns["person_id"][i]] for i in at]
        for i, cohort in zip(at, cohorts_of(spec, table, rows), strict=False):
            cohorts[i] = cohort
        if (numbers := contexts_of(spec, table, rows)) is not None and at:
            context[at] = numbers
    return (cohorts if spec.cohort else ()), (context if spec.features else None)
