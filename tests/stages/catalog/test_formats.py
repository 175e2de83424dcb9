"""Which format a product file has, and which of its columns say what."""

import pytest

from tailorbird.stages.catalog.formats import FormatError, detect_format, feed_target, guess_target
from tailorbird.types.mapping import Value

SHOPIFY = ["Handle", "Title", "Body (HTML)", "Variant Price"]


@pytest.mark.parametrize(
    ("suffix", "start", "header", "expected"),
    [
        (".parquet", b"PAR1", [], "parquet"),
        (".xml", b"<?xml", [], "google_merchant"),
        (".txt", b"\xef\xbb\xbf  <rss>", [], "google_merchant"),
        (".jsonl", b'{"a": 1}', [], "jsonl"),
        (".csv", b"Handle,Title", SHOPIFY, "shopify"),
        (".csv", b"id,title", ["id", "title", "link", "price"], "csv"),
        (".tsv", b"id\ttitle", ["id", "title", "link", "price", "image link"], "google_merchant"),
        (".tsv", b"id\ttitle", ["id", "title"], "csv"),
    ],
)
def test_a_format_is_told_by_the_file(suffix: str, start: bytes, header: list[str], expected: str) -> None:
    kind, why = detect_format(suffix, start, header)
    assert kind == expected
    assert why.startswith(("it is", "it has", "its lines"))


def test_a_plain_table_is_told_by_the_names_of_its_columns() -> None:
    target = guess_target(["SKU", "Title", "Category", "Price", "Qty", "Material"], "GBP", "a.csv")
    assert (target.item_id, target.name, target.family, target.price, target.stock) == (
        "SKU", "Title", "Category", "Price", "Qty",
    )  # fmt: skip
    assert (target.currency, target.attributes) == ("GBP", ("Material",))
    assert guess_target(["id", "name", "currency"], "GBP", "a.csv").currency == Value(column="currency")


def test_a_table_without_an_id_or_a_name_says_what_was_looked_for() -> None:
    with pytest.raises(FormatError, match="item's item_id"):
        guess_target(["title"], "GBP", "a.csv")
    with pytest.raises(FormatError, match="write a mapping"):
        guess_target(["id"], "GBP", "a.csv")


def test_a_feed_s_rows_have_their_own_currency() -> None:
    assert feed_target().currency == Value(column="currency")
