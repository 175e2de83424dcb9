"""Imports of events that some reader of the log could not bear: what the wire refuses, an import refuses too."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.follower import SegmentFollower
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.ingest import ImportReport, ingest
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.types.mapping import EventTarget, ImportMapping, TraitsTarget
from tailorbird.types.tracking_plan import EventRule, FieldRule, TrackingPlan

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MAPPING = ImportMapping(
    "x",
    events=(EventTarget("Seen", "at", "who", message_id="id", properties={"deep": "deep", "text": "text"}),),
    traits=TraitsTarget("who", "at", {"note": "note"}),
)
PLAN = PlanChecks(TrackingPlan({"Seen": EventRule(properties={"text": FieldRule("string")})}))


def bring(folder: Path, rows: list[dict[str, Any]], plan: PlanChecks | None = None) -> ImportReport:
    path = folder / "rows.jsonl"
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)  # of the writer here, not of what reads
    path.write_text("".join(json.dumps({"at": "2026-05-01", **row}) + "\n" for row in rows))
    sys.setrecursionlimit(limit)
    log, refused, warehouse = (
        SegmentLog(folder / "events"),
        FolderQuarantine(folder / "aside"),
        DuckdbWarehouse(threads=1),
    )
    return ingest(MAPPING, path, "imports/x.yaml", warehouse, log, refused, folder, NOW, plan)


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("plan", [None, PLAN])
def test_what_is_nested_too_deeply_or_holds_a_nul_waits_and_the_rest_comes_in(
    tmp_path: Path, plan: PlanChecks | None
) -> None:
    wide = [[n] for n in range(100)]
    rows: list[dict[str, Any]] = [
        {"id": "a", "who": "u1", "deep": nested(31), "text": "\\u0000", "note": "[{" * 50},
        {"id": "b", "who": "u2", "deep": wide},
        {"id": "c", "who": "u3", "deep": nested(32)},
        {"id": "d", "who": "u4", "deep": nested(15_000)},
        {"id": "e", "who": "u5", "text": "a\0b"},
        {"id": "f", "who": "u6", "note": "\0"},
    ]
    report = bring(tmp_path, rows, plan)
    assert (report.accepted, report.quarantined, report.events) == (2, 4, 4)
    assert dict(report.by_reason) == {"nested deeper than 32 levels": 2, "a text holds the character NUL": 2}
    events = [event for part in SegmentFollower(tmp_path / "events").poll() for event in part]
    assert {event.user_id for event in events} == {"u1", "u2"}
    assert bring(tmp_path, rows[:2], plan).duplicate == 2
