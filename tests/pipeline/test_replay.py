"""Replay: rows are judged by the present rules, enter the log once, and leave the quarantine only then."""

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.ingest import ingest
from tailorbird.pipeline.replay import Replay, ReplayReport
from tailorbird.pipeline.screening import Screening
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.stages.events.segment_wire import read_batch
from tailorbird.testing.event_log_conformance import read_segments
from tailorbird.types.mapping import CatalogTarget, EventTarget, ImportMapping, Lines, Value
from tailorbird.types.quarantined import CONFLICT, INTAKE, TEST_PLACE, Quarantined, quarantine
from tailorbird.types.settings import SignalSettings
from tailorbird.types.tracking_plan import EventRule, FieldRule, TrackingPlan

pytestmark = pytest.mark.slow

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
STRICT = TrackingPlan({"Order Completed": EventRule(properties={"total": FieldRule("number")})})
LOOSE = TrackingPlan({"Order Completed": EventRule()})
BAD: dict[str, Any] = {"type": "track", "event": "Order Completed", "userId": "u1", "properties": {"total": "12,50"}}
MAPPING = ImportMapping(
    "orders.csv",
    events=(
        EventTarget(
            "Order Completed",
            timestamp="when",
            user_id="who",
            group_by=("order",),
            properties={"total": Value(product=("price",), sum=True)},
            lines=Lines({"sku": "sku"}),
        ),
    ),
)
HEADER, GOOD = "order,who,when,sku,price", "1,u1,2026-01-01,tea,2.5"
ORDER = ["2,u2,2026-01-02,tea,1", "2,u2,2026-01-02,mug,free"]


class DiesWhenRemoving(FolderQuarantine):
    """A process that is killed after the events are in the log and before the rows are gone."""

    def remove(self, ids: Collection[str]) -> int:
        raise KeyboardInterrupt


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log, self.quarantine = SegmentLog(folder / "events"), FolderQuarantine(folder / "quarantine")

    def refuse(self, *rows: Quarantined) -> None:
        self.quarantine.add(rows)

    def replay(
        self, plan: TrackingPlan | None = None, mapping: ImportMapping = MAPPING, only: str = "", store: Any = None
    ) -> ReplayReport:
        screening, where = Screening(PlanChecks(plan) if plan else None), (self.log, DuckdbWarehouse(threads=1))
        signals = SignalSettings(categories={"stats": ("Analytics",)})
        replay = Replay({"orders": mapping}, screening, store or self.quarantine, *where, self.folder, NOON, signals)
        return replay.run(lambda row: only in (row.id, ""))

    def bring(self, *lines: str, mapping: ImportMapping = MAPPING) -> None:
        path = self.folder / "orders.csv"
        path.write_text("\n".join([HEADER, *lines]) + "\n")
        warehouse = DuckdbWarehouse(threads=1)
        ingest(mapping, path, "imports/orders.yaml", warehouse, self.log, self.quarantine, self.folder, NOON)

    def events(self) -> list[dict[str, Any]]:
        return read_segments(self.log.seal())


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def sent(body: Any, place: str = "/v1/track", reason: str = "old") -> Quarantined:
    return quarantine(INTAKE, place, reason, body if isinstance(body, str) else json.dumps(body), NOON)


def test_an_event_that_the_present_plan_takes_enters_the_log_and_leaves(shop: Shop) -> None:
    shop.refuse(sent(BAD))
    assert shop.replay(LOOSE) == ReplayReport(1, 1, 1)
    (event,) = shop.events()
    assert (event["user_id"], event["timestamp"]) == ("u1", NOON.replace(tzinfo=None))
    assert list(shop.quarantine.rows()) == []
    assert shop.replay(LOOSE) == ReplayReport(0, 0, 0)


def test_one_that_is_still_wrong_stays_with_the_present_reason(shop: Shop) -> None:
    shop.refuse(sent(BAD), sent("{half", "/v1/batch"))
    report = shop.replay(STRICT)
    assert (report.chosen, report.passed, shop.events()) == (2, 0, [])
    assert any(reason.startswith("Order Completed: properties.total is the text") for reason in report.by_reason)
    rows = list(shop.quarantine.rows())
    assert len(rows) == 2 and "old" not in {row.reason for row in rows}


def test_a_replay_that_was_killed_before_the_rows_were_gone_is_done_again_without_doubles(shop: Shop) -> None:
    shop.refuse(sent(BAD), sent({**BAD, "userId": "u2"}, "/v1/t"))
    with pytest.raises(KeyboardInterrupt):
        shop.replay(LOOSE, store=DiesWhenRemoving(shop.folder / "quarantine"))
    assert len(list(shop.quarantine.rows())) == 2
    assert shop.replay(LOOSE) == ReplayReport(2, 2, 0)
    assert len(shop.events()) == 2


def test_an_event_of_a_batch_is_read_as_it_was_with_the_batch_s_clock_and_context(shop: Shop) -> None:
    late = {**BAD, "timestamp": "2026-06-01T13:00:00Z"}
    whole = {"batch": [late], "sentAt": "2026-06-01T13:10:00Z", "context": {"library": {"name": "x"}}}
    judge = Screening(PlanChecks(STRICT)).judge
    (refused,) = read_batch(json.dumps(whole).encode(), NOON, judge=judge).refused
    shop.refuse(sent(refused.raw.decode(), "/v1/batch"))
    assert shop.replay(LOOSE).events == 1
    (event,) = shop.events()
    assert event["timestamp"] == datetime(2026, 6, 1, 11, 50, tzinfo=UTC).replace(tzinfo=None)
    assert json.loads(event["context"]) == {"library": {"name": "x"}}


def test_an_event_of_testers_stays_a_test(shop: Shop) -> None:
    shop.refuse(sent(BAD, "/v1/track" + TEST_PLACE))
    shop.replay(LOOSE)
    assert json.loads(shop.events()[0]["context"]) == {"test": True}


def test_an_id_that_is_another_event_s_stays(shop: Shop) -> None:
    shop.refuse(sent({**BAD, "messageId": "m"}))
    shop.replay(LOOSE)
    shop.refuse(sent({**BAD, "messageId": "m", "userId": "other"}, reason="another event has this id"))
    assert shop.replay(LOOSE) == ReplayReport(1, 0, 0, {"another event has this id": 1})


def test_rows_of_an_import_come_in_by_the_present_mapping_with_their_whole_order(shop: Shop) -> None:
    shop.bring(GOOD, *ORDER, "3,u3,soon,jar,1", "4,short")
    one = next(row for row in shop.quarantine.rows() if "free" in row.body)
    target = replace(MAPPING.events[0], properties={})
    report = shop.replay(mapping=replace(MAPPING, events=(target,)), only=one.id)
    assert (report.chosen, report.passed, report.events) == (4, 2, 1)
    kept = {row.place.rpartition(":")[2]: row.reason.partition(":")[0] for row in shop.quarantine.rows()}
    assert kept == {"5": "when", "6": "is not a row of the table"}
    order = next(event for event in shop.events() if event["user_id"] == "u2")
    assert json.loads(order["properties"]) == {"products": [{"sku": "tea"}, {"sku": "mug"}]}
    again = shop.replay()
    assert (again.chosen, again.passed, len(shop.events())) == (2, 0, 2)
    shop.bring(GOOD)
    assert list(shop.quarantine.rows()) == []


def test_what_a_mended_file_brings_again_after_a_replay_is_known(shop: Shop) -> None:
    shop.bring(GOOD, "3,,2026-01-03,jar,1")
    target = replace(MAPPING.events[0], user_id=None, anonymous_id="order")
    shop.replay(mapping=replace(MAPPING, events=(target,)))
    shop.bring(GOOD, "3,,2026-01-03,jar,1", mapping=replace(MAPPING, events=(target,)))
    assert len(shop.events()) == 2


def test_rows_of_a_catalog_and_of_a_mapping_that_is_gone_stay(shop: Shop) -> None:
    shop.bring(GOOD, *ORDER)
    report = shop.replay(mapping=replace(MAPPING, catalog=CatalogTarget("sku", "sku")))
    assert report.by_reason == {"imports/orders.yaml: it makes a catalog: import the file again": 2}
    gone = Replay({}, Screening(), shop.quarantine, shop.log, DuckdbWarehouse(), shop.folder, NOON)
    assert gone.run(lambda _: True).by_reason == {"imports/orders.yaml: there is no such mapping any more": 2}
    assert len(list(shop.quarantine.rows())) == 2


def test_a_signal_in_what_is_replayed_becomes_a_word_that_is_no_event_of_its_own_in_the_count(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    carrying = {**BAD, "messageId": "e1", "context": {"consent": {"categoryPreferences": {"Analytics": False}}}}
    shop.refuse(quarantine(INTAKE, "/v1/batch", "total must be a number", json.dumps(carrying), NOON))
    for events in (1, 0):
        assert shop.replay(LOOSE).events == events
        (word,) = [event for event in shop.events() if event["message_id"].startswith("categories:")]
        assert json.loads(word["properties"])["consents"] == {"stats": False}


def test_an_id_of_the_house_s_own_stays_in_quarantine(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.refuse(quarantine(INTAKE, "/v1/track", "?", json.dumps({**BAD, "userId": "anon:b1"}), NOON))
    report = shop.replay(LOOSE)
    assert (report.passed, list(report.by_reason)) == (
        0,
        ["userId begins with …, which is Tailorbird's own; send another id"],
    )


@pytest.mark.parametrize("sealed", [False, True])
def test_an_event_whose_id_is_another_event_s_stays_for_as_long_as_the_log_knows_the_id(
    tmp_path: Path, sealed: bool
) -> None:
    shop = Shop(tmp_path)
    first = {**BAD, "messageId": "m1", "properties": {"total": 1}}
    shop.log.append_lines([read_batch(json.dumps({"batch": [first]}).encode(), NOON).events])
    if sealed:
        shop.log.seal()
    other = json.dumps({**first, "properties": {"total": 2}})
    shop.refuse(quarantine(INTAKE, "messageId", CONFLICT, other, NOON))
    for _ in range(2):
        report = shop.replay()
        assert (report.chosen, report.passed, report.events) == (1, 0, 0)
        assert dict(report.by_reason) == {CONFLICT: 1}
        assert [row.body for row in shop.quarantine.rows()] == [other]
