"""Mappings as SQL: what each row becomes, and why a row is wrong."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.columns import MappingError
from tailorbird.stages.events.mapping_sql import compile_import
from tailorbird.stages.events.source_sql import read_source
from tailorbird.types.mapping import (
    CatalogTarget,
    ColumnCheck,
    Derivation,
    EventTarget,
    ImportMapping,
    Lines,
    RowTest,
    TraitsTarget,
    Value,
)

ORDERS = EventTarget(
    "Order Completed",
    timestamp="when",
    user_id="customer",
    message_id=Value(text="order-{order}"),
    group_by=("order",),
    properties={"order_id": "order", "total": Value(product=("price", "n"), sum=True, decimals=2)},
    context={"country": "country"},
    lines=Lines({"product_id": "sku", "quantity": Value("n", type="integer")}, sort=Value(product=("price", "n"))),
)
NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
HEADER = "order,customer,when,sku,n,price,country\n"


class Imported:
    def __init__(self, mapping: ImportMapping, text: str, folder: Path, seen: Sequence[str] = ()) -> None:
        file = folder / "data.csv"
        file.write_text(text)
        self.warehouse = DuckdbWarehouse(threads=1)
        for statement in read_source(str(file)):
            self.warehouse.run(statement)
        types = {name: kind for name, kind, *_ in self.warehouse.rows("DESCRIBE import_source")}
        self.sql = compile_import(mapping, types, str(file), "imports/x.yaml", NOW)
        for statement in (*self.sql.rows, *self.sql.judged):
            self.warehouse.run(statement)
        self.warehouse.load("import_seen", {"message_id": list(seen)})
        self.warehouse.run("ALTER TABLE import_seen ALTER message_id TYPE VARCHAR")
        for statement in self.sql.status:
            self.warehouse.run(statement)

    def events(self) -> list[dict[str, Any]]:
        names = [
            "message_id",
            "type",
            "event",
            "user_id",
            "anonymous_id",
            "timestamp",
            "received_at",
            "properties",
            "traits",
            "context",
        ]
        rows = [dict(zip(names, row, strict=True)) for row in self.warehouse.rows(self.sql.new_events)]
        return [row | {key: json.loads(row[key]) for key in ("properties", "traits", "context")} for row in rows]

    def status(self) -> list[tuple[Any, ...]]:
        return self.warehouse.rows("SELECT status, field, reason FROM import_status ORDER BY _row")


def test_rows_of_one_order_become_one_event_with_its_lines(tmp_path: Path) -> None:
    text = HEADER + "1,9,2026-01-02 03:04:05,a,2,10.10,GB\n1,9,2026-01-02 03:04:05,b,1,0.05,GB\n"
    (event,) = Imported(ImportMapping("x", events=(ORDERS,)), text, tmp_path).events()
    assert event["message_id"] == "order-1"
    assert event["user_id"] == "9"
    assert event["timestamp"].isoformat() == "2026-01-02T03:04:05"
    assert event["context"] == {"country": "GB"}
    assert event["properties"] == {
        "order_id": "1",
        "total": 20.25,
        "products": [{"product_id": "b", "quantity": 1}, {"product_id": "a", "quantity": 2}],
    }


def test_every_wrong_row_has_its_column_and_its_reason(tmp_path: Path) -> None:
    target = EventTarget(
        "E",
        timestamp="when",
        user_id="who",
        checks={"n": ColumnCheck(type="integer", min=1, max=5), "kind": ColumnCheck(required=False, one_of=("a", "b"))},
    )
    rows = [
        "u,2026-01-01,3,a",
        ",2026-01-01,3,a",
        "u,yesterday,3,a",
        "u,,3,a",
        "u,2026-01-01,2.5,a",
        "u,2026-01-01,0,a",
    ]
    rows += ["u,2026-01-01,6,a", "u,2026-01-01,,a", "u,2026-01-01,3,c", "u,2026-01-01,3,"]
    got = Imported(
        ImportMapping("x", events=(target,)), "\n".join(["who,when,n,kind", *rows]) + "\n", tmp_path
    ).status()
    assert got == [
        ("accepted", None, None),
        ("quarantined", "who", "is empty"),
        ("quarantined", "when", "is not a date and time as 2026-06-01 09:30 or 2026-06-01T09:30:00+02:00"),
        ("quarantined", "when", "is empty"),
        ("quarantined", "n", "is not a whole number"),
        ("quarantined", "n", "is below 1"),
        ("quarantined", "n", "is above 5"),
        ("quarantined", "n", "is empty"),
        ("quarantined", "kind", "is none of a, b"),
        ("accepted", None, None),
    ]


def test_a_seen_event_is_a_duplicate_and_a_copy_of_a_line_is_a_line(tmp_path: Path) -> None:
    line = "{},9,2026-01-02,a,1,1,GB\n"
    text = HEADER + line.format(1) + line.format(1) + line.format(2)
    got = Imported(ImportMapping("x", events=(ORDERS,)), text, tmp_path, seen=["order-2"])
    assert [status for status, *_ in got.status()] == ["accepted", "accepted", "duplicate"]
    (event,) = got.events()
    assert len(event["properties"]["products"]) == 2


def test_a_row_that_no_target_takes_is_quarantined(tmp_path: Path) -> None:
    target = EventTarget("E", "when", "who", where=(RowTest("kind", equals="sale"),))
    got = Imported(ImportMapping("x", events=(target,)), "who,when,kind\nu,2026-01-01,visit\n", tmp_path)
    assert got.status() == [("quarantined", "", "no target of the mapping takes this row")]


def test_identify_events_are_told_only_when_traits_change(tmp_path: Path) -> None:
    target = TraitsTarget("who", "when", {"city": "city"}, {"email_marketing": "ok"})
    text = (
        "who,when,city,ok\nu,2026-01-01,Bath,yes\nu,2026-01-02,Bath,yes\nu,2026-01-03,York,no\nu,2026-01-04,Bath,no\n"
    )
    got = Imported(ImportMapping("x", traits=target), text, tmp_path)
    assert [event["traits"] for event in got.events()] == [
        {"city": "Bath", "consents": {"email_marketing": True}},
        {"city": "York", "consents": {"email_marketing": False}},
        {"city": "Bath", "consents": {"email_marketing": False}},
    ]
    assert {status for status, *_ in got.status()} == {"accepted"}


def test_times_are_local_unless_they_say_where_they_are(tmp_path: Path) -> None:
    target = EventTarget("E", "when", "who", message_id="id")
    text = "who,when,id\nu,2026-07-01 12:00:00,1\nu,2026-07-01T12:00:00Z,2\nu,2026-07-01 12:00:00+02:00,3\nu,2026-07-01,4\n"
    got = Imported(ImportMapping("x", timezone="Europe/London", events=(target,)), text, tmp_path).events()
    assert {event["message_id"]: event["timestamp"].isoformat() for event in got} == {
        "1": "2026-07-01T11:00:00",
        "2": "2026-07-01T12:00:00",
        "3": "2026-07-01T10:00:00",
        "4": "2026-06-30T23:00:00",
    }


def test_families_come_from_declared_patterns_first_match_first(tmp_path: Path) -> None:
    family = Derivation("name", {"mugs": ("mugs?",), "tea": ("tea", "teapots?")}, "other")
    mapping = ImportMapping(
        "x",
        derive={"family": family, "title": Derivation("name", letters="title")},
        catalog=CatalogTarget("sku", "title", "family", "price", currency="GBP"),
    )
    text = "sku,name,price\n1,TEA  MUG,1\n2,BOX OF TEA,2.5\n3,STEAM IRON,\n4,  ,1\n5,Pot,-1\n"
    got = Imported(mapping, text, tmp_path)
    assert got.sql.catalog
    assert [row[:4] for row in got.warehouse.rows(got.sql.catalog)] == [
        ("1", "Tea Mug", "mugs", 100),
        ("2", "Box of Tea", "tea", 250),
        ("3", "Steam Iron", "other", None),
    ]
    assert got.status()[3:] == [("quarantined", "title", "is empty"), ("quarantined", "price", "is below 0")]


def test_a_grouped_catalog_takes_the_last_row_and_leaves_counting_to_the_events(tmp_path: Path) -> None:
    catalog = CatalogTarget("sku", "sku", price="price", grouped=True)
    text = HEADER + "1,9,2026-01-02,a,1,1,GB\n2,9,2026-01-03,a,1,2,GB\n3,,2026-01-03,z,1,3,GB\n"
    got = Imported(ImportMapping("x", events=(ORDERS,), catalog=catalog), text, tmp_path)
    assert got.sql.catalog
    assert [(row[0], row[3]) for row in got.warehouse.rows(got.sql.catalog)] == [("a", 200), ("z", 300)]
    assert [status for status, *_ in got.status()] == ["accepted", "accepted", "quarantined"]


@pytest.mark.slow
def test_a_row_that_one_target_finds_wrong_feeds_no_other(tmp_path: Path) -> None:
    traits = TraitsTarget("customer", "when", {"country": "country"}, checks={"country": ColumnCheck(one_of=("GB",))})
    catalog = CatalogTarget("sku", "sku", price="price")
    text = HEADER + "1,9,2026-01-02,a,1,free,GB\n2,8,2026-01-02,b,1,1,XX\n3,7,2026-01-02,c,1,1,GB\n"
    got = Imported(ImportMapping("x", events=(ORDERS,), traits=traits, catalog=catalog), text, tmp_path)
    assert got.status() == [
        ("quarantined", "price", "is not a number"),
        ("quarantined", "country", "is none of GB"),
        ("accepted", None, None),
    ]
    assert [(event["type"], event["user_id"]) for event in got.events()] == [("identify", "7"), ("track", "7")]
    assert got.sql.catalog
    assert [row[0] for row in got.warehouse.rows(got.sql.catalog)] == ["c"]


@pytest.mark.slow
def test_a_group_waits_for_a_line_that_another_target_finds_wrong(tmp_path: Path) -> None:
    traits = TraitsTarget("customer", "when", {"country": "country"}, checks={"country": ColumnCheck()})
    text = HEADER + "1,9,2026-01-02,a,1,1,GB\n1,9,2026-01-02,b,1,1,\n2,8,2026-01-02,a,1,1,GB\n"
    got = Imported(ImportMapping("x", events=(ORDERS,), traits=traits), text, tmp_path)
    assert got.status() == [
        ("quarantined", "order", "another line of it is wrong"),
        ("quarantined", "country", "is empty"),
        ("accepted", None, None),
    ]
    assert {event["user_id"] for event in got.events()} == {"8"}


@pytest.mark.slow
def test_rows_without_a_group_key_are_wrong_alone(tmp_path: Path) -> None:
    text = HEADER + ",9,2026-01-02,a,1,1,GB\n,9,2026-01-02,b,1,1,GB\n2,9,2026-01-02,a,1,1,GB\n"
    for target in (ORDERS, replace(ORDERS, message_id=None)):
        got = Imported(ImportMapping("x", events=(target,)), text, tmp_path)
        assert [status[:2] for status in got.status()] == [("quarantined", "order")] * 2 + [("accepted", None)]
        assert {reason for _, _, reason in got.status()} == {"is empty", None}


@pytest.mark.slow
def test_groups_that_share_rows_wait_together(tmp_path: Path) -> None:
    days = EventTarget("Day", "when", "customer", group_by=("customer", "when"))
    lines = ["1,9,2026-01-02,a,1,free,GB", "1,9,2026-01-03,b,1,1,GB", "2,9,2026-01-03,c,1,1,GB"]
    lines += ["2,9,2026-01-04,d,1,1,GB", "3,9,2026-01-05,e,1,1,GB"]
    got = Imported(ImportMapping("x", events=(ORDERS, days)), HEADER + "\n".join(lines) + "\n", tmp_path)
    reason = "another line of it is wrong"
    assert got.status() == [
        ("quarantined", "price", "is not a number"),
        ("quarantined", "order", reason),
        ("quarantined", "order", reason),
        ("quarantined", "order", reason),
        ("accepted", None, None),
    ]
    assert sorted(event["event"] for event in got.events()) == ["Day", "Order Completed"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (EventTarget("E", "wehn", "who"), r"imports/x\.yaml: events\[0\]\.timestamp: data\.csv has no column 'wehn'; did you mean 'when'"),
        (EventTarget("E", "when", "who", properties={"total": "zzz"}), r"events\[0\]\.properties\.total: .* the file has 'who', 'when', 'n'"),
        (EventTarget("E", "when"), "an event needs user_id or anonymous_id"),
        (EventTarget("E", "when", "who", lines=Lines({"a": "n"})), "lines need group_by"),
        (EventTarget("E", "when", "who", group_by=("who",), message_id="n"), "'n' is not in group_by"),
        (EventTarget("E", "when", Value()), "exactly one of column, text, constant or product"),
        (EventTarget("E", "when", "who", where=(RowTest("n"),)), r"events\[0\]\.where\[0\]: a test needs exactly one"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_the_file_says_where(target: EventTarget, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        compile_import(
            ImportMapping("x", events=(target,)),
            dict.fromkeys(["who", "when", "n"], "VARCHAR"),
            "data.csv",
            "imports/x.yaml",
            NOW,
        )


def test_a_mapping_of_nothing_is_refused() -> None:
    with pytest.raises(MappingError, match="it maps nothing"):
        compile_import(ImportMapping("x"), {"a": "VARCHAR"}, "data.csv", "imports/x.yaml", NOW)


@pytest.mark.slow
def test_a_row_dated_after_the_import_gets_the_imports_moment_and_keeps_its_id(tmp_path: Path) -> None:
    mapping = ImportMapping("x", traits=TraitsTarget("customer", "when", {"country": "country"}))
    told = [
        Imported(mapping, HEADER + f"1,c,{when},a,1,1,GB\n", tmp_path).events()[0]
        for when in ("2026-07-31 10:00", "2099-01-01")
    ]
    assert [str(event["timestamp"]) for event in told] == ["2026-07-31 10:00:00", "2026-08-01 12:00:00"]
    assert {str(event["received_at"]) for event in told} == {"2026-08-01 12:00:00"}
    later = compile_import(mapping, {"customer": "VARCHAR", "when": "VARCHAR", "country": "VARCHAR"}, "f.csv", "m", NOW)
    assert all("2026-08-01" not in statement for statement in (*later.rows, *later.judged))
