"""run --test on the command line."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.rehearse import sentence
from tailorbird.pipeline.rehearse import Rehearsed

MOMENT = "2026-06-01"


@pytest.fixture
def root(shop: Any) -> Path:
    settings = shop.root / "tailorbird.yaml"
    settings.write_text(settings.read_text() + "testers:\n  addresses: [QA@shop.example, b@shop.example]\n")
    root: Path = shop.root
    return root


@pytest.mark.slow
def test_each_tester_gets_marked_messages_and_the_real_run_comes_after(root: Path, tailorbird: Any) -> None:
    options = (root, "win_back", "--no-model", "--as-of", MOMENT)
    told = tailorbird("run", *options, "--test", "--samples", "2", "--json").json
    assert [(one["address"], one["status"]) for one in told["messages"]] == [
        ("QA@shop.example", "sent"), ("QA@shop.example", "sent"), ("b@shop.example", "sent"), ("b@shop.example", "sent"),
    ]  # fmt: skip
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in root.rglob("*.eml")]
    assert len(found) == 4 and all(mail["X-Tailorbird-Test"] == "yes" for mail in found)
    lines = tailorbird("run", *options, "--test", "--to", "qa@shop.example", "--samples", "1").out.splitlines()
    assert len(lines) == 1 and "sent" in lines[0] and "[Test] " in lines[0]
    message_id = told["messages"][0]["message_id"]
    assert "counts nowhere" in tailorbird("trace", message_id, root).out
    steps = tailorbird("run", *options, "--json").json["steps"]
    assert steps["deliver"]["sent"] == steps["audience"]["treated"] > 4


@pytest.mark.slow
def test_what_makes_no_test_is_one_clear_error(shop: Any, root: Path, tailorbird: Any) -> None:
    assert "not in testers.addresses" in tailorbird("run", root, "win_back", "--test", "--to", "who@else.example").error
    assert "--to goes with --test" in tailorbird("run", root, "win_back", "--to", "qa@shop.example").error
    assert "--retry" in tailorbird("run", root, "win_back", "--test", "--retry", "failed").error
    settings = root / "tailorbird.yaml"
    settings.write_text(settings.read_text().split("testers:")[0])
    assert "names no tester" in tailorbird("run", root, "win_back", "--test").error


def test_a_test_that_was_not_sent_says_why() -> None:
    assert sentence(Rehearsed("qa@x.org", "", "", "en-GB", "mug", "unbuilt", "sold out")) == (
        "unbuilt    qa@x.org  -  (en-GB, mug): sold out"
    )
