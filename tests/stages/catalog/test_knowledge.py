"""Rows of a knowledge table."""

from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from tailorbird.stages.catalog.knowledge import KnowledgeError, join_items, read_row, rows_about_nothing
from tailorbird.types.brief import SlotType
from tailorbird.types.item import Item
from tailorbird.types.knowledge import KnowledgeColumn, KnowledgeRow, KnowledgeTable

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LOCALES = ("en-GB", "de-DE")
ITEM = Item("hobbin", "v", "Hobbin whistling kettle", "kettles", None, "GBP", texts={"": {"material": "steel"}})


def table(by: Literal["item", "family", "query"] = "family", kind: SlotType = "text", **more: Any) -> KnowledgeTable:
    columns = {"value": KnowledgeColumn(kind, locales={"de-DE": "wert"})}
    return KnowledgeTable("f.csv", by, "key", columns, **more)


def row(**given: str) -> dict[str, str]:
    return {"key": "kettles", "value": "Dry it", "source": "our notes", "expires_at": "2026-07-01", **given}


def joined(read: KnowledgeRow, by: Literal["item", "family", "query"] = "family", now: datetime = NOW) -> Item:
    return join_items({"hobbin": ITEM}, {"care": (table(by), [read])}, now)["hobbin"]


def test_a_fact_is_an_attribute_of_the_items_it_is_about() -> None:
    item = joined(read_row(row(wert="Trocknen"), table(), LOCALES))
    assert (item.text("care_value", "en-GB"), item.text("care_value", "de-DE")) == ("Dry it", "Trocknen")
    assert item.text("material", "en-GB") == "steel"


def test_an_expired_fact_is_none() -> None:
    read = read_row(row(), table(), LOCALES)
    assert joined(read, now=datetime(2026, 7, 1, tzinfo=UTC)).text("care_value", "en-GB") is None
    assert joined(read, now=datetime(2026, 6, 30, 23, 59, tzinfo=UTC)).text("care_value", "en-GB") == "Dry it"


@pytest.mark.parametrize(
    ("by", "key", "fits"),
    [
        ("item", "hobbin", True),
        ("item", "pellow", False),
        ("family", "kettles", True),
        ("query", "Whistling KETTLE", True),
        ("query", "kettle for two", False),
        ("query", "!!", False),
    ],
)
def test_a_row_is_about_an_item_a_family_or_what_people_search_for(
    by: Literal["item", "family", "query"], key: str, fits: bool
) -> None:
    read = read_row(row(key=key), table(by), LOCALES)
    assert (joined(read, by).text("care_value", "en-GB") is not None) is fits


def test_of_two_queries_the_longer_one_wins_and_of_two_rows_the_later_one() -> None:
    rows = [read_row(row(key=k, value=k), table("query"), LOCALES) for k in ("whistling kettle", "kettle")]
    found = join_items({"hobbin": ITEM}, {"trend": (table("query"), rows)}, NOW)["hobbin"]
    assert found.text("trend_value", "en-GB") == "whistling kettle"
    rows = [read_row(row(value=v, expires_at=v), table(), LOCALES) for v in ("2026-09-01", "2026-08-01")]
    assert join_items({"h": ITEM}, {"c": (table(), rows)}, NOW)["h"].text("c_value", "en-GB") == "2026-09-01"


@pytest.mark.parametrize("by", ["item", "family", "query"])
def test_a_row_that_no_item_takes_is_about_nothing(by: Any) -> None:
    keys = [ITEM.item_id, ITEM.family, f"{ITEM.name} {ITEM.family}".lower(), "kettel", "kettle unheard", "!?"]
    for key in keys:
        read = read_row(row(key=key), table(by), LOCALES)
        taken = "c_value" in join_items({ITEM.item_id: ITEM}, {"c": (table(by), [read])}, NOW)[ITEM.item_id].texts.get(
            "en-GB", {}
        )
        assert rows_about_nothing([ITEM], table(by), [read]) == ([] if taken else [read])


@pytest.mark.parametrize(
    ("kind", "value", "english", "german"),
    [
        ("money", "1234.50 GBP", "£1,234.50", "1.234,50 £"),
        ("date", "2026-06-03", "3 June 2026", "3. Juni 2026"),
        ("count", "12000", "12,000", "12.000"),
    ],
)
def test_a_value_is_stated_as_its_locale_does(kind: SlotType, value: str, english: str, german: str) -> None:
    texts = read_row(row(value=value), table(kind=kind), LOCALES).texts
    assert (texts["en-GB"]["value"], texts["de-DE"]["value"]) == (english, german)


@pytest.mark.parametrize(
    ("changed", "kind", "why"),
    [
        ({"key": ""}, "text", "key: is empty"),
        ({"source": " "}, "text", "source: is empty"),
        ({"expires_at": ""}, "text", "hold for ever"),
        ({"expires_at": "soon"}, "text", "is not a date"),
        ({"value": "19.99"}, "money", "has no currency"),
        ({"value": "1,5 GBP"}, "money", "has a comma"),
        ({"value": "many"}, "count", "is not a whole number"),
        ({"value": "x" * 501}, "text", "longer than"),
    ],
)
def test_a_row_without_source_expiry_or_sense_is_never_used(changed: dict[str, str], kind: SlotType, why: str) -> None:
    with pytest.raises(KnowledgeError, match=why):
        read_row(row(**changed), table(kind=kind), LOCALES)


def test_a_time_to_live_counts_from_the_day_a_row_is_dated() -> None:
    read = read_row(row(expires_at="", dated="2026-05-30"), table(ttl_days=7), LOCALES)
    assert read.expires_at == datetime(2026, 6, 6, tzinfo=UTC)
    with pytest.raises(KnowledgeError, match="hold for ever"):
        read_row(row(expires_at=""), table(ttl_days=7), LOCALES)
