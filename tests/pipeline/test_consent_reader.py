"""A person's words, while the log grows."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline import withdrawals
from tailorbird.pipeline.consent_reader import ConsentReader
from tailorbird.pipeline.people import open_views
from tailorbird.ports.warehouse import WarehouseError
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.event import Event
from tailorbird.types.settings import ConsentSettings, IdentitySettings

pytestmark = pytest.mark.slow

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


class BreaksOnce(DuckdbWarehouse):
    """A warehouse whose statements fail once: the one before which `left` more were let through."""

    left = -1

    def _step(self) -> None:
        self.left -= 1
        if self.left == -1:
            raise WarehouseError("the disk is full for a moment")

    def attach(self, name: str, files: Sequence[Path]) -> None:
        self._step()
        super().attach(name, files)

    def load(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        self._step()
        super().load(name, columns)

    def run(self, sql: str) -> None:
        self._step()
        super().run(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        self._step()
        return super().rows(sql)


def _spoken(tmp_path: Path, name: str, broken_at: int) -> tuple[dict[str, Any], list[str], bool]:
    """What is told of three people and of whom, and whether a statement broke, where one does in the second reading."""
    log, warehouse = SegmentLog(tmp_path / name), BreaksOnce(threads=1)
    settings = IdentitySettings(match=("email",))
    reader = ConsentReader(lambda: warehouse, log, ConsentRules(ConsentSettings()), settings, lambda: NOON)

    def word(message_id: str, user: str | None, device: str | None, given: bool) -> Event:
        said = {"consents": {"news": given}}
        return Event("track", message_id, NOON, NOON, user, device, "Consent Updated", said)

    log.append([word(f"yes:{user}", user, None, True) for user in ("ana", "bea", "cyd")])
    log.append([word("old", "former", None, False)])
    assert reader("ana") == reader("bea") == reader("cyd") == {"news": True}
    reader.concerned()
    log.append([word("no", "ana", None, False), word("by device", None, "phone", False)])
    later = NOON + timedelta(minutes=1)
    log.append(
        [Event("identify", "device", later, later, "bea", "phone"), Event("alias", "a", later, later, "cyd", "former")]
    )
    warehouse.left, failed = broken_at, False
    try:
        concerned = reader.concerned()
    except WarehouseError:
        failed = True
        concerned = reader.concerned()
    told = {user: reader(user) for user in ("ana", "bea", "cyd")}
    log.close()
    return told, concerned, failed


def test_a_no_is_found_after_any_statement_that_failed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawals, "REFRESH_SECONDS", 0.0)
    expected = _spoken(tmp_path, "whole", 10**6)
    assert not expected[2] and {str(words) for words in expected[0].values()} == {"{'news': False}"}
    for at in range(100):
        told, concerned, failed = _spoken(tmp_path, str(at), at)
        assert (told, sorted(concerned)) == (expected[0], sorted(expected[1])), at
        if not failed:
            break
    assert 20 < at < 99
