from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.processes import Sink, relayed

pytestmark = pytest.mark.slow


def test_an_incident_is_read_noted_and_closed(tailorbird: Callable[..., Any], ran: Any, tmp_path: Path) -> None:
    assert "0 incidents" in tailorbird("incident", "list", ran.root).out
    halted = tailorbird("rollback", "halt", ran.root, "win_back", "--by", "ana", "--reason", "wrong price", "--json")
    name = halted.json["incident_id"]
    listed = tailorbird("incident", "list", ran.root, "--open")
    assert name in listed.out and listed.out.rstrip().endswith("1 incident")
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


def test_a_drill_tells_everybody_and_says_whom_it_could_not_reach(
    tailorbird: Callable[..., Any], ran: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "name them under incidents" in tailorbird("incident", "drill", ran.root).error
    settings, mails = ran.root / "tailorbird.yaml", Sink()
    settings.write_text(
        settings.read_text() + "\nincidents:\n  email: [ops@shop.example]\n  webhook_env: OPS_WEBHOOK\n"
    )
    monkeypatch.delenv("OPS_WEBHOOK", raising=False)
    assert "ops@shop.example: delivery.adapter is files" in tailorbird("incident", "drill", ran.root).out
    with relayed(ran.root, mails):
        answer = tailorbird("incident", "drill", ran.root, "--json")
    assert answer.code == 1
    assert answer.json["told"] == ["ops@shop.example"] and "OPS_WEBHOOK" in answer.json["not_told"]["webhook"]
    assert len(mails.taken) == 1


@pytest.mark.parametrize("address", ["ops", "a@b.example, c@d.example", "a@b.example\\nBcc: x@y.example"])
def test_what_is_no_address_is_refused_with_its_line(tailorbird: Callable[..., Any], ran: Any, address: str) -> None:
    settings = ran.root / "tailorbird.yaml"
    settings.write_text(settings.read_text() + f'\nincidents:\n  email: ["{address}"]\n')
    error = tailorbird("incident", "list", ran.root).error
    assert "tailorbird.yaml" in error and "incidents.email.0" in error and "must be one e-mail address" in error
