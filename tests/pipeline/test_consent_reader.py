"""A person's words, while the log grows."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline import withdrawals
from tailorbird.pipeline.consent_reader import ConsentReader
from tailorbird.pipeline.people import open_views
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


def test_signals_are_folded_as_they_come_as_over_the_whole_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawals, "REFRESH_SECONDS", 0.0)
    writes, reads = SegmentLog(tmp_path / "events"), SegmentLog(tmp_path / "events")
    rules = ConsentRules(ConsentSettings())
    reader = ConsentReader(lambda: DuckdbWarehouse(threads=1), reads, rules, IdentitySettings(), lambda: NOON)

    def say(number: int, message_id: str, given: bool, **more: Any) -> dict[str, Any]:
        at = NOON - timedelta(days=1000 - number)
        body = {"consents": {"news": given}, **more}
        writes.append([Event("track", message_id, at, at, "ana", event="Consent Updated", properties=body)])
        whole = DuckdbWarehouse(threads=1)
        open_views(whole, SegmentLog(tmp_path / "events"))
        ((text,),) = whole.rows("SELECT consents FROM people WHERE person_id = 'ana'")
        assert reader("ana") == json.loads(text)
        return dict(reader("ana"))

    assert say(1, "tcf:1", True, evidence="a") == {"news": True}
    assert say(2, "w1", False) == {"news": False}
    assert say(3, "tcf:2", True, evidence="a") == {"news": False}
    assert say(4, "tcf:3", True, evidence="b") == {"news": True}
    assert say(5, "gpc:1", False, evidence="h") == {"news": False}
    assert say(6, "w2", True, despite_gpc=True, notice={"version": "3"}) == {"news": True}
    assert say(7, "gpc:2", False, evidence="h") == {"news": True}
    assert say(8, "w3", True) == {"news": True}
    assert say(9, "gpc:3", False, evidence="h") == {"news": False}
