"""Copies and erasures on the command line."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.person_search import VALUES, ZED, meet, places_with

pytestmark = pytest.mark.slow


def test_a_person_is_copied_out_then_erased_and_the_audit_log_stays_sound(tailorbird: Any, ran: Any) -> None:
    meet(ran.project)
    copy = ran.root / "zed.json"
    assert tailorbird("privacy", "export", VALUES[1], ran.root, "-o", copy).code == 0
    assert json.loads(copy.read_text())["person"]["person_id"] == ZED
    assert copy.stat().st_mode & 0o077 == 0
    said = tailorbird("privacy", "erase", ZED, ran.root, "--reason", f"{VALUES[1]} asked", "--yes", "--json")
    assert said.code == 0 and said.json["steps"]["events"] == 4
    assert tailorbird("audit", "verify", ran.root).code == 0
    assert places_with(ran.project, VALUES) == []
    again = tailorbird("privacy", "erase", ZED, ran.root, "--reason", "asked", "--yes")
    assert again.code == 0 and "done before" in again.out


def test_an_unknown_person_is_one_clear_error(tailorbird: Any, ran_root: Path) -> None:
    assert "nothing is known of 'nobody'" in tailorbird("privacy", "export", "nobody", ran_root).error
    said = tailorbird("privacy", "erase", "nobody", ran_root, "--reason", "asked", "--yes")
    assert "nothing is known of 'nobody'" in said.error


def test_without_a_terminal_nobody_is_erased_by_accident(
    tailorbird: Any, ran: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    meet(ran.project)
    assert "add --yes" in tailorbird("privacy", "erase", ZED, ran.root, "--reason", "asked").error
    assert places_with(ran.project, VALUES) != []
