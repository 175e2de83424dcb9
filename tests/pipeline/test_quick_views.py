"""Views made of kept facts; tests/pipeline/test_feature_values.py compares them with the others on hostile logs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.columns import SegmentColumns
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.people import open_views
from tailorbird.pipeline.quick_views import make_anew
from tailorbird.types.event import Event
from tailorbird.types.event_columns import EventFacts
from tailorbird.types.settings import QaSettings

pytestmark = pytest.mark.slow

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
BOUGHT = Event("track", "1", NOON, NOON, "a", event="Bought")


def opened(log: SegmentLog, root: Path, testers: QaSettings | None = None) -> DuckdbWarehouse:
    warehouse = DuckdbWarehouse(threads=1, columns=SegmentColumns(root))
    open_views(warehouse, log, testers=testers, often=False)
    return warehouse


def is_quick(warehouse: DuckdbWarehouse) -> bool:
    return bool(warehouse.rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'known_people'"))


def test_new_events_are_in_views_that_are_opened_again(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([BOUGHT])
    warehouse = opened(log, tmp_path)
    assert is_quick(warehouse) and warehouse.rows("SELECT person_id FROM people") == [("a",)]
    later = NOON + timedelta(hours=1)
    log.append([Event("alias", "2", later, later, "b", "a"), replace(BOUGHT, message_id="3", user_id="c")])
    open_views(warehouse, log, often=False)
    assert warehouse.rows("SELECT person_id FROM people ORDER BY 1") == [("b",), ("c",)]
    assert warehouse.rows("SELECT person_id, count(*) FROM events GROUP BY 1 ORDER BY 1") == [("b", 2), ("c", 1)]


def test_a_repeated_message_and_testers_are_looked_for_among_all_events(tmp_path: Path) -> None:
    log, other = SegmentLog(tmp_path), SegmentLog(tmp_path / "other")
    log.append([BOUGHT])
    assert not is_quick(opened(log, tmp_path, QaSettings(people=("a",))))
    other.append([replace(BOUGHT, user_id="b", received_at=NOON - timedelta(hours=1))])
    log.adopt(other.seal()[0])
    warehouse = opened(log, tmp_path)
    assert not is_quick(warehouse) and warehouse.rows("SELECT person_id FROM people") == [("b",)]


class _RemovedMeanwhile(SegmentColumns):
    """Columns beside a log from which another process erases a person as soon as they are open."""

    def __init__(self, root: Path, kept: str) -> None:
        super().__init__(root)
        self._kept = kept

    def facts(self, segments: Sequence[Path]) -> EventFacts | None:
        found = super().facts(segments)
        for name in {"words", "pairs", "ids"} - {self._kept}:
            for path in getattr(found, name):
                path.unlink()
        return found


@pytest.mark.parametrize("kept", ["words", "pairs", "ids", "none"])
def test_facts_that_another_process_removes_are_not_missed(tmp_path: Path, kept: str) -> None:
    log = SegmentLog(tmp_path)
    log.append([BOUGHT, replace(BOUGHT, message_id="2", user_id="b")])
    warehouse = DuckdbWarehouse(threads=1, columns=_RemovedMeanwhile(tmp_path, kept))
    open_views(warehouse, log, often=False)
    assert warehouse.rows("SELECT person_id FROM people ORDER BY 1") == [("a",), ("b",)]
    assert warehouse.rows("SELECT count(*) FROM events") == [(2,)]


def test_a_table_takes_the_place_of_a_view() -> None:
    warehouse = DuckdbWarehouse(threads=1)
    make_anew(warehouse, "VIEW", "x", "SELECT 1 AS a")
    make_anew(warehouse, "TABLE", "x", "SELECT 2 AS a")
    make_anew(warehouse, "VIEW", "x", "SELECT 3 AS a")
    assert warehouse.rows("SELECT a FROM x") == [(3,)]
