"""Decisions: the same for a person in any company, without data that consent does not cover."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline.decide import decide_holdout, digest
from tailorbird.stages.briefs.person_slots import clean_first_name


@pytest.mark.slow
def test_a_persons_decision_is_the_same_whatever_the_batch(opened: Any) -> None:
    rows = list(opened.selection.treated)
    shown = opened.show(rows)
    plan = opened.plan(shown)
    everybody = {d.person_id: d for d in opened.decide(rows, shown, plan)}
    for at in (range(len(rows) - 1, -1, -3), range(7, 8)):
        some = [rows[i] for i in at]
        smaller = replace(plan, subjects=[plan.subjects[i] for i in at], locales=[plan.locales[i] for i in at])
        for decision in opened.decide(some, opened.show(some), smaller):
            assert decision == everybody[decision.person_id]


def test_people_without_consent_have_no_last_item_and_no_name_in_their_words(opened: Any) -> None:
    rows = list(opened.selection.treated)
    shown = opened.show(rows)
    texts = {c.creative_id: c.text for c in opened.creatives}
    personal = 0
    for row, decision in zip(rows, opened.decide(rows, shown, opened.plan(shown)), strict=True):
        words = " ".join(texts[p.creative_id] for p in decision.slate if p.creative_id)
        if opened.selection.allowed[row]:
            personal += any(p.placement == "last_item" for p in decision.slate)
            if not clean_first_name(opened.selection.profiles[row].first_name):
                assert "person.first_name" not in words
        else:
            assert all(p.placement != "last_item" for p in decision.slate)
            assert "last_item." not in words and "person." not in words
    assert personal


def test_every_choice_carries_its_propensity(opened: Any) -> None:
    rows = list(opened.selection.treated)[:20]
    shown = opened.show(rows)
    plan = opened.plan(opened.show(list(opened.selection.treated)))
    some = replace(plan, subjects=plan.subjects[:20], locales=plan.locales[:20])
    for decision in opened.decide(rows, shown, some):
        assert {p.block for p in decision.slate} >= set(opened.campaign.blocks)
        assert all(0 < p.propensity <= 1 and p.eligible >= 1 for p in decision.slate)


@pytest.mark.slow
def test_the_item_in_the_basket_is_shown_first(opened: Any, empty_state: Any) -> None:
    campaign = opened.project.campaign("abandoned_basket")
    selection = opened.select(empty_state, campaign)
    heroes = opened.show(list(selection.treated), campaign, selection).heroes()
    assert heroes == [selection.table.columns["basket_item"][row] for row in selection.treated]


def test_a_person_without_history_is_still_shown_items_that_are_in_stock(opened: Any) -> None:
    rows = [row for row in opened.selection.treated if not opened.selection.allowed[row]]
    shown = opened.show(rows)
    assert all(hero is not None and opened.items[hero].in_stock for hero in shown.heroes())
    assert set(shown.last_items) == {None}


def test_held_out_people_have_an_empty_slate(opened: Any) -> None:
    held = decide_holdout(opened.project, opened.campaign, opened.selection)
    assert len(held) == len(opened.selection.holdout)
    assert {d.arm for d in held} == {"holdout"}
    assert {d.slate for d in held} == {()}


def test_a_digest_depends_on_content_and_not_on_order() -> None:
    assert digest({"a": 1, "b": None}) == digest({"b": None, "a": 1}) != digest({"a": 1})
