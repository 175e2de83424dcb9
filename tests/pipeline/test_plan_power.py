"""The power of a campaign, from the simulated shop's own events."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline.plan_power import power_of_campaign
from tailorbird.types.experiment import ExperimentSpec, VariantSpec
from tailorbird.types.guardrail import GuardrailSpec

pytestmark = pytest.mark.slow


@pytest.fixture
def power(opened: Any) -> Any:
    def plan(campaign: Any = None, selection: Any = None, days: int = 0, **options: Any) -> Any:
        from datetime import timedelta

        selection = selection or opened.selection
        return power_of_campaign(
            opened.project, campaign or opened.campaign, selection.as_of - timedelta(days=days), selection,
            opened.warehouse, opened.state.decisions, opened.state.suppressions, **options,
        )  # fmt: skip

    return plan


def test_the_baseline_is_what_people_did_whom_the_campaign_would_have_meant(power: Any, opened: Any) -> None:
    found = power(effect=0.2, per_day=100.0)
    assert found.why == ""
    assert 0 < found.baseline < 1 and found.people > 50
    (one,) = found.comparisons
    selection = opened.selection
    assert (one.name, one.control) == ("treatment", "holdout")
    assert one.people == len(selection.treated) + len(selection.holdout)
    assert one.share == pytest.approx(len(selection.holdout) / one.people)
    assert one.plan.effect == pytest.approx(0.2 * found.baseline)
    assert one.plan.days == pytest.approx(one.plan.people / 100 + opened.campaign.metric.window_days, abs=0.1)
    assert (one.smallest < one.plan.effect) == (one.plan.people < one.people)


def test_variants_are_held_against_the_control_among_their_own_people(power: Any, opened: Any) -> None:
    experiment = ExperimentSpec({"plain": VariantSpec(), "warm": VariantSpec()}, "plain")
    rows = len(opened.selection.treated)
    selection = replace(opened.selection, variants=["plain", "warm"] * (rows // 2) + ["plain"] * (rows % 2))
    found = power(replace(opened.campaign, experiment=experiment), selection)
    assert [(one.name, one.control) for one in found.comparisons] == [("treatment", "holdout"), ("warm", "plain")]
    assert found.comparisons[1].share == pytest.approx(0.5, abs=0.01)
    assert found.comparisons[1].people == rows


def test_guardrails_are_planned_for_where_they_have_a_baseline(power: Any, opened: Any) -> None:
    seen, unseen = GuardrailSpec("views", "Product Viewed"), GuardrailSpec("tickets", "Support Ticket Opened")
    found = power(replace(opened.campaign, guardrails=(seen, unseen)))
    assert [name for name, _ in found.comparisons[0].plan.needs] == ["effect", "views"]
    assert found.notes == ("guardrail tickets: 0 people with it; too few to plan for",)


def test_without_a_baseline_there_is_no_number(power: Any, opened: Any) -> None:
    never = replace(opened.campaign, metric=replace(opened.campaign.metric, event="Never Happened"))
    assert "nobody did it" in power(never).why
    assert power(never).comparisons == ()
    quantile = replace(opened.campaign, metric=replace(opened.campaign.metric, kind="quantile"))
    assert "not for a quantile" in power(quantile).why
    assert "meant nobody" in power(days=2000).why


def test_without_a_holdout_and_variants_there_is_nothing_to_compare(power: Any, opened: Any) -> None:
    found = power(selection=replace(opened.selection, holdout=[]))
    assert found.comparisons == () and "nothing to compare" in found.why
