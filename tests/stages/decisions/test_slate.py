from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tailorbird.stages.bandits.kinds import BuiltIn, make_policy
from tailorbird.stages.bandits.policy_state import write_state
from tailorbird.stages.decisions.slate import (
    CreativeCatalog,
    PeopleRows,
    decide_many,
    decide_one,
    decision_id,
    leading_arms,
)
from tailorbird.types.arm_set import ArmSet
from tailorbird.types.campaign import BlockSpec, BriefSpec, Campaign, MetricSpec
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision
from tailorbird.types.policy_rows import Lessons
from tailorbird.types.recommendation import ItemChoice

CAMPAIGN = Campaign(
    name="win_back",
    reason={},
    hypothesis="",
    metric=MetricSpec("orders", "Order Completed"),
    audience="lapsed",
    template="letter",
    blocks={"subject": BlockSpec(60), "headline": BlockSpec(60)},
    briefs=BriefSpec(),
)
FRESH = make_policy(CAMPAIGN.policy)
MOMENT = datetime(2026, 6, 1, tzinfo=UTC)


def knowing(counts: dict[str, tuple[float, float]]) -> BuiltIn:
    return make_policy(CAMPAIGN.policy, state=write_state("thompson", {"arms": counts}))


def line(name: str, block: str, text: str, brief: str = "", rung: str = "approved") -> Creative:
    made = Creative(
        name, brief, "win_back", block, "en-GB", text, "approved", "h", approval="approved", approved_hash="h"
    )
    return replace(made, rung="template") if rung == "template" else made


LINES = [
    line("s1", "subject", "Hello"),
    line("s2", "subject", "{{ person.first_name }}, hello"),
    line("s3", "subject", "For mugs", brief="b_mugs"),
    line("s9", "subject", "Plain", rung="template"),
    line("h1", "headline", "{{ item.size }}"),
    line("h9", "headline", "{{ item.name }}", rung="template"),
]
CATALOG = CreativeCatalog.build(LINES, {"b_mugs": "family=mugs"})


def people(n: int) -> PeopleRows:
    named = frozenset(["item.name", "person.first_name"])
    return PeopleRows(
        [f"p{i}" for i in range(n)],
        ["family=mugs" if i % 2 else "everyone" for i in range(n)],
        ["en-GB"] * n,
        [named if i % 3 else frozenset(["item.name"]) for i in range(n)],
        ["mugs"] * n,
        ["f"] * n,
        ["c"] * n,
    )


def decide(rows: PeopleRows, families: dict[str, tuple[str, ...]] | None = None) -> list[Decision]:
    n = len(rows.person_ids)
    choice = ItemChoice(np.zeros((n, 1), dtype=np.int64), np.ones((n, 1)), np.ones((n, 1), dtype=np.int64))
    return decide_many(
        rows, choice, ["mug-1"], CATALOG, families or {}, FRESH, Lessons(), CAMPAIGN, "wren", MOMENT, "why"
    )


def copy_of(decision: Decision, block: str) -> str | None:
    return next((p.creative_id for p in decision.slate if p.block == block), None)


def test_a_line_is_shown_only_where_the_person_s_facts_fill_it() -> None:
    rows = people(90)
    for slots, decision in zip(rows.slots, decide(rows), strict=True):
        assert copy_of(decision, "subject") != "s2" or "person.first_name" in slots


def test_the_lines_of_a_brief_serve_only_its_subject() -> None:
    rows = people(90)
    shown = {(subject, copy_of(d, "subject")) for subject, d in zip(rows.subjects, decide(rows), strict=True)}
    assert ("family=mugs", "s3") in shown and ("everyone", "s3") not in shown


def test_the_template_line_is_the_last_resort() -> None:
    decided = decide(people(90))
    assert {copy_of(d, "headline") for d in decided} == {"h9"}
    assert "s9" not in {copy_of(d, "subject") for d in decided}


def test_a_line_for_other_families_is_not_eligible() -> None:
    decided = decide(people(40), {"s1": ("soap",), "s2": ("soap",)})
    assert {copy_of(d, "subject") for d in decided} == {"s3", "s9"}


def test_every_choice_has_a_logged_propensity_and_the_items_come_first() -> None:
    for decision in decide(people(20)):
        assert decision.slate[0].placement == "hero" and decision.slate[0].item_id == "mug-1"
        assert all(0 < placement.propensity <= 1 for placement in decision.slate)


def test_a_person_is_decided_alike_alone_and_in_a_batch() -> None:
    rows = people(30)
    choice = ItemChoice(np.zeros((30, 1), dtype=np.int64), np.ones((30, 1)), np.ones((30, 1), dtype=np.int64))
    for i, expected in enumerate(decide(rows)):
        alone = decide_one(i, rows, choice, ["mug-1"], CATALOG, {}, FRESH, Lessons(), CAMPAIGN, "wren", MOMENT, "why")
        assert alone == expected


def test_lines_that_are_not_approved_are_never_eligible() -> None:
    pending = replace(LINES[0], approval="pending")
    edited = replace(LINES[0], content_hash="changed after approval")
    assert CreativeCatalog.build([pending, edited], {}).lines == {}


def test_decision_ids_differ_by_campaign_step_and_person() -> None:
    ids = {decision_id("w", c, s, p) for c in "ab" for s in "12" for p in "xy"}
    assert len(ids) == 8


def test_only_a_few_arms_compete_and_a_brief_s_own_lines_always_do() -> None:
    many = [line(f"a{i}", "subject", "Hello") for i in range(9)]
    own = line("own", "subject", "For mugs", brief="b_mugs")
    catalog = CreativeCatalog.build([*many, own], {"b_mugs": "family=mugs"})
    rows = people(60)
    n = len(rows.person_ids)
    choice = ItemChoice(np.zeros((n, 1), dtype=np.int64), np.ones((n, 1)), np.ones((n, 1), dtype=np.int64))
    decided = decide_many(rows, choice, ["mug-1"], catalog, {}, FRESH, Lessons(), CAMPAIGN, "wren", MOMENT, "why")
    for subject, decision in zip(rows.subjects, decided, strict=True):
        place = next(p for p in decision.slate if p.block == "subject")
        assert place.eligible == CAMPAIGN.policy.arms_max
        assert place.creative_id != "own" or subject == "family=mugs"
    shown = {p.creative_id for d in decided for p in d.slate if p.block == "subject"}
    assert "own" in shown


def test_where_the_leader_may_not_be_shown_the_better_of_the_others_is_preferred() -> None:
    lines = [
        line("a1", "subject", "{{ person.first_name }}"),
        line("a2", "subject", "Good"),
        line("a3", "subject", "Bad"),
    ]
    counts = {"a1": (400.0, 1000.0), "a2": (80.0, 1000.0), "a3": (10.0, 1000.0)}
    rows = people(60)
    n = len(rows.person_ids)
    choice = ItemChoice(np.zeros((n, 1), dtype=np.int64), np.ones((n, 1)), np.ones((n, 1), dtype=np.int64))
    catalog = CreativeCatalog.build(lines, {})
    decided = decide_many(
        rows, choice, ["mug-1"], catalog, {}, knowing(counts), Lessons(), CAMPAIGN, "wren", MOMENT, "why"
    )
    for slots, decision in zip(rows.slots, decided, strict=True):
        place = next(p for p in decision.slate if p.block == "subject")
        if "person.first_name" not in slots:
            assert place.eligible == 2
            assert place.propensity == pytest.approx(0.975 if place.creative_id == "a2" else 0.025)


def test_the_leading_arms_are_the_best_so_far_and_share_everything() -> None:
    lines = [line(f"a{i}", "subject", "Hello") for i in range(9)]
    counts = {"a7": (30.0, 100.0), **{f"a{i}": (1.0, 100.0) for i in range(7)}}
    share = leading_arms(lines, knowing(counts), Lessons(), CAMPAIGN.policy.arms_max, "seed")
    assert len(share) == CAMPAIGN.policy.arms_max
    assert max(share, key=lambda key: share[key]) == "a7"
    assert abs(sum(share.values()) - 1) < 1e-9


def test_every_creative_says_which_arms_it_was_drawn_from() -> None:
    rows, drawn = people(60), dict[str, ArmSet]()
    n = len(rows.person_ids)
    choice = ItemChoice(np.zeros((n, 1), dtype=np.int64), np.ones((n, 1)), np.ones((n, 1), dtype=np.int64))
    decided = decide_many(
        rows, choice, ["mug-1"], CATALOG, {}, FRESH, Lessons(), CAMPAIGN, "wren", MOMENT, "why", drawn=drawn
    )
    places = [place for decision in decided for place in decision.slate if place.creative_id]
    assert {place.among for place in places} == set(drawn)
    for place in places:
        among = drawn[place.among]
        assert (among.policy_version, among.block, len(among.arms)) == ("prior", place.block, place.eligible)
        assert among.propensities[among.arms.index(place.creative_id or "")] == pytest.approx(place.propensity)
        assert sum(among.propensities) == pytest.approx(1)
