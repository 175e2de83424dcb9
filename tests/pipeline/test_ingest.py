"""Import: counts that add up, quarantine, and nothing twice."""

import json
import os
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.ingest import ImportFailedError, ImportReport, ingest
from tailorbird.pipeline.people import open_views
from tailorbird.stages.events.columns import MappingError
from tailorbird.types.mapping import CatalogTarget, EventTarget, ImportMapping, Lines, TraitsTarget, Value

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
    traits=TraitsTarget("who", "when", {"email": Value(text="{who}@x.example"), "firstName": "name"}),
    catalog=CatalogTarget("sku", "sku", price="price", grouped=True),
)
GOOD = ["1,u1,Ada,2026-01-01,tea,2.5", "1,u1,Ada,2026-01-01,mug,4", "2,u2,Bo,2026-01-02,tea,2.5"]
BAD = ["3,,Cy,2026-01-02,tea,2.5", "4,u4,Di,soon,tea,2.5", "5,u5,Ed,2026-01-02,tea", "6,u6,Flo,2026-01-02,tea,free"]
HEADER = "order,who,name,when,sku,price"


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, folder / ".tailorbird"
        self.log = SegmentLog(self.state / "events")
        self.warehouse = DuckdbWarehouse(threads=1)

    def write(self, *lines: str, name: str = "orders.csv", header: str = HEADER) -> Path:
        path = self.folder / name
        path.write_text("\n".join([header, *lines]) + "\n")
        return path

    def ingest(self, path: Path, mapping: ImportMapping = MAPPING, name: str = "imports/orders.yaml") -> ImportReport:
        report = ingest(mapping, path, name, self.warehouse, self.log, self.state)
        assert report.rows_in == report.accepted + report.duplicate + report.quarantined
        assert sum(report.by_reason.values()) == report.quarantined
        return report


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_one_file_becomes_events_people_and_a_catalog(shop: Shop) -> None:
    report = shop.ingest(shop.write(*GOOD))
    assert (report.rows_in, report.accepted, report.duplicate, report.quarantined) == (3, 3, 0, 0)
    assert (report.events, report.people, report.items, report.quarantine) == (4, 2, 2, None)
    open_views(shop.warehouse, shop.log)
    assert shop.warehouse.rows("SELECT email, first_name FROM people ORDER BY 1") == [
        ("u1@x.example", "Ada"),
        ("u2@x.example", "Bo"),
    ]


def test_wrong_rows_are_listed_with_file_line_field_and_reason(shop: Shop) -> None:
    path = shop.write(*GOOD, *BAD)
    report = shop.ingest(path)
    assert (report.rows_in, report.accepted, report.quarantined) == (7, 3, 4)
    assert report.by_reason == {
        "is not a row of the table: missing columns": 1,
        "price: is not a number": 1,
        "when: is not a date and time": 1,
        "who: is empty": 1,
    }
    assert report.quarantine
    listed = [json.loads(line) for line in report.quarantine.read_text().splitlines()]
    assert [(row["file"], row["line"], row["field"], row["reason"]) for row in listed] == [
        (str(path), 5, "who", "is empty"),
        (str(path), 6, "when", "is not a date and time"),
        (str(path), 7, "", "is not a row of the table: missing columns"),
        (str(path), 8, "price", "is not a number"),
    ]
    assert listed[0]["row"]["name"] == "Cy"
    assert listed[2]["row"] == {"text": BAD[2]}


def test_the_same_file_again_is_all_duplicate_and_changes_nothing(shop: Shop) -> None:
    path = shop.write(*GOOD, GOOD[0])
    first = shop.ingest(path)
    segments = list(shop.log.seal())
    again = shop.ingest(path)
    assert (first.accepted, first.duplicate) == (3, 1)
    assert (again.accepted, again.duplicate, again.events, again.people) == (0, 4, 0, 0)
    assert again.catalog_version == first.catalog_version
    assert list(shop.log.seal()) == segments
    assert list((shop.state / "incoming").iterdir()) == []


def test_a_longer_file_brings_only_what_is_new(shop: Shop) -> None:
    shop.ingest(shop.write(*GOOD))
    report = shop.ingest(shop.write(*GOOD, "3,u3,Cy,2026-01-03,jar,7"))
    assert (report.accepted, report.duplicate, report.events, report.people, report.items) == (1, 3, 2, 1, 3)


def test_a_mended_file_takes_its_rows_out_of_quarantine(shop: Shop) -> None:
    report = shop.ingest(shop.write(*GOOD, BAD[0]))
    assert report.quarantine
    mended = shop.ingest(shop.write(*GOOD, BAD[0].replace(",,", ",u3,")))
    assert (mended.accepted, mended.quarantined, report.quarantine.exists()) == (1, 0, False)


def test_a_catalog_file_again_is_all_duplicate(shop: Shop) -> None:
    mapping = ImportMapping("items.csv", catalog=CatalogTarget("sku", "name", price="price"))
    path = shop.write("1,Mug,2", "2,Tin,", "1,Mug,3", name="items.csv", header="sku,name,price")
    first = shop.ingest(path, mapping)
    assert (first.accepted, first.duplicate, first.items, first.events) == (2, 1, 2, 0)
    again = shop.ingest(path, mapping)
    assert (again.accepted, again.duplicate) == (1 - 1, 3)
    assert again.catalog_version == first.catalog_version


def test_line_breaks_in_a_name_are_data_and_nothing_else(shop: Shop) -> None:
    path = shop.folder / "orders.jsonl"
    row = {"order": "1", "who": "u1", "name": "A\r\nBcc: x@y", "when": "2026-01-01", "sku": "tea", "price": 2}
    path.write_text(json.dumps(row) + "\n")
    assert shop.ingest(path).accepted == 1
    open_views(shop.warehouse, shop.log)
    assert shop.warehouse.rows("SELECT first_name FROM people") == [("A\r\nBcc: x@y",)]


def test_a_missing_file_and_a_missing_column_change_nothing(shop: Shop) -> None:
    with pytest.raises(ImportFailedError, match="there is no file"):
        shop.ingest(shop.folder / "nothing.csv")
    with pytest.raises(MappingError, match="no column 'price'"):
        shop.ingest(shop.write("1,u,A,2026-01-01,tea,1", header=HEADER.replace("price", "prize")))
    assert not (shop.state / "catalog").exists()
    assert list(shop.log.seal()) == []


@pytest.mark.parametrize("text", ["", "\n", HEADER + "\n"])
def test_a_file_without_rows_is_an_error_or_an_empty_import(shop: Shop, text: str) -> None:
    path = shop.folder / "orders.csv"
    path.write_text(text)
    events_only = ImportMapping("x", events=MAPPING.events)
    if not text.strip():
        with pytest.raises((ImportFailedError, MappingError), match=r"orders\.yaml: "):
            shop.ingest(path, events_only)
    else:
        report = shop.ingest(path, events_only)
        assert (report.rows_in, report.events) == (0, 0)


def test_a_file_that_is_no_parquet_is_one_clear_error(shop: Shop) -> None:
    path = shop.folder / "orders.parquet"
    path.write_bytes(b"not parquet at all")
    with pytest.raises(ImportFailedError, match=r"imports/orders\.yaml: .*orders\.parquet cannot be imported: "):
        shop.ingest(path)


def test_the_warehouse_is_left_without_import_tables(shop: Shop) -> None:
    shop.ingest(shop.write(*GOOD))
    tables = shop.warehouse.rows("SELECT table_name FROM information_schema.tables WHERE table_type <> 'VIEW'")
    assert tables == []
    assert os.listdir(shop.state / "catalog")
