"""The pipeline's answers to personas."""

from dataclasses import replace
from pathlib import Path

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.fairness.answering import Answering
from tailorbird.pipeline.fairness.counterfactual import Personas
from tailorbird.pipeline.fairness.ground import Ground
from tailorbird.pipeline.fairness.persona_events import World
from tailorbird.stages.fairness.answers import Answer
from tests.pipeline.fairness.conftest import ground_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def asked(ran_root: Path) -> tuple[Ground, World, list[Answer]]:
    ground = ground_of(ran_root, contexts=60)
    world = Personas(ground, bootstrap.open_warehouse(ground.project)).unchanged()
    return ground, world, Answering(ground).ask(world)


def test_unchanged_personas_get_what_the_run_decided_for_them(asked: tuple[Ground, World, list[Answer]]) -> None:
    ground, world, answers = asked
    made = {d.person_id: d for d in ground.state.decisions.find("win_back", "1") if d.arm == "treatment"}
    compared = 0
    for profile, answer in zip(world.profiles, answers, strict=True):
        decision = made.get(profile.person_id)
        if decision is not None:
            compared += 1
            assert answer.cell == decision.subject and answer.locale == decision.locale
            assert answer.items == tuple(p.item_id for p in decision.slate if p.block == "item")
            chosen = {(p.block, p.creative_id) for p in decision.slate if p.creative_id}
            assert set(answer.lines) <= chosen
    assert compared > 20


def test_a_name_is_in_the_message_but_not_in_what_is_measured(asked: tuple[Ground, World, list[Answer]]) -> None:
    ground, world, base = asked
    named = World(world.raw, [replace(p, first_name="Bartholomew") for p in world.profiles])
    answers = Answering(ground).ask(named)
    assert [a.texts for a in answers] == [b.texts for b in base]
    for profile, answer, before in zip(world.profiles, answers, base, strict=True):
        assert (answer.digest != before.digest) == bool(profile.consents.get("personalization"))
        assert ("profile.first_name" in answer.withheld) != bool(profile.consents.get("personalization"))


def test_a_name_that_cannot_be_printed_gives_the_message_for_nobody_in_particular(
    asked: tuple[Ground, World, list[Answer]],
) -> None:
    ground, world, _ = asked
    odd = World(world.raw, [replace(p, first_name="{{ 7*7 }}") for p in world.profiles])
    none = World(world.raw, [replace(p, first_name=None) for p in world.profiles])
    asking = Answering(ground)
    assert [a.digest for a in asking.ask(odd)] == [a.digest for a in asking.ask(none)]


def test_whoever_loses_consent_or_leaves_the_audience_is_not_written_to(
    asked: tuple[Ground, World, list[Answer]],
) -> None:
    ground, world, base = asked
    assert all(answer.written_to and answer.digest for answer in base)
    silent = World(world.raw, [replace(p, consents={}) for p in world.profiles])
    recent = World({**world.raw, "days_since_order": [1] * len(base)}, world.profiles)
    for changed in (silent, recent):
        answers = Answering(ground).ask(changed)
        assert not any(answer.written_to or answer.digest for answer in answers)
