"""Imports under a tracking plan: what violates it waits in quarantine, whole orders with it, and the rest comes in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline import hold_to_plan
from tailorbird.pipeline.ingest import ImportReport, ingest
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.types.mapping import EventTarget, ImportMapping, Lines, TraitsTarget, Value
from tailorbird.types.tracking_plan import EventRule, FieldRule, TrackingPlan

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MAPPING = ImportMapping(
    "orders.csv",
    events=(
        EventTarget(
            "Order Completed",
            timestamp="when",
            user_id="who",
            message_id=Value(text="order-{order}"),
            group_by=("order",),
            properties={"total": Value(product=("price",), sum=True)},
            lines=Lines({"product_id": "sku"}),
        ),
    ),
    traits=TraitsTarget("who", "when", {"email": "mail"}),
)
LINE = FieldRule("object", properties={"product_id": FieldRule(pattern="^[a-z]+$")})
ORDER = EventRule(properties={"total": FieldRule("number", maximum=100), "products": FieldRule("array", items=LINE)})
PLAN = TrackingPlan({"Order Completed": ORDER}, EventRule(properties={"email": FieldRule(format="email")}))
ROWS = ["1,u1,2026-01-01,tea,2,a@x.example", "1,u1,2026-01-01,mug,4,a@x.example", "2,u2,2026-01-02,tea,500,b@x.example"]
BAD_SKU = ["3,u3,2026-01-03,tea,1,c@x.example", "3,u3,2026-01-03,T-9,1,c@x.example"]
BAD_MAIL = ["4,u4,2026-01-04,tea,1,nobody"]


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log, self.quarantine = SegmentLog(folder / "events"), FolderQuarantine(folder / "quarantine")
        self.warehouse = DuckdbWarehouse(threads=1)

    def bring(self, *lines: str, plan: TrackingPlan | None = PLAN, mapping: ImportMapping = MAPPING) -> ImportReport:
        path = self.folder / "orders.csv"
        path.write_text("\n".join(["order,who,when,sku,price,mail", *lines]) + "\n")
        checks = PlanChecks(plan) if plan else None
        where = (self.warehouse, self.log, self.quarantine, self.folder, NOW)
        report = ingest(mapping, path, "imports/orders.yaml", *where, checks)
        assert report.rows_in == report.accepted + report.duplicate + report.quarantined
        assert sum(report.by_reason.values()) == report.quarantined
        return report

    def ids(self) -> list[str]:
        self.warehouse.attach("logged", self.log.seal())
        query = "SELECT coalesce(event, type) || ' ' || user_id FROM logged ORDER BY ALL"
        return [name for (name,) in self.warehouse.rows(query)]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.mark.parametrize("part", [1, 100_000])
def test_rows_of_events_that_violate_the_plan_wait_with_their_whole_order(
    shop: Shop, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_to_plan, "_PART_EVENTS", part)
    report = shop.bring(*ROWS, *BAD_SKU, *BAD_MAIL)
    assert (report.accepted, report.quarantined, report.events) == (2, 4, 2)
    assert shop.ids() == ["Order Completed u1", "identify u1"]
    assert report.by_reason == {
        "events.yaml: Order Completed: properties.products[…].product_id is the text …, but must match …": 2,
        "events.yaml: Order Completed: properties.total is the number …, but must be at most …": 1,
        "events.yaml: identify: traits.email is the text …, but must be an e-mail address": 1,
    }
    reasons = [row.reason for row in shop.quarantine.rows()]
    assert "events.yaml: Order Completed: properties.total is the number 500.0, but must be at most 100" in reasons


def test_when_the_plan_is_mended_the_next_import_brings_them_in(shop: Shop) -> None:
    shop.bring(*ROWS, *BAD_SKU)
    report = shop.bring(*ROWS, *BAD_SKU, plan=TrackingPlan({"Order Completed": EventRule()}))
    assert (report.accepted, report.duplicate, report.quarantined) == (3, 2, 0)
    assert list(shop.quarantine.rows()) == []


def test_what_is_in_the_log_is_known_whatever_a_newer_plan_says(shop: Shop) -> None:
    shop.bring(*ROWS, plan=None)
    assert (shop.bring(*ROWS).duplicate, shop.bring(*ROWS, *BAD_MAIL).quarantined) == (3, 1)


def test_events_that_the_plan_does_not_know_come_in_and_are_counted_unless_it_is_strict(shop: Shop) -> None:
    other = TrackingPlan({"Order Lost": EventRule()}, strict=True)
    refused = shop.bring(*ROWS, plan=other)
    assert refused.quarantined == 3
    assert list(refused.by_reason) == ["events.yaml: … is in no plan; add it to events.yaml"]
    taken = shop.bring(*ROWS, plan=TrackingPlan(other.events))
    assert (taken.accepted, dict(taken.unplanned)) == (3, {"Order Completed": 2})
