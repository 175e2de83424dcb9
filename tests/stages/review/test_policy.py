"""What may be approved without a person's look."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird.stages.review.policy import approves_itself, content_hash, edit, review_mode, risk_of
from tailorbird.types.campaign import BriefSpec, Campaign, MetricSpec
from tailorbird.types.creative import Creative
from tailorbird.types.verdict import Verdict


def line(text: str = "The {{ item.name }} is back", **tags: str) -> Creative:
    return Creative("c", "b", "win_back", "subject", "en-GB", text, "model", content_hash(text), tags)


def test_a_line_that_passed_and_uses_everyday_facts_approves_itself() -> None:
    assert approves_itself(line(), Verdict("pass"), "auto")[0]


def test_the_queue_policy_approves_nothing_by_itself() -> None:
    assert not approves_itself(line(), Verdict("pass"), "queue")[0]


@pytest.mark.parametrize(
    ("creative", "status"),
    [(line(), "review"), (line(kind="legal"), "pass"), (line("You saved {{ offer.saving }}"), "pass")],
)
def test_a_risky_line_waits_for_a_person(creative: Creative, status: str) -> None:
    assert risk_of(creative, Verdict(status))[0] == "high"  # type: ignore[arg-type]
    assert not approves_itself(creative, Verdict(status), "auto")[0]  # type: ignore[arg-type]


def test_an_edit_is_another_line_that_nobody_approved() -> None:
    approved = replace(line(), approval="approved", approved_hash=line().content_hash, approved_by="ana")
    assert approved.usable
    edited = edit(replace(approved, tags={"legal": "yes", "tone": "dry"}), "Again", "c_new", {"tone": "warm"})
    assert (edited.creative_id, edited.version, edited.approval, edited.usable) == ("c_new", 2, "pending", False)
    assert edited.tags == {"legal": "yes", "tone": "warm"}


def test_an_edit_with_a_broken_slot_is_refused() -> None:
    with pytest.raises(ValueError, match="not a slot"):
        edit(line(), "The {{ item.name | upcase }}", "c_new", {})


@pytest.mark.parametrize(
    ("review", "tags", "mode"),
    [
        ("auto", {}, "auto"),
        ("auto", {"risk": "low", "season": "spring"}, "auto"),
        ("auto", {"risk": "medium"}, "queue"),
        ("auto", {"risk": "hihg"}, "queue"),
        ("queue", {"risk": "low"}, "queue"),
    ],
)
def test_a_campaign_approves_by_itself_only_at_low_risk(review: Any, tags: dict[str, str], mode: str) -> None:
    metric = MetricSpec("ordered", "Order Completed")
    campaign = Campaign("c", {}, "", metric, "a", "t", {}, BriefSpec(), review=review, tags=tags)
    assert review_mode(campaign) == mode
