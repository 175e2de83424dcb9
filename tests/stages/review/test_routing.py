"""To whom a line goes, and which of those that go to nobody are looked at afterwards."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.review.policy import content_hash
from tailorbird.stages.review.routing import authors_of, choose_sample, origin_of, route_line
from tailorbird.types.campaign import BriefSpec, Campaign, MetricSpec
from tailorbird.types.creative import Creative
from tailorbird.types.review import Origin
from tailorbird.types.review_policy import Reviewer, ReviewPolicy

POLICY = ReviewPolicy({"ana": Reviewer(("creative",)), "lea": Reviewer(("legal",))}, first=3)
CAMPAIGN = Campaign(
    "win_back", {}, "", MetricSpec("ordered", "Order Completed"), "all", "letter", {}, BriefSpec(), review="auto",
    owners=("olga",),
)  # fmt: skip
NOTES: dict[str, Any] = {"verdict": {"status": "pass"}, "prompt_hash": "p1", "model": {"name": "m", "digest": "d1"}}
HERE = Origin("p1", "d1", "en-GB")


def line(text: str = "The {{ item.name }} is back", **more: Any) -> Creative:
    return Creative("c", "b", "win_back", "subject", "en-GB", text, "model", content_hash(text), **more)


def reasons(approved: dict[Origin, int], policy: ReviewPolicy | None = POLICY, **more: Any) -> tuple[str, ...]:
    return route_line(line(**more), NOTES, CAMPAIGN, policy, approved).reasons


def test_the_first_lines_of_a_pair_go_to_a_person_and_then_policy_approves() -> None:
    assert reasons({}) == ("new_prompt", "new_model")
    assert reasons({HERE: 2}) == ("new_prompt", "new_model")
    assert reasons({HERE: 3}) == ()


def test_a_known_prompt_with_a_new_model_and_the_other_way_round_are_told_apart() -> None:
    assert reasons({Origin("p1", "other", "en-GB"): 3}) == ("new_model",)
    assert reasons({Origin("other", "d1", "en-GB"): 3}) == ("new_prompt",)
    assert reasons({Origin("p1", "other", "en-GB"): 3, Origin("other", "d1", "en-GB"): 3}) == ("new_pair",)
    assert reasons({Origin("p1", "d1", "de-DE"): 9}) == ("new_prompt", "new_model")


def test_all_means_every_line_and_none_means_none() -> None:
    assert reasons({HERE: 1000}, replace(POLICY, first="all")) == ("new_pair",)
    assert reasons({}, replace(POLICY, first=0)) == ()


@pytest.mark.parametrize(
    ("campaign", "notes", "more", "reason"),
    [
        ({"review": "queue"}, {}, {}, "queue"),
        ({"tags": {"risk": "high"}}, {}, {}, "high_risk"),
        ({}, {"verdict": {"status": "review"}}, {}, "finding"),
        ({}, {"verdict": None}, {}, "finding"),
        ({}, {}, {"tags": {"claim": "yes"}}, "high_risk"),
        ({}, {}, {"version": 2}, "edited"),
        ({}, {}, {"approval": "outdated"}, "outdated"),
        ({}, {}, {"text": "{{ offer.code }} is yours"}, "high_risk"),
    ],
)
def test_what_is_risky_goes_to_a_person_however_well_its_prompt_is_known(
    campaign: dict[str, Any], notes: dict[str, Any], more: dict[str, Any], reason: str
) -> None:
    told = route_line(line(**more), {**NOTES, **notes}, replace(CAMPAIGN, **campaign), POLICY, {HERE: 99})
    assert reason in told.reasons
    without = route_line(line(**more), {**NOTES, **notes}, replace(CAMPAIGN, **campaign), None, {})
    assert reason in without.reasons, "and without a policy file too"


def test_without_a_policy_file_the_campaign_decides_alone() -> None:
    assert reasons({}, None) == ()
    assert route_line(line("Save on {{ item.name }}"), NOTES, CAMPAIGN, None, {}).needs == ("reviewer",)


def test_a_legal_line_needs_a_lawyer_beside_the_reviewer_and_says_why() -> None:
    told = route_line(line("Save on {{ item.name }}"), NOTES, CAMPAIGN, POLICY, {HERE: 99})
    assert (told.reasons, told.needs, told.detail) == (("legal",), ("reviewer", "legal"), "for the lawyer: price")
    spared = replace(POLICY, legal=("finance",))
    assert route_line(line("Save on {{ item.name }}"), NOTES, CAMPAIGN, spared, {HERE: 99}).reasons == ()
    tagged = replace(CAMPAIGN, tags={"topic": "minors"})
    assert route_line(line(), NOTES, tagged, POLICY, {HERE: 99}).needs == ("reviewer", "legal")


def test_an_origin_names_a_remote_model_by_where_it_is_and_a_person_s_words_have_none() -> None:
    remote = {**NOTES, "model": {"name": "m", "provider": "p", "endpoint": "https://a.example", "digest": ""}}
    elsewhere = {**NOTES, "model": {"name": "m", "provider": "p", "endpoint": "https://b.example", "digest": ""}}
    assert origin_of(line(), NOTES) == HERE
    assert len({origin_of(line(), notes).model for notes in (NOTES, remote, elsewhere)}) == 3
    assert origin_of(line(version=2), NOTES) == Origin("", "", "en-GB")
    assert origin_of(replace(line(), rung="approved"), NOTES) == Origin("", "", "en-GB")


def test_everybody_who_had_a_hand_in_a_line_is_an_author() -> None:
    notes = {**NOTES, "prompt_authors": ["pia"], "editors": ["eva", "emil"], "edited_by": "emil", "author": "bo"}
    assert authors_of(line(), notes, ("olga",), POLICY) == ("bo", "pia", "eva", "emil", "olga")
    assert "olga" not in authors_of(line(), notes, ("olga",), None)
    assert "olga" not in authors_of(line(), notes, ("olga",), replace(POLICY, owners_are_authors=False))
    assert authors_of(replace(line(), rung="approved"), {"author": " bo "}, ("olga",), POLICY) == ("bo",)


def lines(count: int) -> list[Creative]:
    return [replace(line(), creative_id=f"c_{n}") for n in range(count)]


def test_a_sample_is_about_the_share_and_the_same_each_time() -> None:
    many = lines(4000)
    chosen = choose_sample(many, 0.05, 0, 0)
    assert 0.04 < len(chosen) / len(many) < 0.06
    assert choose_sample(list(reversed(many)), 0.05, 0, 0) == chosen
    changed = [replace(c, content_hash="another") for c in many]
    assert choose_sample(changed, 0.05, 0, 0) != chosen


@pytest.mark.slow
@given(st.integers(0, 60), st.integers(0, 40), st.integers(0, 40), st.floats(0, 1))
def test_a_day_has_at_least_its_minimum_where_so_many_were_approved(
    count: int, minimum: int, already: int, share: float
) -> None:
    chosen = choose_sample(lines(count), share, minimum, already)
    assert len(chosen) >= min(count, max(0, minimum - already))
    assert chosen >= choose_sample(lines(count), share, 0, already)
    assert choose_sample(lines(count), share, minimum, already, sorted(chosen)) >= chosen
