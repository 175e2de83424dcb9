"""Reviewing lines on the command line."""

from typing import Any

import pytest


def first_line(tailorbird: Any, ran: Any, approval: str = "approved") -> str:
    return str(
        tailorbird("review", "list", ran.root, "win_back", "--approval", approval, "--json").json["creatives"][0][
            "creative_id"
        ]
    )


@pytest.mark.slow
def test_a_line_is_shown_rejected_edited_and_approved_again(tailorbird: Any, ran: Any) -> None:
    name = first_line(tailorbird, ran)
    shown = tailorbird("review", "show", name, ran.root, "--json").json
    assert shown["usable"] is True
    assert f"{name} rejected" in tailorbird("review", "reject", name, ran.root, "--by", "ana", "--reason", "dry").out
    assert "version 2 and waits for approval" in tailorbird("review", "edit", name, "Have a look", ran.root).out
    assert name in tailorbird("review", "list", ran.root).out
    assert "not usable" in tailorbird("review", "show", name, ran.root).out
    assert f"{name} approved: Have a look" in tailorbird("review", "approve", name, ran.root, "--by", "ana").out
    shown = tailorbird("review", "show", name, ran.root, "--json").json
    assert (shown["usable"], shown["version"]) == (True, 2)
    assert [entry["approval"] for entry in shown["reviews"]] == ["rejected", "approved"]


@pytest.mark.slow
def test_wrong_reviews_are_one_clear_error(tailorbird: Any, ran: Any) -> None:
    assert "no creative 'c_0'" in tailorbird("review", "show", "c_0", ran.root).error
    assert "--by NAME" in tailorbird("review", "approve", "c_0", ran.root).error
    assert "no campaign 'nope'" in tailorbird("review", "list", ran.root, "nope").error


def test_an_approval_that_does_not_exist_is_wrong_usage_that_lists_those_there_are(tailorbird: Any) -> None:
    said = tailorbird("review", "list", "--approval", "x")
    assert said.code == 2
    assert all(word in said.err for word in ("pending", "approved", "rejected", "all"))
