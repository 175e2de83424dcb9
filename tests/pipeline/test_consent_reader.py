"""A person's words, while the log grows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline import withdrawals
from tailorbird.pipeline.consent_reader import ConsentReader
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.event import Event
from tailorbird.types.settings import ConsentSettings, IdentitySettings

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_words_are_read_as_they_come_the_oldest_log_included(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawals, "REFRESH_SECONDS", 0.0)
    writes, reads = SegmentLog(tmp_path / "events"), SegmentLog(tmp_path / "events")
    opened: list[DuckdbWarehouse] = []

    def warehouse() -> DuckdbWarehouse:
        opened.append(DuckdbWarehouse(threads=1))
        return opened[-1]

    def say(number: int, given: bool) -> None:
        at = NOON - timedelta(days=1000 - number)
        consents = {"consents": {"news": given}}
        writes.append([Event("track", f"w{number}", at, at, "ana", event="Consent Updated", properties=consents)])

    reader = ConsentReader(warehouse, reads, ConsentRules(ConsentSettings()), IdentitySettings(), lambda: NOON)
    assert not opened
    say(1, True)
    assert reader("ana") == {"news": True} and reader("bea") == {}
    say(2, False)
    assert reader("ana") == {"news": False}
    assert len(opened) == 1
