"""What copy may state of items at a moment."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tailorbird.bootstrap import open_warehouse
from tailorbird.pipeline.facts import Facts, read_tables
from tailorbird.pipeline.source_file import SourceError
from tailorbird.project.project import load_project
from tailorbird.stages.briefs.slot_values import item_slots
from tailorbird.testing.sender import FailingSender

pytestmark = pytest.mark.slow

BEFORE, AFTER = datetime(2026, 6, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def test_a_fact_fills_a_slot_until_it_expires_and_then_it_is_another_version(keeper: Any) -> None:
    project = keeper.project
    facts, declared = Facts(project, open_warehouse(project)), project.settings.catalog.facts
    slots = item_slots(facts.items(BEFORE)["hobbin-kettle"], "de-DE", declared)
    assert slots["item.guide_tip"] == "Den Kessel nach Gebrauch leeren; das hält Kalk fern."
    assert "item.guide_tip" not in item_slots(facts.items(AFTER)["hobbin-kettle"], "de-DE", declared)
    assert facts.version(BEFORE) == facts.items(BEFORE)["hobbin-kettle"].version != facts.version(AFTER)


def test_rows_that_cannot_be_used_are_told_by_line(keeper: Any) -> None:
    root: Path = keeper.project.root
    table = root / "knowledge" / "guide.csv"
    table.write_text(table.read_text() + "mugs,Rinse it,,,2031-01-01\nmugs,Rinse it\n")
    read = read_tables(load_project(root), open_warehouse(keeper.project))["guide"]
    assert len(read.rows) == 5
    assert [line for line, _ in read.rejected] == [7, 8]
    assert read.rejected[0][1].startswith("source: is empty")
    table.unlink()
    with pytest.raises(SourceError, match="there is no file"):
        read_tables(load_project(root), open_warehouse(keeper.project))


def test_a_fact_that_expires_while_messages_wait_is_not_sent(keeper: Any) -> None:
    table = keeper.project.root / "knowledge" / "guide.csv"
    table.write_text(table.read_text().replace("2031-01-01", "2026-05-31"))
    sender = FailingSender(10_000)
    keeper.run(sender)
    bodies = [message_from_bytes(m.raw, policy=policy.default).get_body(("plain",)) for m in sender.taken]
    assert bodies
    assert not any("A tip:" in body.get_content() or "Ein Rat:" in body.get_content() for body in bodies if body)
