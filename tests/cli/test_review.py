"""The review queue on the command line: what waits, and how a line reads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird.bootstrap import open_state
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.creative import Creative

pytestmark = pytest.mark.slow

POLICY = """\
people:
  ana: {roles: [creative]}
  ben: {roles: [creative, ops]}
  lea: {roles: [legal]}
"""
FINDING = {"check": "words", "severity": "warning", "span": [0, 4], "type": "unknown_word", "reason": "is odd"}
NOTES = {
    "verdict": {"status": "review", "findings": [FINDING]},
    "prompt": "subject@v1",
    "prompt_hash": "p1",
    "model": {"name": "m", "digest": "d1"},
    "brief": {"family": "kettles", "slots": ["item.name"], "facts": {}},
}


def put_line(shop: Any, name: str = "c_model", text: str = "Have you seen this? {{ item.name }}") -> str:
    """A line of a model's that waits."""
    line = Creative(name, "b_1", "win_back", "subject", "en-GB", text, "model", content_hash(text))
    open_state(shop.project).creatives.save([line], {name: NOTES})
    return name


def with_policy(shop: Any) -> None:
    (shop.root / "policies").mkdir(exist_ok=True)
    (shop.root / "policies" / "review.yaml").write_text(POLICY)


@pytest.fixture
def desk(shop: Any) -> Any:
    """A shop with a policy, and a line that waits."""
    with_policy(shop)
    put_line(shop)
    return shop


def test_the_queue_says_what_waits_why_and_for_whom(tailorbird: Callable[..., Any], desk: Any) -> None:
    put_line(desk, "c_legal", "Save on {{ item.name }}")
    out = tailorbird("review", "list", desk.root).out
    assert "c_model  win_back/subject/en-GB  model  Have you seen this? {{ item.name }}" in out
    assert "finding, new_prompt, new_model: needs reviewer; due 20" in out
    assert "needs reviewer, legal; due" in out and "for the lawyer: price" in out
    assert out.splitlines()[-1] == "2 lines in the queue"
    (legal,) = tailorbird("review", "list", desk.root, "win_back", "--role", "legal", "--json").json["lines"]
    assert (legal["creative_id"], legal["queue"]["needs"]) == ("c_legal", ["reviewer", "legal"])
    assert tailorbird("review", "list", desk.root, "--reason", "sampled", "--json").json["total"] == 0
    first = tailorbird("review", "list", desk.root, "--limit", 1, "--json").json
    second = tailorbird("review", "list", desk.root, "--limit", 1, "--after", first["after"], "--json").json
    names = [page["lines"][0]["creative_id"] for page in (first, second)]
    assert (sorted(names), second["after"], second["total"]) == (["c_legal", "c_model"], "", 2)
    assert "--after '" in tailorbird("review", "list", desk.root, "--limit", 1).out


def test_every_line_is_listed_by_its_approval(tailorbird: Callable[..., Any], desk: Any) -> None:
    assert tailorbird("review", "list", desk.root, "--approval", "rejected").out == "0 rejected lines\n"
    (line,) = tailorbird("review", "list", desk.root, "--approval", "pending", "--json").json["creatives"]
    assert line["creative_id"] == "c_model"
    assert "c_model" in tailorbird("review", "list", desk.root, "--approval", "all").out


def test_a_line_is_shown_as_it_reads_with_its_findings(
    tailorbird: Callable[..., Any], desk: Any, tmp_path: Path
) -> None:
    page = tmp_path / "line.html"
    out = tailorbird("review", "show", "c_mod", desk.root, "--html", page).out
    assert f"hash {content_hash('Have you seen this? {{ item.name }}')[:12]}: pending (not usable)" in out
    assert "  ^^^^\n  warning: unknown_word at 0–4: is odd" in out
    assert all(f"as it reads, {kind}:" in out for kind in ("shortest", "longest"))
    assert "  | Subject: Have you seen this? " in out and "  | Unsubscribe: " in out
    assert "Have you seen this?" in page.read_text()
    told = tailorbird("review", "show", "c_model", desk.root, "--json").json
    assert (told["usable"], told["queue"]["state"], told["acts"]) == (False, "waiting", [])
    mark = told["rendering"]["lines"][0]["marks"][0]
    assert told["rendering"]["lines"][0]["text"][mark["start"] : mark["end"]] == "Have"
    assert "<html" in told["rendering"]["message"]["html"] and "raw" not in told["rendering"]["message"]


def test_hostile_text_moves_no_terminal(tailorbird: Callable[..., Any], desk: Any) -> None:
    put_line(desk, "c_bad", "Look \x1b[2J{{ item.name }}")
    for command in (("list",), ("show", "c_bad")):
        assert "\x1b" not in tailorbird("review", *command, desk.root).out


def test_a_page_cannot_be_written_of_a_line_without_a_message(tailorbird: Callable[..., Any], desk: Any) -> None:
    store = open_state(desk.project).creatives
    found = store.get("c_model")
    assert found is not None
    store.save([replace(found[0], campaign="old")])
    assert (
        "there is no message to write" in tailorbird("review", "show", "c_model", desk.root, "--html", "x.html").error
    )
    assert "no whole message: old/subject is in no campaign" in tailorbird("review", "show", "c_model", desk.root).out


def test_wrong_names_are_one_clear_error(tailorbird: Callable[..., Any], desk: Any) -> None:
    put_line(desk, "c_other")
    assert "no creative 'd_0'" in tailorbird("review", "show", "d_0", desk.root).error
    assert "2 creatives begin with 'c_'" in tailorbird("review", "show", "c_", desk.root).error
    assert "no campaign 'nope'" in tailorbird("review", "list", desk.root, "nope").error
    assert "begins no page" in tailorbird("review", "list", desk.root, "--after", "x").error


def test_an_approval_that_does_not_exist_is_wrong_usage_that_lists_those_there_are(tailorbird: Any) -> None:
    said = tailorbird("review", "list", "--approval", "x")
    assert said.code == 2
    assert all(word in said.err for word in ("pending", "approved", "rejected", "all"))
