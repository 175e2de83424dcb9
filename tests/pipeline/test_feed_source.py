"""Product files before their import, and whole feeds through it."""

import csv
import gzip
import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.feed_source import open_product_file
from tailorbird.pipeline.ingest import ImportFailedError, ImportReport, ingest
from tailorbird.pipeline.source_file import SourceError
from tailorbird.types.item import Item
from tailorbird.types.mapping import CatalogTarget, ImportMapping

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DATA = Path(os.environ.get("TAILORBIRD_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>
<item><g:id>k1</g:id><title>Kettle</title><g:price>19.99 GBP</g:price><g:availability>in_stock</g:availability>
<g:sale_price>15.00 GBP</g:sale_price><g:sale_price_effective_date>2026-05-31T00:00Z/2026-06-02T00:00Z</g:sale_price_effective_date></item>
<item><g:id>k2</g:id><title>Yen mug</title><g:price>700 JPY</g:price><g:availability>out_of_stock</g:availability></item>
<item><g:id>k3</g:id><title>Odd</title><g:price>19,99 EUR</g:price></item>
</channel></rss>"""


def real(name: str) -> Path:
    path = DATA / name
    if not path.is_file():
        if "data" in os.environ.get("TAILORBIRD_REQUIRE", ""):
            pytest.fail(f"{path} is required")
        pytest.skip(f"{path} is not there; set TAILORBIRD_DATA")
    return path


def take(path: Path, state: Path, mapping: ImportMapping | None = None) -> tuple[ImportReport, dict[str, Item]]:
    warehouse, log = DuckdbWarehouse(threads=1), SegmentLog(state / "events")
    quarantine = FolderQuarantine(state / "quarantine")
    report = ingest(
        mapping or ImportMapping(str(path)),
        path,
        "imports/feed.yaml",
        warehouse,
        log,
        quarantine,
        state,
        NOW,
        currency="GBP",
    )
    log.close()
    assert report.rows_in == report.accepted + report.duplicate + report.quarantined
    assert not list((state / "incoming").iterdir())
    return report, load_catalog(warehouse, state, NOW)


def test_an_xml_feed_is_a_catalog_and_its_wrong_offer_waits(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(FEED)
    report, items = take(feed, tmp_path / "state")
    assert (report.rows_in, report.accepted, report.quarantined) == (3, 2, 1)
    assert report.by_reason == {"price: has a comma; write it as 1234.50": 1}
    assert (items["k1"].price, items["k1"].currency) == (Decimal("15.00"), "GBP")
    assert (items["k2"].price, items["k2"].in_stock) == (Decimal(700), False)
    assert take(feed, tmp_path / "state")[0].duplicate == 2


@pytest.mark.parametrize("name", ["feed.xml.gz", "feed.tsv"])
def test_the_same_feed_packed_or_as_a_table_is_the_same_catalog(tmp_path: Path, name: str) -> None:
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(FEED.encode()))
    else:
        (tmp_path / name).write_text(
            "id\ttitle\tlink\tprice\tavailability\tsale price\tsale price effective date\n"
            "k1\tKettle\t\t19.99 GBP\tin stock\t15.00 GBP\t2026-05-31T00:00Z/2026-06-02T00:00Z\n"
            "k2\tYen mug\t\t700 JPY\tout of stock\t\t\nk3\tOdd\t\t19,99 EUR\tin stock\t\t\n"
        )
    (tmp_path / "feed.xml").write_text(FEED)
    _, expected = take(tmp_path / "feed.xml", tmp_path / "a")
    report, items = take(tmp_path / name, tmp_path / "b")
    assert report.by_reason == {"price: has a comma; write it as 1234.50": 1}
    assert {i: (x.name, x.price, x.in_stock) for i, x in items.items()} == {
        i: (x.name, x.price, x.in_stock) for i, x in expected.items()
    }


def test_a_real_shopify_export_is_twenty_products(tmp_path: Path) -> None:
    path = real("shopify/apparel.csv")
    with path.open(newline="", encoding="utf-8") as file:
        handles = {row["Handle"] for row in csv.DictReader(file)}
    report, items = take(path, tmp_path)
    assert (report.accepted, report.quarantined, items.keys()) == (20, 0, handles)
    top = items["classic-varsity-top"]
    assert (top.name, top.price, top.stock) == ("Classic Varsity Top", Decimal("60.00"), None)
    assert top.text("size", "en-GB") == "Small, Medium, Large"
    apart = ImportMapping(str(path), variants="apart")
    assert len(take(path, tmp_path / "apart", apart)[1]) == 22


def test_seventeen_thousand_real_products_with_typed_attributes(tmp_path: Path) -> None:
    path = real("icecat/products.jsonl.gz")
    target = CatalogTarget(
        "id", "title", price="price", currency="EUR", minor_units=True, attributes=("supplier", "attr_t_*", "attr_n_*", "attr_b_*")
    )  # fmt: skip
    report, items = take(path, tmp_path, ImportMapping(str(path), catalog=target))
    assert (report.accepted, report.quarantined, len(items)) == (17_390, 0, 17_390)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            item = items[row["id"]]
            assert item.price == Decimal(row["price"]) / 100
            for key in ("attr_t_product_type", "attr_b_touchscreen"):
                value = {True: "true", False: "false"}.get(row.get(key), row.get(key))
                assert item.text(key[7:], "") == (value or None)


def test_a_mapping_of_one_s_own_reads_a_shopify_file_as_a_plain_table(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("Handle,Title,Variant Price\na,Mug,1.50\n")
    own = ImportMapping(str(path), catalog=CatalogTarget("Handle", "Title", price="Variant Price"))
    assert list(take(path, tmp_path / "state", own)[1]) == ["a"]
    opened = open_product_file(path, ImportMapping(str(path)), tmp_path / "scratch", "GBP")
    assert (opened.format, opened.why) == ("shopify", "it has the columns Handle, Title, Variant Price")
    assert open_product_file(path, own, tmp_path / "scratch", "GBP").format == "csv"


def test_a_plain_table_needs_no_mapping(tmp_path: Path) -> None:
    path = tmp_path / "items.csv.gz"
    path.write_bytes(gzip.compress(b"sku,title,price,material\na,Mug,1.50,oak\nb,Jug,1.505,ash\n"))
    report, items = take(path, tmp_path / "state")
    assert (items["a"].price, items["a"].text("material", "")) == (Decimal("1.50"), "oak")
    assert report.by_reason == {"price: has more decimals than its currency, or is too large": 1}
    (listed,) = (tmp_path / "state" / "quarantine").glob("*.jsonl")
    (row,) = [json.loads(line) for line in listed.read_text().splitlines()]
    assert row["place"].endswith(":3")
    assert row["reason"].startswith("price: has more decimals")


def test_what_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"a" * (65 << 20)))
    (tmp_path / "torn.csv.gz").write_bytes(gzip.compress(b"id,title\n1,Mug\n")[:-9])
    (tmp_path / "evil.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><rss><item/></rss>')
    (tmp_path / "none.xml").write_text("<rss><item><id>1</id></item></rss>")
    for name, why in (
        ("bomb.csv.gz", "times its size"),
        ("torn.csv.gz", "no whole gzip"),
        ("evil.xml", "take it out"),
        ("none.xml", "line 1: title is empty"),
    ):
        with pytest.raises(SourceError, match=why):
            open_product_file(tmp_path / name, ImportMapping(name), tmp_path / "scratch", "GBP")
        with pytest.raises(ImportFailedError, match=why):
            take(tmp_path / name, tmp_path / "state")
