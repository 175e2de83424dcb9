"""Approval by policy and by people."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.approve import ReviewError, approve_by_policy, edit_creative, judge_of, record_review
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.stages.review.policy import content_hash
from tailorbird.testing.state import FixedClock
from tailorbird.types.creative import Creative
from tailorbird.types.verdict import Verdict

CLOCK = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))


def line(name: str, text: str = "Back: {{ item.name }}") -> Creative:
    return Creative(name, "b_1", "win_back", "subject", "en-GB", text, "model", content_hash(text))


def passes(_: Creative) -> Verdict:
    return Verdict("pass")


@pytest.fixture
def store(empty_state: Any) -> Any:
    store = empty_state.creatives
    store.save(
        [line("c_good"), line("c_bad")],
        {"c_good": {"verdict": {"status": "pass"}}, "c_bad": {"verdict": {"status": "review"}}},
    )
    return store


def test_auto_approves_low_risk_lines_only(store: Any, opened: Any) -> None:
    assert approve_by_policy(opened.campaign, store, CLOCK) == {"approved": 1, "pending": 1}
    assert store.get("c_good")[0].usable
    assert not store.get("c_bad")[0].usable
    assert store.reviews("c_good")[0]["by"] == "policy:auto"


def test_a_campaign_of_high_risk_leaves_every_line_to_a_person(store: Any, opened: Any) -> None:
    campaign = replace(opened.campaign, tags={"risk": "high"})
    assert approve_by_policy(campaign, store, CLOCK) == {"approved": 0, "pending": 2}


def test_queue_leaves_every_line_to_a_person(store: Any, opened: Any) -> None:
    campaign = replace(opened.campaign, review="queue")
    assert approve_by_policy(campaign, store, CLOCK) == {"approved": 0, "pending": 2}


def test_a_person_approves_and_rejects_with_name_and_reason(store: Any) -> None:
    assert record_review(store, "c_bad", "approved", "ana", "fine", CLOCK).usable
    assert not record_review(store, "c_bad", "rejected", "ben", "too dry", CLOCK).usable
    assert [(r["by"], r["approval"]) for r in store.reviews("c_bad")] == [("ana", "approved"), ("ben", "rejected")]


def test_an_edit_voids_the_approval_and_the_policy_does_not_restore_it(store: Any, opened: Any) -> None:
    record_review(store, "c_good", "approved", "ana", "fine", CLOCK)
    edited = edit_creative(store, "c_good", "Still here: {{ item.name }}", passes)
    assert (edited.version, edited.approval, edited.usable) == (2, "pending", False)
    approve_by_policy(opened.campaign, store, CLOCK)
    assert not store.get("c_good")[0].usable
    assert record_review(store, "c_good", "approved", "ana", "read again", CLOCK).usable


def test_bad_reviews_are_one_error(store: Any) -> None:
    with pytest.raises(ReviewError, match="--by NAME"):
        record_review(store, "c_good", "approved", " ", "", CLOCK)
    with pytest.raises(ReviewError, match="no creative 'c_none'"):
        record_review(store, "c_none", "approved", "ana", "", CLOCK)
    with pytest.raises(ReviewError, match="no creative 'c_none'"):
        edit_creative(store, "c_none", "text", passes)
    with pytest.raises(ReviewError, match="not a slot"):
        edit_creative(store, "c_good", "{{ item }}", passes)


def test_an_edit_that_no_approval_could_mend_is_refused_with_the_finding(ran: Any) -> None:
    project = ran.project
    store = bootstrap.open_state(project).creatives
    judge = judge_of(project, load_catalog(bootstrap.open_warehouse(project), project.state_dir))
    creative = next(c for c in store.find("win_back", "approved") if c.block == "cta")
    with pytest.raises(ReviewError, match=r"no slot 'item\.nosuch'"):
        edit_creative(store, creative.creative_id, "See {{ item.nosuch }}", judge)
    with pytest.raises(ReviewError, match="too_long"):
        edit_creative(store, creative.creative_id, "See this and " * 9, judge)
    kept = store.get(creative.creative_id)
    assert kept is not None and kept[0] == creative
    assert edit_creative(store, creative.creative_id, "See it", judge).approval == "pending"
