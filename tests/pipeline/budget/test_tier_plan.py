"""Tiers of a run: the same for all until the past says better, within the budget."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tailorbird import bootstrap
from tailorbird.cli.run import run_steps
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.budget import evidence as evidence_module
from tailorbird.pipeline.budget.evidence import Evidence, read_evidence
from tailorbird.pipeline.people import open_views
from tailorbird.pipeline.plan import plan_campaign
from tailorbird.stages.budget import tiers as tiers_stage
from tailorbird.stages.events.segment_wire import read_event
from tailorbird.stages.uplift.regressors import fit_ridge
from tailorbird.types.campaign import Campaign
from tailorbird.types.tier_spec import TierSpec
from tests.conftest import AS_OF, Shop

pytestmark = pytest.mark.slow

MOMENT = datetime.fromisoformat(AS_OF)


def planned(shop: Shop, campaign: Campaign, budget: float | None = None) -> Any:
    project = shop.project
    log, state = bootstrap.open_log(project), bootstrap.open_state(project)
    try:
        return plan_campaign(
            project, campaign, MOMENT, log, bootstrap.open_warehouse(project), state.decisions, state.suppressions,
            state.ledger, budget=budget, regressor=fit_ridge,
        ).tiers  # fmt: skip
    finally:
        log.close()


def test_without_a_past_everybody_has_the_usual_tier_and_no_number_is_made_up(shop: Shop) -> None:
    told = planned(shop, shop.campaign, 1000.0)
    assert set(told.tiers) == {"small"}
    assert (told.personal, told.found.returned) == (False, None)
    assert told.sentence == "Treat everybody alike: the campaign has decided for nobody yet."
    assert told.detail()["steps"] == []
    assert told.found.cost > 0


def test_a_short_budget_buys_the_copy_that_most_people_read(shop: Shop) -> None:
    whole = planned(shop, shop.campaign, 1000.0)
    told = planned(shop, shop.campaign, whole.found.cost / 3)
    assert told.found.cost <= whole.found.cost / 3
    assert told.found.short
    sizes = {
        tier: [c.people for c, t in zip(told.cells, told.found.tiers, strict=True) if t == tier] for tier in told.tiers
    }
    assert min(sizes["small"]) >= max(sizes["template"])


def test_a_run_whose_messages_cost_more_than_the_budget_writes_to_some_and_decides_for_all(shop: Shop) -> None:
    campaign = replace(shop.campaign, tiers=TierSpec(message_micros=10_000, budget=2.0, otherwise="template"))
    run_steps(shop.project, campaign, AS_OF, Quiet(), True, True, 0)
    state = bootstrap.open_state(shop.project)
    treated = [one for one in state.decisions.find(campaign.name) if one.arm == "treatment"]
    spared = [one for one in treated if one.held == "tier"]
    assert 0 < len(treated) - len(spared) <= 200
    assert all(one.slate == () and one.reason.startswith("tier none") for one in spared)
    assert sum(state.outbox.counts(campaign.name).values()) == len(treated) - len(spared)
    # Who got nothing has used up no cap.
    written = {person for person, _ in state.decisions.recent(MOMENT - timedelta(days=7))}
    assert written.isdisjoint({one.person_id for one in spared})


def learned(shop: Shop, buys: Callable[[Any, np.random.Generator], bool], monkeypatch: pytest.MonkeyPatch) -> Evidence:
    """What the plan learns when people order after the run as `buys` says of their decision."""
    for module in (evidence_module, tiers_stage):
        monkeypatch.setattr(module, "CONVERSIONS_MIN", 10)
    project, campaign = shop.project, shop.campaign
    log, state, rng = bootstrap.open_log(project), bootstrap.open_state(project), np.random.default_rng(1)
    lines = []
    for at, one in enumerate(state.decisions.find(campaign.name)):
        if buys(one, rng):
            event = {
                "type": "track", "event": "Order Completed", "userId": one.person_id, "messageId": f"bought-{at}",
                "timestamp": "2026-06-03T10:00:00Z", "properties": {"order_id": f"o-{at}", "total": 30.0},
            }  # fmt: skip
            import json

            lines.append(read_event("track", json.dumps(event).encode(), datetime(2026, 6, 3, tzinfo=UTC)).events)
    log.append_lines(lines)
    warehouse = bootstrap.open_warehouse(project)
    try:
        open_views(warehouse, log, project.settings.identity, project.settings.testers, often=False)
    finally:
        log.close()
    return read_evidence(
        project, campaign, state.decisions, warehouse, MOMENT + timedelta(days=30),
        {"none": 0.0, "template": 0.01, "small": 0.02}, state.ledger.runs(campaign.name), fit_ridge,
    )  # fmt: skip


def test_an_effect_that_is_the_same_for_all_is_found_and_treats_all_alike(
    ran: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = learned(ran, lambda d, rng: bool(rng.random() < (0.9 if d.arm == "treatment" else 0.2)), monkeypatch)
    assert found.tried == ("none", "template")
    (step,) = found.steps
    assert step.taken
    margin = ran.campaign.metric.margin
    assert isinstance(margin, float)
    assert step.gain == pytest.approx(margin * 0.7 * 30, rel=0.15)
    assert found.verdict is not None
    assert not found.verdict.personalise


def test_few_conversions_are_told_and_no_figure_is_made(ran: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    found = learned(ran, lambda d, rng: False, monkeypatch)
    assert found.verdict is None
    assert found.why.startswith("too few conversions")
    assert [step.gain for step in found.steps] == [None]
