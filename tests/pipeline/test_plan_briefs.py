"""Cells of people and their briefs."""

from dataclasses import replace
from typing import Any

from tailorbird.pipeline.plan_briefs import plan_briefs, samples_for


def test_every_subject_has_k_readers_within_its_locale(opened: Any) -> None:
    plan = opened.plan(opened.show(list(opened.selection.treated)))
    assert len(plan.subjects) == len(opened.selection.treated)
    assert sum(plan.sizes.values()) == len(plan.subjects)
    for (label, _locale), size in plan.sizes.items():
        assert size >= opened.campaign.briefs.k or label in {s.label() for s in plan.subjects if s.kind == "default"}


def test_people_without_consent_get_the_default_brief_or_one_about_the_item(opened: Any) -> None:
    # What the person is must not choose the words; what the item is, may.
    personal = replace(opened.campaign.briefs, lattice=(("last_family",),), family="last_family", k=1)
    campaign = replace(opened.campaign, briefs=personal)
    rows = list(opened.selection.treated)
    heroes = opened.show(rows).heroes()
    english = replace(opened.project, settings=replace(opened.project.settings, locales=("en-GB",)))
    plan = plan_briefs(english, campaign, opened.selection, heroes, opened.items)
    withheld = [s for s, row in zip(plan.subjects, rows, strict=True) if not opened.selection.allowed[row]]
    assert withheld
    assert {subject.kind for subject in withheld} == {"default"}
    assert any(subject.kind != "default" for subject in plan.subjects)


def test_only_blocks_that_a_model_may_write_have_briefs_and_the_largest_come_first(opened: Any) -> None:
    plan = opened.plan(opened.show(list(opened.selection.treated)))
    assert {brief.block for brief in plan.briefs} == {"subject", "headline"}
    sizes = [plan.sizes[brief.subject.label(), brief.locale] for brief in plan.briefs]
    assert sizes == sorted(sizes, reverse=True)
    detail = plan.detail()
    assert detail["people_default"] + detail["people_specific"] == len(plan.subjects)
    assert detail["briefs"] == len(plan.briefs)


def test_a_briefs_samples_fill_every_one_of_its_slots(opened: Any) -> None:
    brief = opened.plan(opened.show(list(opened.selection.treated))).briefs[0]
    samples = samples_for(opened.project, opened.campaign, brief, opened.items)
    assert {slot.name for slot in brief.slots} <= set(samples)
    assert all(samples[slot.name] for slot in brief.slots)
