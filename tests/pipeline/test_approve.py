"""Approval by policy and by people."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.approve import (
    ReviewError,
    approve_by_policy,
    edit_creative,
    judge_of,
    record_review,
    template_lines,
)
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


def test_an_edit_is_another_line_and_the_old_one_keeps_its_history(store: Any, opened: Any) -> None:
    record_review(store, "c_good", "approved", "ana", "fine", CLOCK)
    edited = edit_creative(store, "c_good", "At {{ item.price }}, is this for you?", passes, "ben", CLOCK)
    assert edited.creative_id != "c_good"
    assert (edited.version, edited.approval, edited.usable) == (2, "pending", False)
    assert (edited.tags["format"], edited.tags["mentions"]) == ("question", "price")
    assert store.get(edited.creative_id)[1]["edited_from"] == "c_good"
    assert store.get("c_good")[0].text == "Back: {{ item.name }}"
    assert store.reviews("c_good")[-1]["reason"] == f"edited into {edited.creative_id}"
    approve_by_policy(opened.campaign, store, CLOCK)
    assert not store.get("c_good")[0].usable
    assert not store.get(edited.creative_id)[0].usable
    assert record_review(store, edited.creative_id, "approved", "ana", "read again", CLOCK).usable


def test_an_approval_is_of_the_text_that_was_read(store: Any) -> None:
    read = store.get("c_good")[0].content_hash[:12]
    store.save([replace(line("c_good"), text="Changed", content_hash=content_hash("Changed"))])
    with pytest.raises(ReviewError, match="not the one that was read"):
        record_review(store, "c_good", "approved", "ana", "", CLOCK, seen=read)
    assert record_review(store, "c_good", "approved", "ana", "", CLOCK, seen=content_hash("Changed")).usable


def test_the_last_resort_cannot_be_rejected_whoever_wrote_it_too(store: Any, opened: Any) -> None:
    last = template_lines(opened.project)
    text = opened.project.templates["letter"].lines["subject"]["en-GB"]
    store.save([replace(line("c_any", text), rung="approved")])
    with pytest.raises(ReviewError, match="last resort"):
        record_review(store, "c_any", "rejected", "ana", "", CLOCK, last)
    assert record_review(store, "c_bad", "rejected", "ana", "", CLOCK, last).approval == "rejected"


def test_a_line_of_the_files_that_waits_waits_for_a_person(store: Any, opened: Any) -> None:
    store.save([replace(line("c_file"), rung="approved")], {"c_file": {"verdict": {"status": "pass"}}})
    approve_by_policy(opened.campaign, store, CLOCK)
    assert store.get("c_file")[0].approval == "pending"
    with pytest.raises(ReviewError, match=r"approved\.yaml"):
        edit_creative(store, "c_file", "Another", passes, "ana", CLOCK)


def test_bad_reviews_are_one_error(store: Any) -> None:
    with pytest.raises(ReviewError, match="--by NAME"):
        record_review(store, "c_good", "approved", " ", "", CLOCK)
    with pytest.raises(ReviewError, match="no creative 'c_none'"):
        record_review(store, "c_none", "approved", "ana", "", CLOCK)
    with pytest.raises(ReviewError, match="no creative 'c_none'"):
        edit_creative(store, "c_none", "text", passes, "ana", CLOCK)
    with pytest.raises(ReviewError, match="not a slot"):
        edit_creative(store, "c_good", "{{ item }}", passes, "ana", CLOCK)
    twin = edit_creative(store, "c_good", "Once more: {{ item.name }}", passes, "ana", CLOCK)
    with pytest.raises(ReviewError, match="there already"):
        edit_creative(store, "c_bad", twin.text, passes, "ana", CLOCK)


def test_an_edit_that_no_approval_could_mend_is_refused_with_the_finding(ran: Any) -> None:
    project = ran.project
    store = bootstrap.open_state(project).creatives
    judge = judge_of(project, load_catalog(bootstrap.open_warehouse(project), project.state_dir))
    creative = replace(line("c_model", "See the page"), block="cta")
    store.save([creative])
    with pytest.raises(ReviewError, match=r"no slot 'item\.nosuch'"):
        edit_creative(store, creative.creative_id, "See {{ item.nosuch }}", judge, "ana", CLOCK)
    with pytest.raises(ReviewError, match="too_long"):
        edit_creative(store, creative.creative_id, "See this and " * 9, judge, "ana", CLOCK)
    kept = store.get(creative.creative_id)
    assert kept is not None and kept[0] == creative
    assert edit_creative(store, creative.creative_id, "See it now", judge, "ana", CLOCK).approval == "pending"
