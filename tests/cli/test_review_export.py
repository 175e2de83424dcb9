"""Training pairs and reviewers' keys on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .test_review import put_line, with_policy

pytestmark = pytest.mark.slow

Tailorbird = Callable[..., Any]


@pytest.fixture
def desk(shop: Any) -> Any:
    with_policy(shop)
    put_line(shop)
    return shop


def test_edits_and_rejections_are_written_as_rows(tailorbird: Tailorbird, desk: Any, tmp_path: Path) -> None:
    out, root = tmp_path / "pairs.jsonl", desk.root
    new = tailorbird("review", "edit", "c_model", "Have a look", root, "--by", "ana").out.split()[0]
    tailorbird("review", "approve", new, root, "--by", "ben")
    put_line(desk, "c_other", "Behold {{ item.name }}")
    tailorbird("review", "reject", "c_other", root, "--by", "ana", "--reason", "grand")
    told = tailorbird("review", "pairs", root, "--out", out, "--json").json
    assert (told["rows"], told["edit"], told["reject"]) == (2, 1, 1)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["kind"] for row in rows] == ["edit", "reject"]
    assert all(row["chosen"][0]["content"] == "Have a look" for row in rows), "it is of the same brief"
    assert "ana" not in out.read_text()
    assert "2 rows, 1 of edits" in tailorbird("review", "pairs", root, "--out", out, "--names").out
    assert json.loads(out.read_text().splitlines()[0])["about"]["who"] == "ana"
    assert "training pairs exported" in tailorbird("audit", "list", root).out
    assert "cannot be written" in tailorbird("review", "pairs", root, "--out", tmp_path / "no" / "x").error


def test_a_key_is_told_once_on_standard_output_alone(tailorbird: Tailorbird, desk: Any) -> None:
    said = tailorbird("review", "key", "ben", desk.root, "--role", "ops")
    key = said.out.strip()
    assert key.startswith("tbr_") and key not in said.err and "only time" in said.err
    listed = tailorbird("review", "keys", desk.root).out
    assert "ben  ops  made" in listed and key not in listed and "1 keys hold" in listed
    assert (
        "does not give ben the role 'legal'" in tailorbird("review", "key", "ben", desk.root, "--role", "legal").error
    )
    assert tailorbird("review", "key", "ben", desk.root, "--revoke", "--json").json == {"name": "ben", "revoked": 1}
    assert tailorbird("review", "keys", desk.root, "--json").json["keys"][0]["revoked_at"]
    assert set(tailorbird("review", "key", "lea", desk.root, "--json").json) == {"name", "roles", "key"}


def test_help_of_every_command_has_an_example(tailorbird: Tailorbird) -> None:
    for command in ("list", "show", "approve", "reject", "edit", "comment", "escalate", "next", "pairs", "key", "keys"):
        said = tailorbird("review", command, "--help").out
        assert f"Example: tailorbird review {command}" in " ".join(said.split())
