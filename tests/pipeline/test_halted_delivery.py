"""Delivery while somebody halts the campaign."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.testing.sender import FailingSender
from tests.pipeline.test_deliver import Desk


@pytest.fixture
def desk(opened: Any, tmp_path: Path) -> Desk:
    return Desk(opened.campaign, tmp_path / "events", 5)


def test_a_halt_keeps_everything_that_has_not_left_and_a_later_run_sends_it(desk: Desk) -> None:
    sender = FailingSender(99)
    told = desk.deliver(sender, halted=lambda times: "complaints")
    assert (told["halted"], told["sent"], told["waiting"]) == ("complaints", 0, 5)
    assert sender.taken == []
    later = desk.deliver(sender)
    assert "halted" not in later and later["sent"] == 5


def test_a_halt_stops_a_slow_chunk_in_the_middle(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tailorbird.pipeline.deliver.CHECK_SECONDS", 0.0)
    sender = FailingSender(99)
    told = desk.deliver(sender, halted=lambda times: "complaints" if len(times) >= 2 else "")
    assert (told["halted"], told["sent"], told["waiting"]) == ("complaints", 2, 3)
    assert len(sender.taken) == len(desk.told) == 2
    assert desk.deliver(sender)["sent"] == 5
    assert len(sender.taken) == 5
