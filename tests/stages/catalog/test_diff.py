"""What differs between two versions of the catalog."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.catalog.diff import changed_rows_query, count_changes, diff_items, flatten, percent
from tailorbird.types.catalog_diff import CatalogDiff, FlatItem
from tailorbird.types.item import CATALOG_COLUMNS

FIELDS = st.sampled_from(["name", "price", "stock", "attributes.material", "attributes.material@de-DE"])
VALUES = st.one_of(st.text(max_size=4), st.integers(-3, 3), st.booleans())
CATALOGS = st.dictionaries(st.sampled_from("abcdef"), st.dictionaries(FIELDS, VALUES, max_size=4), max_size=6)


def row(**given: Any) -> tuple[Any, ...]:
    item = {
        "item_id": "a", "name": "Mug", "family": "mugs", "price_minor": 450, "currency": "GBP", "prices": "{}",
        "sale_minor": None, "sale_from": None, "sale_until": None, "available_from": None, "stock": 3, "url": None,
        "image": None, "texts": "{}",
    }  # fmt: skip
    return tuple({**item, **given}[name] for name in CATALOG_COLUMNS)


def apply_diff(items: Mapping[str, FlatItem], diff: CatalogDiff) -> dict[str, FlatItem]:
    """The catalog that the difference leads to. KeyError: it was made from another one."""
    result = {item_id: item for item_id, item in items.items() if item_id not in diff.removed}
    for change in diff.changed:
        item = dict(result[change.item_id])
        for name, (_, new) in change.fields.items():
            if new is None:
                item.pop(name, None)
            else:
                item[name] = new
        result[change.item_id] = item
    return {**result, **diff.added}


@pytest.mark.slow
@given(CATALOGS, CATALOGS)
def test_the_difference_leads_from_one_catalog_to_the_other(a: dict[str, FlatItem], b: dict[str, FlatItem]) -> None:
    assert apply_diff(a, diff_items(a, b)) == b
    assert apply_diff(b, diff_items(b, a)) == a
    assert diff_items(a, a).empty


def test_a_row_is_told_field_by_field() -> None:
    texts = json.dumps({"": {"material": "oak"}, "de-DE": {"material": "Eiche"}})
    flat = flatten(row(prices='{"JPY":700}', sale_minor=399, texts=texts))
    assert flat["price"] == "4.50"
    assert flat["price.JPY"] == "700"
    assert flat["sale_price"] == "3.99"
    assert flat["attributes.material"] == "oak"
    assert flat["attributes.material@de-DE"] == "Eiche"
    assert "url" not in flat


def test_the_counts_tell_prices_and_stock_apart() -> None:
    before = {"a": flatten(row()), "b": flatten(row(stock=0)), "c": flatten(row())}
    after = {"a": flatten(row(price_minor=400, stock=0)), "b": flatten(row(stock=None)), "d": flatten(row())}
    counts = count_changes(diff_items(before, after))
    assert counts == {
        "added": 1, "removed": 1, "changed": 2, "prices": 1, "out_of_stock": 1, "back_in_stock": 1, "attributes": 0,
    }  # fmt: skip


def test_the_query_finds_the_rows_that_differ_and_no_others() -> None:
    warehouse = DuckdbWarehouse(threads=1)
    for table, rows in (
        ("before", [row(item_id="same"), row(item_id="gone"), row(item_id="other")]),
        ("after", [row(item_id="same"), row(item_id="new"), row(item_id="other", stock=None)]),
    ):
        warehouse.load(table, {name: [r[i] for r in rows] for i, name in enumerate(CATALOG_COLUMNS)})
    found = warehouse.rows(changed_rows_query("before", "after"))
    assert [(r[0], r[len(CATALOG_COLUMNS)]) for r in found] == [("gone", None), (None, "new"), ("other", "other")]


def test_percents_are_of_the_old_price() -> None:
    assert percent("48.00", "45.00") == Decimal("-6.2")
    assert percent("0", "1") is None
    assert percent(None, "1") is None
