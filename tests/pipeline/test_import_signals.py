"""Signals in imported events: the words that the same events make over HTTP, once."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline import import_signals
from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.pipeline.ingest import ImportReport, ingest
from tailorbird.stages.events.segment_wire import read_batch
from tailorbird.types.event import EVENT_COLUMNS
from tailorbird.types.mapping import EventTarget, ImportMapping, Value
from tailorbird.types.settings import SignalSettings

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SIGNALS = SignalSettings(tcf={"profiles": (1,)}, tcf_vendor=6, categories={"stats": ("Analytics",)})
TARGET = EventTarget(
    "Seen",
    timestamp="at",
    user_id="who",
    message_id="id",
    context={"consent": "context.consent", "consentManagement": "context.consentManagement"},
)
MAPPING = ImportMapping("events.jsonl", events=(TARGET,))
YES, NO = ({"consent": {"categoryPreferences": {"Analytics": yes}}} for yes in (True, False))
ROWS = [
    {"id": f"e{n}", "who": who, "at": f"2026-05-01T10:0{n}:00Z", "context": context}
    for n, who, context in [
        (1, "ana", YES),
        (2, "ana", YES),
        (3, "ana", NO),
        (4, "bea", {"consent": {"tcf": "nonsense"}}),
        (5, "cem", {"consentManagement": {"allowedConsentIds": ["Analytics"]}}),
        (6, "dora", {"page": {}}),
    ]
]


class Counting(DuckdbWarehouse):
    """Keeps every query that it is asked."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads=threads)
        self.asked: list[str] = []

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        self.asked.append(sql)
        return super().rows(sql)


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log, self.quarantine = SegmentLog(folder / "events"), FolderQuarantine(folder / "quarantine")
        self.warehouse = DuckdbWarehouse(threads=1)

    def bring(self, rows: Sequence[dict[str, Any]], mapping: ImportMapping = MAPPING) -> ImportReport:
        path = self.folder / "events.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        where = (self.warehouse, self.log, self.quarantine, self.folder, NOW)
        return ingest(mapping, path, "imports/events.yaml", *where, signals=SIGNALS)

    def words(self) -> list[tuple[Any, ...]]:
        self.warehouse.attach("logged", self.log.seal())
        told = ", ".join(f'"{name}"' for name, _ in EVENT_COLUMNS if name != "received_at")
        query = f"SELECT {told} FROM logged WHERE message_id LIKE '%:%' ORDER BY message_id"
        return [(*row[:6], *(json.loads(part) for part in row[6:])) for row in self.warehouse.rows(query)]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_an_import_makes_the_words_that_the_same_events_make_over_http(shop: Shop) -> None:
    report = shop.bring(ROWS)
    assert (report.accepted, report.events, report.people) == (6, 6, 4)
    wire = [
        {"type": "track", "event": "Seen", "messageId": row["id"], "userId": row["who"], "timestamp": row["at"]}
        | {"context": row["context"]}
        for row in ROWS
    ]
    heard = ConsentSignals(SIGNALS).hear(read_batch(json.dumps({"batch": wire}).encode(), NOW).events)
    over_http = [json.loads(line) for line in heard.events.lines.splitlines()[len(ROWS) :]]
    for word in over_http:
        word["timestamp"] = datetime.fromisoformat(word["timestamp"]).replace(tzinfo=None)
    names = [name for name, _ in EVENT_COLUMNS if name != "received_at"]
    wanted = [tuple(word[name] for name in names) for word in over_http]
    assert len(wanted) == 4 and shop.words() == sorted(wanted, key=lambda word: word[0])


def test_the_same_file_again_makes_no_word_again(shop: Shop) -> None:
    shop.bring(ROWS)
    before = shop.words()
    report = shop.bring(ROWS)
    assert (report.duplicate, report.events) == (6, 0) and shop.words() == before


def test_what_one_browser_carried_is_read_together_however_large_the_file(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_signals, "_PART_EVENTS", 2)
    shop.warehouse = Counting(threads=1)
    shop.bring(ROWS)
    assert len(shop.words()) == 4
    parts = [sql for sql in shop.warehouse.asked if "hash(" in sql]
    assert len(parts) == 3 and not any("import_seen" in sql for sql in parts), "the new events are looked for once"


def test_a_string_that_is_carried_on_is_said_again_after_an_hour_and_stays_one_choice(shop: Shop) -> None:
    times = ("10:00", "10:59", "11:30")
    shop.bring([{**ROWS[0], "id": f"e{n}", "at": f"2026-05-01T{time}:00Z"} for n, time in enumerate(times)])
    assert [word[5].strftime("%H:%M") for word in sorted(shop.words(), key=lambda word: word[5])] == ["10:00", "11:30"]


def test_ids_of_the_house_s_own_go_to_quarantine_with_their_reason(shop: Shop) -> None:
    mapping = ImportMapping("events.jsonl", events=(EventTarget("Seen", timestamp="at", user_id="who", message_id="id",
                                                                anonymous_id="device"),))  # fmt: skip
    rows = [{"id": "e1", "who": "ana", "at": "2026-05-01", "device": "b1"}]
    rows += [{**rows[0], "id": own} for own in ("gpc:1", "tcf:1", "identity:1", "sent:1")]
    rows += [{**rows[0], "id": "e2", "who": "anon:b1"}, {**rows[0], "id": "e3", "device": "anon:b1"}]
    report = shop.bring(rows, mapping)
    assert (report.accepted, report.quarantined) == (1, 6)
    assert {reason.partition(":")[0] for reason in report.by_reason} == {"id", "who", "device"}
    assert "who: begins with 'anon:', which is Tailorbird's own" in report.by_reason
    text = ImportMapping("events.jsonl", events=(EventTarget("Seen", "at", "who", message_id=Value(text="gpc:{id}")),))
    assert shop.bring(rows[:1], text).by_reason == {"id: begins with 'gpc:', which is Tailorbird's own": 1}
