"""Tiers in a run."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.budget.run_tiers import add_up, briefs_of_tiers, write_by_tier
from tailorbird.pipeline.plan_briefs import BriefPlan
from tailorbird.pipeline.run import run_campaign
from tailorbird.stages.budget.tiers import written_in
from tailorbird.testing.generator import ScriptedGenerator
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.brief import Subject
from tailorbird.types.experiment import ExperimentSpec, VariantSpec
from tests.conftest import AS_OF, Shop


class _Brief:
    def __init__(self, subject: Subject, locale: str) -> None:
        self.subject, self.locale = subject, locale


TEA, POTS = Subject("cell", (("family", "tea"),)), Subject("default")
BRIEFS: Any = [_Brief(TEA, "en-GB"), _Brief(POTS, "en-GB"), _Brief(POTS, "de-DE")]
PLAN = BriefPlan([TEA, TEA, POTS, POTS], ["en-GB", "en-GB", "en-GB", "de-DE"], {}, BRIEFS)


def test_a_brief_is_written_by_each_model_whose_tier_somebody_of_its_cell_has() -> None:
    tiers = ["small", "large", "template", "large"]
    assert briefs_of_tiers(PLAN, tiers, ("", "small")) == BRIEFS[:1]
    assert briefs_of_tiers(PLAN, tiers, ("large",)) == [BRIEFS[0], BRIEFS[2]]
    asked: list[Any] = []
    small: Any = "small"
    large: Any = "large"

    def write(briefs: Any, opened: Any) -> dict[str, Any]:
        asked.append((list(briefs), opened()))
        return {"model_calls": len(briefs), "refused_lines": [1], "masked": {"name": 1}, "generator_error": ""}

    detail = write_by_tier(PLAN, tiers, lambda: small, lambda: large, write)
    assert asked == [(BRIEFS[:1], "small"), ([BRIEFS[0], BRIEFS[2]], "large")]
    assert detail == {"model_calls": 3, "refused_lines": [1], "masked": {"name": 2}, "generator_error": ""}


def test_without_tiers_everything_is_written_once() -> None:
    assert write_by_tier(PLAN, [], lambda: None, lambda: None, lambda briefs, _: {"n": len(briefs)}) == {"n": 3}


def test_details_are_added_up() -> None:
    one, other = (
        {"a": 1, "b": {"x": 2}, "c": [1], "d": "no"},
        {"a": 2, "b": {"x": 1, "y": 1}, "c": [2], "d": "way", "e": 5},
    )
    assert add_up(one, other) == {"a": 3, "b": {"x": 3, "y": 1}, "c": [1, 2], "d": "no; way", "e": 5}
    assert example_campaign().tiers is None


@pytest.mark.slow
def test_each_variant_is_shown_the_lines_of_its_tier_and_no_other_models(shop: Shop) -> None:
    project = shop.project
    variants = {tier: VariantSpec(tier=tier) for tier in ("template", "small", "large")}
    campaign = replace(shop.campaign, experiment=ExperimentSpec(variants, "template"))
    small = bootstrap.calls_of(project, ScriptedGenerator(["One to look at: {product}", "Einmal ansehen: {product}"]))
    large = bootstrap.calls_of(
        project,
        ScriptedGenerator(["Have you seen this? {product}", "Schon gesehen? {product}"]),
        tags={"tier": "large"},
    )
    state, log = bootstrap.open_state(project), bootstrap.open_log(project)
    results = run_campaign(
        project, campaign, datetime.fromisoformat(AS_OF), state, log, bootstrap.open_warehouse(project), lambda: small,
        bootstrap.open_sender(project), bootstrap.open_clock(), Quiet(), bootstrap.open_keys(project),
        bootstrap.open_validator(project), replay=True, open_large=lambda: large,
    )  # fmt: skip
    details = {result.name: result.detail for result in results}
    log.close()
    lines = {line.creative_id: line for line in state.creatives.find(campaign.name)}
    shown: dict[str, set[str]] = {tier: set() for tier in variants}
    for decision in state.decisions.find(campaign.name):
        written = {written_in(lines[p.creative_id]) for p in decision.slate if p.creative_id}
        shown.get(decision.variant, set()).update(written)
    assert shown == {"template": {"template"}, "small": {"template", "small"}, "large": {"template", "large"}}
    assert details["generate"]["lines_accepted"] == sum(line.rung == "model" for line in lines.values())
