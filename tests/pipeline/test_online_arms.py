"""Arms online: those that a send draws."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird.pipeline.online_arms import OnlineArms
from tailorbird.types.experiment import ExperimentSettings, ExperimentSpec, LayerSettings, VariantSpec
from tailorbird.types.feature import Features

SPEC = ExperimentSpec({"plain": VariantSpec(), "warm": VariantSpec(weight=2)}, "plain")


@pytest.fixture
def online(opened: Any) -> Callable[..., Any]:
    """(the shop whose campaign has this experiment, its arms online)"""

    def make(spec: ExperimentSpec, inside: bool = True, **settings: Any) -> Any:
        project = opened.project
        campaigns = {"win_back": replace(project.campaign("win_back"), experiment=spec)}
        changed = replace(project.settings, experiments=ExperimentSettings(**settings))
        project = replace(project, campaigns=campaigns, settings=changed)
        tests = {campaigns["win_back"].audience: lambda _features: inside}
        return replace(opened, project=project, campaign=campaigns["win_back"]), OnlineArms(project, tests)

    return make


def features(person: str) -> Features:
    return Features(person, datetime(2026, 6, 1, tzinfo=UTC), {})


def arms_of(arms: OnlineArms, selection: Any, rows: Any) -> list[dict[str, str]]:
    people = [selection.profiles[row].person_id for row in rows]
    return [arms(person, features(person)) for person in people]


@pytest.mark.slow
def test_everybody_has_the_arm_online_that_a_send_draws(online: Any, empty_state: Any) -> None:
    shop, arms = online(SPEC, global_holdout=0.1)
    found = shop.select(empty_state, shop.campaign)
    assert arms_of(arms, found, found.treated) == [{"win_back": variant} for variant in found.variants]
    for rows in (found.holdout, found.global_holdout):
        assert rows and arms_of(arms, found, rows) == [{"win_back": "holdout"}] * len(rows)


@pytest.mark.slow
def test_in_a_layer_a_person_has_an_arm_only_in_the_campaign_it_belongs_to(online: Any, empty_state: Any) -> None:
    shop, arms = online(replace(SPEC, layer="mail"), layers={"mail": LayerSettings({"win_back": 0.4})})
    found = shop.select(empty_state, shop.campaign)
    inside = {*found.treated, *found.holdout}
    assert all(arms_of(arms, found, sorted(inside)))
    others = [row for row, p in enumerate(found.profiles) if row not in inside]
    without = [told for told in arms_of(arms, found, others) if not told]
    assert len(without) > 0.4 * len(others)


def test_who_is_not_in_the_audience_or_in_strata_has_no_arm_online(online: Any) -> None:
    for spec, inside in ((SPEC, False), (replace(SPEC, strata=("last_family",)), True), (ExperimentSpec(), True)):
        _, arms = online(spec, inside)
        assert arms("anybody", features("anybody")) == {}
