"""Simulating a planned campaign: the project's past campaigns as a response model, and the people who are meant."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np

from tailorbird.pipeline.observe import load_decisions
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.measurement.outcomes_sql import compile_outcomes
from tailorbird.stages.simulation.calibration import simulate_lift
from tailorbird.stages.simulation.groups_sql import GROUPS, compile_group_outcomes, compile_groups
from tailorbird.stages.simulation.response import Floats, PastCampaign
from tailorbird.types.campaign import Campaign
from tailorbird.types.metric import MetricSpec
from tailorbird.types.simulated_lift import SimulatedLift


def simulate_campaign(
    campaign: Campaign,
    people: Sequence[str],
    as_of: datetime,
    campaigns: Iterable[Campaign],
    decisions: DecisionStore,
    warehouse: Warehouse,
) -> SimulatedLift:
    """What the campaign might bring among `people`, by the `campaigns` of the project whose windows were over `as_of`.

    `warehouse` must hold the view `events`. Nothing after `as_of` is looked at, and an earlier run of the campaign
    counts as any other.
    """
    past = [found for one in campaigns if (found := past_campaign(one, as_of, decisions, warehouse)) is not None]
    if not people:
        return SimulatedLift(None, None, None, len(past), why="nobody would get a message")
    return simulate_lift(past, group_shares(campaign.metric, people, as_of, warehouse))


def past_campaign(
    campaign: Campaign, as_of: datetime, decisions: DecisionStore, warehouse: Warehouse
) -> PastCampaign | None:
    """A past campaign by groups of people; None where it had no holdout, or no window was over `as_of`."""
    decided = [one for one in decisions.find(campaign.name) if one.held != "global" and one.decided_at <= as_of]
    if not decided:
        return None
    load_decisions(warehouse, decided)
    warehouse.run(compile_outcomes(campaign.metric, as_of))
    warehouse.run(
        "CREATE OR REPLACE TEMP VIEW simulation_people AS SELECT decision_id AS key, person_id, decided_at AS at "
        "FROM decisions"
    )
    groups = compile_groups("simulation_people", campaign.metric)
    counts = {name: np.zeros((2, GROUPS)) for name in ("treatment", "holdout")}
    for arm, group, people, converted in warehouse.rows(compile_group_outcomes(f"({groups})")):
        counts[arm][:, int(group)] = people, converted or 0
    (treated, treated_converted), (held, held_converted) = counts["treatment"], counts["holdout"]
    if not treated.any() or not held.any():
        return None
    return PastCampaign(campaign.name, treated, treated_converted, held, held_converted)


def group_shares(metric: MetricSpec, people: Sequence[str], as_of: datetime, warehouse: Warehouse) -> Floats:
    """(groups,) Shares of the people in each group, as of the moment."""
    at = as_of.astimezone(UTC).replace(tzinfo=None)
    keys = [str(number) for number in range(len(people))]
    warehouse.load("simulation_people_meant", {"key": keys, "person_id": list(people), "at": [at] * len(people)})
    counts = np.zeros(GROUPS)
    for _, group in warehouse.rows(compile_groups("simulation_people_meant", metric)):
        counts[int(group)] += 1
    shares: Floats = counts / counts.sum()
    return shares
