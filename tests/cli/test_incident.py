from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_an_incident_is_read_noted_and_closed(tailorbird: Callable[..., Any], ran: Any, tmp_path: Path) -> None:
    assert "0 incidents" in tailorbird("incident", "list", ran.root).out
    halted = tailorbird("rollback", "halt", ran.root, "win_back", "--by", "ana", "--reason", "wrong price", "--json")
    name = halted.json["incident_id"]
    listed = tailorbird("incident", "list", ran.root, "--open")
    assert name in listed.out and "1 incidents" in listed.out
    assert "without the root cause" in tailorbird("incident", "close", name, ran.root, "--by", "ana").error
    said = ("--root-cause", "an old list", "--notified", "lea", "--follow-up", "check it", "--owner", "ben")
    assert "noted" in tailorbird("incident", "note", name, ran.root, "--by", "ana", *said).out
    shown = tailorbird("incident", "show", name[:8], ran.root)
    assert "an old list" in shown.out and "lea was told" in shown.out
    out = tmp_path / "post-mortem.md"
    assert "written to" in tailorbird("incident", "show", name, ran.root, "--out", out).out
    assert out.read_text() == shown.out
    assert "is closed" in tailorbird("incident", "close", name, ran.root, "--by", "ana").out
    assert tailorbird("incident", "show", name, ran.root, "--json").json["closed_at"]
    assert tailorbird("incident", "list", ran.root, "--open", "--json").json == {"incidents": []}
