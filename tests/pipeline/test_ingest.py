"""Import: counts that add up, quarantine, and nothing twice."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.ingest import ImportFailedError, ImportReport, ingest
from tailorbird.pipeline.people import open_views
from tailorbird.ports.event_log import EventLogError
from tailorbird.stages.events.columns import MappingError
from tailorbird.types.mapping import CatalogTarget, EventTarget, ImportMapping, Lines, TraitsTarget, Value
from tailorbird.types.quarantined import quarantine

pytestmark = pytest.mark.slow

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
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, folder / ".tailorbird"
        self.log = SegmentLog(self.state / "events")
        self.quarantine = FolderQuarantine(self.state / "quarantine")
        self.warehouse = DuckdbWarehouse(threads=1)

    def write(self, *lines: str, name: str = "orders.csv", header: str = HEADER) -> Path:
        path = self.folder / name
        path.write_text("\n".join([header, *lines]) + "\n")
        return path

    def ingest(self, path: Path, mapping: ImportMapping = MAPPING, name: str = "imports/orders.yaml") -> ImportReport:
        report = ingest(mapping, path, name, self.warehouse, self.log, self.quarantine, self.state, NOW)
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
        "when: is not a date and time as 2026-06-01 09:30 or 2026-06-01T09:30:00+02:00": 1,
        "who: is empty": 1,
    }
    listed = list(shop.quarantine.rows("imports/orders.yaml"))
    assert [(row.place, row.reason) for row in listed] == [
        (f"{path}:5", "who: is empty"),
        (f"{path}:6", "when: is not a date and time as 2026-06-01 09:30 or 2026-06-01T09:30:00+02:00"),
        (f"{path}:7", "is not a row of the table: missing columns"),
        (f"{path}:8", "price: is not a number"),
    ]
    assert json.loads(listed[0].body)["name"] == "Cy"
    assert json.loads(listed[2].body) == {"text": BAD[2]}
    assert {row.at for row in listed} == {NOW}
    assert [quarantine(row.source, row.place, row.reason, row.body, NOW) for row in listed] == listed


def test_another_file_of_the_same_mapping_leaves_what_is_in_quarantine(shop: Shop) -> None:
    shop.ingest(shop.write(*GOOD, BAD[0]))
    shop.ingest(shop.write(GOOD[0], BAD[1], name="more.csv"))
    assert sorted(Path(row.place).name for row in shop.quarantine.rows()) == ["more.csv:3", "orders.csv:5"]
    shop.ingest(shop.write(*GOOD))
    assert [Path(row.place).name for row in shop.quarantine.rows()] == ["more.csv:3"]


def test_the_same_file_again_is_all_duplicate_and_changes_nothing(shop: Shop) -> None:
    path = shop.write(*GOOD, GOOD[0])
    first = shop.ingest(path)
    segments = list(shop.log.seal())
    again = shop.ingest(path)
    assert (first.accepted, first.duplicate) == (4, 0)
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


def orders(shop: Shop) -> dict[str, float]:
    """The total of each order in the log."""
    open_views(shop.warehouse, shop.log)
    total = "CAST(properties ->> '$.total' AS DOUBLE)"
    return dict(shop.warehouse.rows(f"SELECT message_id, {total} FROM events WHERE event = 'Order Completed'"))


def test_an_order_with_a_wrong_line_waits_whole_and_comes_in_whole_when_the_line_is_mended(shop: Shop) -> None:
    wrong = "1,u1,Ada,2026-01-01,mug,four"
    path = shop.write(GOOD[0], wrong, GOOD[2])
    report = shop.ingest(path)
    assert (report.rows_in, report.accepted, report.quarantined) == (3, 1, 2)
    assert report.by_reason == {"order: another line of it is wrong": 1, "price: is not a number": 1}
    assert [(row.place, row.reason) for row in shop.quarantine.rows()] == [
        (f"{path}:2", "order: another line of it is wrong: line 3"),
        (f"{path}:3", "price: is not a number"),
    ]
    assert orders(shop) == {"order-2": 2.5}
    mended = shop.ingest(shop.write(*GOOD))
    assert (mended.accepted, mended.duplicate, mended.quarantined) == (2, 1, 0)
    assert orders(shop) == {"order-1": 6.5, "order-2": 2.5}


def test_a_quarantined_row_tells_nothing_about_its_person(shop: Shop) -> None:
    report = shop.ingest(shop.write(GOOD[2], "1,u1,Ada,2026-01-01,tea,2.5", "1,u1,Ada,2026-01-01,mug,free"))
    assert (report.events, report.people, report.quarantined) == (2, 1, 2)
    open_views(shop.warehouse, shop.log)
    assert shop.warehouse.rows("SELECT DISTINCT user_id FROM events") == [("u2",)]


LINES = st.tuples(
    st.integers(1, 4), st.sampled_from(["tea", "mug", "tin"]), st.integers(1, 9), st.sampled_from(["", "who", "price"])
)


@settings(max_examples=25, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=8))
def test_wrong_lines_then_mended_lines_make_the_orders_of_a_file_that_was_right_at_once(
    lines: list[tuple[int, str, int, str]],
) -> None:
    """Also: a row that waits is of an order with a wrong line, and feeds nothing before it is mended."""
    right = [f"{n},u{n},Ada,2026-01-0{n},{sku},{price}" for n, sku, price, _ in lines]
    wrong = [
        f"{n},{'' if bad == 'who' else f'u{n}'},Ada,2026-01-0{n},{sku},{'free' if bad == 'price' else price}"
        for n, sku, price, bad in lines
    ]
    waiting = {n for n, _, _, bad in lines if bad}
    mapping = ImportMapping("orders.csv", events=MAPPING.events, traits=MAPPING.traits)
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        twice, once = Shop(Path(one)), Shop(Path(two))
        first = twice.ingest(twice.write(*wrong), mapping)
        assert first.quarantined == sum(n in waiting for n, *_ in lines)
        if first.events:
            open_views(twice.warehouse, twice.log)
            people = {user for (user,) in twice.warehouse.rows("SELECT DISTINCT user_id FROM events")}
            assert people == {f"u{n}" for n, *_ in lines if n not in waiting}
        second = twice.ingest(twice.write(*right), mapping)
        assert second.quarantined == 0
        once.ingest(once.write(*right), mapping)
        assert orders(twice) == orders(once)


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


def test_events_are_received_at_the_moment_of_the_import_and_none_lies_after_it(shop: Shop) -> None:
    path = shop.write("1,u1,Ada,2026-01-01,tea,2.5", "2,u2,Bo,2099-01-01,mug,4")
    assert shop.ingest(path).events == 4
    open_views(shop.warehouse, shop.log)
    now = NOW.replace(tzinfo=None)
    rows = shop.warehouse.rows("SELECT DISTINCT user_id, timestamp, received_at FROM events ORDER BY 1")
    assert rows == [("u1", datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), now), ("u2", now, now)]
    assert shop.ingest(path).duplicate == 2


def test_a_damaged_log_is_not_blamed_on_the_file_that_is_imported(shop: Shop) -> None:
    events = shop.state / "events"
    events.mkdir(parents=True)
    (events / "1-1-1.parquet").write_bytes(b"PAR1 damage and more of it PAR1")
    with pytest.raises((EventLogError, ImportFailedError), match=r"event log|1-1-1\.parquet") as caught:
        shop.ingest(shop.write(*GOOD))
    assert "orders.csv" not in str(caught.value) and "out of" in str(caught.value)


def test_a_segment_that_is_damaged_inside_is_not_blamed_on_the_file_either(shop: Shop) -> None:
    path = shop.write(*GOOD)
    shop.ingest(path)
    (segment,) = shop.log.seal()
    segment.write_bytes(b"PAR1" + b"\xff" * 60 + segment.read_bytes()[64:])
    with pytest.raises(ImportFailedError, match=r"^the event log .* cannot be read.*out of .*/events") as caught:
        shop.ingest(path)
    assert "orders.csv" not in str(caught.value)
