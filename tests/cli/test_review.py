"""Reviewing lines on the command line."""

from typing import Any

import pytest

from tailorbird.bootstrap import open_state
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.creative import Creative


def model_line(ran: Any) -> str:
    """The id of a line that a model wrote and a person approved, put into the shop's state."""
    text = "Have you seen this? {{ item.name }}"
    line = Creative("c_model", "b_1", "win_back", "subject", "en-GB", text, "model", content_hash(text))
    store = open_state(ran.project).creatives
    store.save([line])
    return store.review("c_model", "approved", "ana", "", "2026-06-01T00:00:00+00:00").creative_id


@pytest.mark.slow
def test_a_line_is_shown_rejected_edited_and_approved_again(tailorbird: Any, ran: Any) -> None:
    name = model_line(ran)
    shown = tailorbird("review", "show", name, ran.root, "--json").json
    assert shown["usable"] is True
    assert f"{name} rejected" in tailorbird("review", "reject", name, ran.root, "--by", "ana", "--reason", "dry").out
    said = tailorbird("review", "edit", name, "Have a look", ran.root, "--by", "ana").out
    assert "version 2 and waits for approval" in said
    assert f"{name} is rejected" in said
    new = said.split()[0]
    assert new in tailorbird("review", "list", ran.root).out
    page = tailorbird("review", "show", new, ran.root).out
    assert "not usable" in page
    seen = page.split("hash ")[1].split(":")[0]
    assert (
        "not the one that was read"
        in tailorbird("review", "approve", new, ran.root, "--by", "ana", "--hash", "0" * 12).error
    )
    approved = tailorbird("review", "approve", new, ran.root, "--by", "ana", "--hash", seen).out
    assert f"{new} approved: Have a look" in approved
    shown = tailorbird("review", "show", new, ran.root, "--json").json
    assert (shown["usable"], shown["version"]) == (True, 2)
    assert [entry["approval"] for entry in shown["reviews"]] == ["approved"]
    old = tailorbird("review", "show", name, ran.root, "--json").json
    assert [entry["approval"] for entry in old["reviews"]] == ["approved", "rejected", "rejected"]


@pytest.mark.slow
def test_wrong_reviews_are_one_clear_error(tailorbird: Any, ran: Any) -> None:
    assert "no creative 'd_0'" in tailorbird("review", "show", "d_0", ran.root).error
    assert "creatives begin with 'c_'" in tailorbird("review", "show", "c_", ran.root).error
    whole = model_line(ran)
    assert tailorbird("review", "show", whole[:-4], ran.root, "--json").json["creative_id"] == whole
    assert "--by NAME" in tailorbird("review", "approve", whole, ran.root).error
    assert "no campaign 'nope'" in tailorbird("review", "list", ran.root, "nope").error


def test_an_approval_that_does_not_exist_is_wrong_usage_that_lists_those_there_are(tailorbird: Any) -> None:
    said = tailorbird("review", "list", "--approval", "x")
    assert said.code == 2
    assert all(word in said.err for word in ("pending", "approved", "rejected", "all"))
