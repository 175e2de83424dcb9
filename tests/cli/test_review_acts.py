"""Acts on the command line, and what they do to the messages that are sent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tailorbird.bootstrap import open_state
from tailorbird.cli.run import run_steps
from tailorbird.cli.terminal import Quiet
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.creative import Creative

from .test_review import put_line, with_policy

pytestmark = pytest.mark.slow

Tailorbird = Callable[..., Any]


@pytest.fixture
def desk(shop: Any) -> Any:
    """A shop with a policy, and a line that waits."""
    with_policy(shop)
    put_line(shop)
    return shop


def test_a_line_is_read_edited_and_approved_by_somebody_else(tailorbird: Tailorbird, desk: Any) -> None:
    root = desk.root
    page = tailorbird("review", "next", root, "--by", "ana").out
    seen = page.split("hash ")[1].split(":")[0]
    assert (
        "not the one that was read"
        in tailorbird("review", "approve", "c_model", root, "--by", "ana", "--hash", "0" * 12).error
    )
    said = tailorbird("review", "edit", "c_model", "Have a look", root, "--by", "ana", "--hash", seen).out
    new = said.split()[0]
    assert "version 2 and waits for approval: Have a look" in said and "c_model is rejected" in said
    assert "ana had a hand in this line" in tailorbird("review", "approve", new, root, "--by", "ana").error
    assert tailorbird("review", "next", root, "--by", "ana").out == "nothing waits for ana\n"
    assert tailorbird("review", "next", root, "--by", "ana", "--json").json == {"creative_id": None}
    assert tailorbird("review", "next", root, "win_back", "--by", "ben", "--json").json["creative_id"] == new
    assert f"{new} approved: Have a look" in tailorbird("review", "approve", new, root, "--by", "ben").out
    assert "approved already, by ben" in tailorbird("review", "approve", new, root, "--by", "ana").error
    shown = tailorbird("review", "show", new, root, "--json").json
    assert (shown["usable"], shown["version"], [act["act"] for act in shown["acts"]]) == (True, 2, ["approve"])
    assert "edit by ana: edited into" in tailorbird("review", "show", "c_model", root).out


def test_a_legal_line_waits_for_both(tailorbird: Tailorbird, desk: Any) -> None:
    put_line(desk, "c_legal", "Save on {{ item.name }}")
    out = tailorbird("review", "approve", "c_legal", desk.root, "--by", "ben").out
    assert "it waits for the approval of: legal" in out
    told = tailorbird("review", "approve", "c_legal", desk.root, "--by", "lea", "--json").json
    assert (told["usable"], told["queue"]["outcome"]) == (True, "approve")


def test_comments_and_escalations_are_shown_with_the_line(tailorbird: Tailorbird, desk: Any) -> None:
    root = desk.root
    tailorbird("review", "comment", "c_model", "is it so?", root, "--by", "ana")
    out = tailorbird("review", "escalate", "c_model", root, "--to", "legal", "--by", "ana", "--reason", "a claim?").out
    assert "it waits for the approval of: reviewer, legal" in out
    page = tailorbird("review", "show", "c_model", root).out
    assert "comment by ana: is it so?" in page and "escalate (legal) by ana: a claim?" in page
    assert "asked: legal" in page
    assert "gives nobody the role 'data'" in tailorbird(
        "review", "escalate", "c_model", root, "--to", "data", "--by", "ana", "--reason", "?").error  # fmt: skip


def test_wrong_acts_are_one_clear_error(tailorbird: Tailorbird, desk: Any) -> None:
    root = desk.root
    assert "--by NAME" in tailorbird("review", "approve", "c_model", root).error
    assert (
        "names no 'anna'; did you mean 'ana'" in tailorbird("review", "approve", "c_model", root, "--by", "anna").error
    )
    assert "say why you reject it" in tailorbird("review", "reject", "c_model", root, "--by", "ana").error
    tailorbird("review", "reject", "c_model", root, "--by", "ana", "--reason", "dry")
    assert "rejected, by ana" in tailorbird("review", "approve", "c_model", root, "--by", "ben").error
    assert "c_model approved" in tailorbird("review", "approve", "c_model", root, "--by", "ben", "--again").out


def approved_line(shop: Any, text: str) -> str:
    """A subject that a model wrote and ben approved, which serves every brief."""
    line = Creative("c_mine", "", "win_back", "subject", "en-GB", text, "model", content_hash(text))
    store = open_state(shop.project).creatives
    store.save([line], {"c_mine": {"verdict": {"status": "pass", "findings": []}}})
    store.review("c_mine", "approved", "ben", "", "2026-06-01T00:00:00+00:00")
    return line.creative_id


def subjects(root: Path) -> str:
    return "\n".join(path.read_text() for path in (root / ".tailorbird" / "outbox").glob("*.eml"))


def test_an_edit_after_approval_is_not_sent_and_neither_is_what_was_approved(tailorbird: Tailorbird, desk: Any) -> None:
    """Acceptance test 38: the author's own approval is refused, and an edit voids the approval there was."""
    name = approved_line(desk, "Zinnwald calls")
    edited = tailorbird("review", "edit", name, "Zinnwald calls again", desk.root, "--by", "ana").out.split()[0]
    assert "had a hand" in tailorbird("review", "approve", edited, desk.root, "--by", "ana").error
    run_steps(desk.project, desk.campaign, "2026-06-01T00:00:00+00:00", Quiet(), True, True, 0)
    sent = subjects(desk.root)
    assert "Subject:" in sent and "Zinnwald" not in sent
    assert not any("Zinnwald" in line.text for line in open_state(desk.project).creatives.find() if line.usable)


def test_an_approved_line_is_sent(tailorbird: Tailorbird, desk: Any) -> None:
    approved_line(desk, "Zinnwald calls")
    run_steps(desk.project, desk.campaign, "2026-06-01T00:00:00+00:00", Quiet(), True, True, 0)
    assert "Subject: Zinnwald calls" in subjects(desk.root)
