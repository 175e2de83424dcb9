"""Patches of items: what they change, what they leave, and what they may not say."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.catalog.patch import PATCH_FIELDS, PatchError, patch_item, read_id
from tailorbird.types.catalog_schema import AttributeSchema, CatalogSchema
from tailorbird.types.item import CATALOG_COLUMNS

PLAIN = CatalogSchema()
MUG: dict[str, Any] = {
    **dict.fromkeys(CATALOG_COLUMNS),
    "item_id": "a",
    "name": "Mug",
    "family": "mugs",
    "price_minor": 450,
    "currency": "GBP",
    "prices": '{"EUR":520}',
    "sale_minor": 399,
    "sale_from": "2026-05-01T00:00:00Z",
    "sale_until": "2026-06-01T00:00:00Z",
    "stock": 7,
    "texts": '{"": {"weight": "300 g", "wood": "oak"}, "de-DE": {"wood": "Eiche"}}',
}


def patch(old: dict[str, Any] | None = MUG, schema: CatalogSchema = PLAIN, **fields: Any) -> dict[str, Any]:
    return patch_item(old, {"item_id": "a", **fields}, "GBP", schema)[0]


def changed(**fields: Any) -> dict[str, Any]:
    row = patch(**fields)
    return {name: row[name] for name in CATALOG_COLUMNS if row[name] != MUG[name]}


def test_a_patch_changes_what_it_names_and_leaves_the_rest_byte_for_byte() -> None:
    assert changed() == {}
    assert changed(stock=3) == {"stock": 3}
    assert changed(name="Big mug", family=None, url="https://x.org/a") == {
        "name": "Big mug", "family": "", "url": "https://x.org/a",
    }  # fmt: skip
    assert changed(prices={"EUR": 5.2}) == {}
    assert changed(prices={"EUR": None, "CHF": "6"}) == {"prices": '{"CHF":600}'}


def test_a_new_price_ends_the_sale_unless_the_patch_states_one() -> None:
    ended = {"sale_minor": None, "sale_from": None, "sale_until": None}
    assert changed(price="4.50") == ended
    assert changed(price="4.99 GBP") == {"price_minor": 499, **ended}
    assert changed(price="4.99", sale_price="4", sale_from="2026-07-01", sale_until="2026-07-02T00:00:00+02:00") == {
        "price_minor": 499, "sale_minor": 400,
        "sale_from": "2026-07-01T00:00:00Z", "sale_until": "2026-07-01T22:00:00Z",
    }  # fmt: skip
    assert changed(price=None)["price_minor"] is None


def test_attributes_are_merged_by_name_and_locale() -> None:
    row = patch(attributes={"wood": "ash", "weight": None, "dishwasher": True}, texts={"de-DE": {"wood": "Esche"}})
    assert json.loads(row["texts"]) == {"": {"wood": "ash", "dishwasher": "true"}, "de-DE": {"wood": "Esche"}}


def test_a_new_item_needs_a_name_and_takes_the_project_s_currency() -> None:
    row = patch(None, name="Jug", price="5")
    assert (row["currency"], row["price_minor"], row["prices"], row["family"]) == ("GBP", 500, "{}", "")
    assert patch(None, name="Jug", price="500", currency="jpy")["price_minor"] == 500
    assert patch_item(None, {"id": "a", "name": "Jug", "price": "5 EUR"}, "", PLAIN)[0]["currency"] == "EUR"
    with pytest.raises(PatchError, match="is missing, and the item is new") as refused:
        patch(None, price="5")
    assert refused.value.field == "name"


def test_quantities_come_in_the_schema_s_unit_and_what_the_patch_does_not_name_is_left() -> None:
    schema = CatalogSchema({"weight": AttributeSchema("number", "kg"), "wood": AttributeSchema("enum", None, ("ash",))})
    row, odd = patch_item(MUG, {"id": "a", "attributes": {"weight": "900 g"}}, "GBP", schema)
    assert json.loads(row["texts"])[""] == {"weight": "0.9 kg", "wood": "oak"}
    assert odd == []
    assert patch_item(MUG, {"id": "a", "stock": 1}, "GBP", schema)[0]["texts"] == MUG["texts"]
    odd = patch_item(MUG, {"id": "a", "attributes": {"wood": "fir"}}, "GBP", schema)[1]
    assert odd == ["attributes.wood: is none of its values"]


def test_what_the_schema_refuses_is_refused_if_it_says_so() -> None:
    needed = AttributeSchema("text", required=True)
    schema = CatalogSchema({"wood": AttributeSchema("enum", None, ("oak", "ash")), "care": needed}, "quarantine")
    with pytest.raises(PatchError, match="is none of its values") as refused:
        patch(MUG, schema, attributes={"wood": "fir"})
    assert refused.value.field == "attributes.wood"
    assert patch(MUG, schema, stock=1)["stock"] == 1, "what was missing before is no mistake of this patch"
    with pytest.raises(PatchError, match="is missing") as refused:
        patch(None, schema, name="Jug", attributes={"wood": "oak"})
    assert refused.value.field == "attributes.care"


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"item_id": ""}, "item_id", "is empty"),
        ({"item_id": " "}, "item_id", "is empty"),
        ({"item_id": "x" * 201}, "item_id", "more than 200"),
        ({"item_id": ["a"]}, "item_id", "neither a text nor a number"),
        ({"colour": "red"}, "colour", "is no field of an item"),
        ({"name": None}, "name", "is empty"),
        ({"name": "a\x00b"}, "name", "control character"),
        ({"name": "a\ud800"}, "name", "control character"),
        ({"name": True}, "name", "neither a text nor a number"),
        ({"price": "1.005"}, "price", "more decimals than GBP"),
        ({"price": "1,50"}, "price", "comma"),
        ({"price": -1}, "price", "below 0"),
        ({"price": "5 EUR"}, "price", "is in EUR, the catalog's is in GBP"),
        ({"currency": "EUR"}, "currency", "a price in it is needed too"),
        ({"currency": "pounds"}, "currency", "no currency code"),
        ({"sale_price": "x"}, "sale_price", "is not a price"),
        ({"sale_from": "soon"}, "sale_from", "is no time"),
        ({"available_from": "0001-01-01T00:00:00+14:00"}, "available_from", "is no time"),
        ({"prices": {"euro": 1}}, "prices.euro", "no currency code"),
        ({"prices": 3}, "prices", "is no object"),
        ({"prices": {"EUR": {}}}, "prices.EUR", "neither a text nor a number"),
        ({"stock": "1.5"}, "stock", "whole number"),
        ({"stock": 10**12}, "stock", "too large"),
        ({"attributes": "red"}, "attributes", "is no object"),
        ({"attributes": {"": "x"}}, "attributes", "a name that is empty"),
        ({"attributes": {"a": "\x07"}}, "attributes.a", "control character"),
        ({"texts": {"german": {}}}, "texts.german", "no locale"),
        ({"texts": {"de": 1}}, "texts.de", "is no object"),
    ],
)
def test_what_a_field_cannot_be_is_refused_by_name(fields: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(PatchError, match=reason) as refused:
        patch(**fields)
    assert refused.value.field == field


def test_an_item_is_named_by_item_id_id_or_sku() -> None:
    assert [read_id({name: 7}) for name in ("item_id", "id", "sku")] == [("item_id", "7"), ("id", "7"), ("sku", "7")]


WORDS = st.one_of(st.none(), st.text(max_size=4), st.integers(), st.floats(allow_nan=False).map(str))
VALUES = st.one_of(WORDS, st.booleans(), st.lists(WORDS, max_size=2), st.dictionaries(st.text(max_size=3), WORDS))
PATCHES = st.dictionaries(st.sampled_from(PATCH_FIELDS), VALUES, max_size=4)


@pytest.mark.slow
@given(PATCHES, st.booleans())
def test_any_patch_is_refused_by_a_field_or_holds_when_repeated(fields: dict[str, Any], is_new: bool) -> None:
    try:
        once = patch(None if is_new else MUG, **fields)
    except PatchError:
        return
    assert set(once) == set(CATALOG_COLUMNS)
    assert patch(once, **fields) == once
