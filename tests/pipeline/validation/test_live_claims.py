"""What lines say of price, stock and the end of an offer, held against the catalog as it is now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tailorbird.pipeline.validation.live_claims import LiveClaims, claims, names_a_day
from tailorbird.types.item import Item
from tailorbird.types.slot_text import SlotText

NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)  # a Wednesday
SUNDAY = datetime(2026, 6, 7, 22, 59, 59, tzinfo=UTC)
KETTLE = Item(
    "k", "1", "Quillet kettle", "kettles", Decimal("48.00"), "GBP", 3, regular_price=Decimal("60.00"), sale_until=SUNDAY
)
FULL = replace(KETTLE, price=Decimal("60.00"), regular_price=None, sale_until=None)
VALUES = {"item.name": "Quillet kettle", "item.price": "£48.00", "person.first_name": "May"}


def fault(text: str, item: Item = KETTLE, locale: str = "en-GB", moment: datetime = NOW) -> str:
    live = LiveClaims({"k": item}, "Europe/London", "Wren")
    return live.fault(SlotText.parse(text), VALUES, ["k"], locale, moment)


@pytest.mark.parametrize(
    ("text", "locale", "false_of"),
    [
        ("Only £48: {{ item.name }}", "en-GB", FULL),
        ("Only 48 GBP: {{ item.name }}", "en-GB", FULL),
        ("Jetzt nur 48 £: {{ item.name }}", "de-DE", FULL),
        ("Yours until Sunday: {{ item.name }}", "en-GB", FULL),
        ("Yours until Sunday: {{ item.name }}", "en-GB", replace(KETTLE, sale_until=SUNDAY + timedelta(days=2))),
        ("Nur bis Sonntag: {{ item.name }}", "de-DE", FULL),
        ("The offer ends on 7 June: {{ item.name }}", "en-GB", FULL),
        ("20% off: {{ item.name }}", "en-GB", FULL),
        ("Only 3 left: {{ item.name }}", "en-GB", replace(KETTLE, stock=2)),
        ("Nur noch 3 Stück: {{ item.name }}", "de-DE", replace(KETTLE, stock=40)),
        ("In stock: {{ item.name }}", "en-GB", replace(KETTLE, stock=0)),
        ("Wieder auf Lager: {{ item.name }}", "de-DE", replace(KETTLE, stock=0)),
    ],
)
def test_a_claim_stands_while_the_catalog_says_so_and_no_longer(text: str, locale: str, false_of: Item) -> None:
    assert fault(text, locale=locale) == ""
    assert fault(text, false_of, locale) != ""


def test_another_figure_of_the_item_does_not_make_a_stock_true() -> None:
    sized = replace(KETTLE, stock=40, regular_price=Decimal("3.00"), texts={"": {"size": "3 cm", "days": "3"}})
    assert fault("Only 3 left: {{ item.name }}", sized) != ""
    assert fault("Only £40: {{ item.name }}", sized) != ""


@pytest.mark.parametrize(
    "text",
    [
        "Worth another look: {{ item.name }}",
        "30-day returns on {{ item.name }}",
        "Free delivery over £50",
        "Take 10% off with code WREN10",
        "A second look on Sunday morning: {{ item.name }}",
        "While stocks last: {{ item.name }}",
        "The finest kettle of all: {{ item.name }}",
        "May I? {{ person.first_name }}, see {{ item.name }} for {{ item.price }}",
    ],
)
def test_what_the_catalog_does_not_know_is_left_to_the_person_who_approved_it(text: str) -> None:
    assert fault(text) == fault(text, FULL) == ""


def test_the_fault_names_the_words() -> None:
    assert fault("Only £48: {{ item.name }}", FULL).endswith("£48")
    assert fault("Yours until Sunday: {{ item.name }}", FULL).endswith("Sunday")


def test_only_a_lines_own_words_make_it_a_claim() -> None:
    assert not claims(SlotText.parse("{{ item.name }} for {{ item.price }}, {{ item.size }}"), "en-GB")
    assert claims(SlotText.parse("{{ item.name }} for £48"), "en-GB")
    assert claims(SlotText.parse("In stock: {{ item.name }}"), "en-GB")
    assert not claims(SlotText.parse("Only £48"), "fr-FR")  # no word lists: the gate and people judge it


def test_days_are_those_of_the_shop() -> None:
    assert names_a_day(SlotText.parse("Yours until Sunday"), "en-GB")
    assert not names_a_day(SlotText.parse("Only £48"), "en-GB")
    late = datetime(2026, 6, 7, 23, 30, tzinfo=UTC)  # Monday in London: the Sunday that is meant is another one
    assert fault("Yours until Sunday: {{ item.name }}", moment=late) != ""


def test_a_line_is_judged_once_for_all_readers_and_anew_on_another_day() -> None:
    live, line = LiveClaims({"k": KETTLE}, "UTC", "Wren"), SlotText.parse("Only £48, {{ person.first_name }}")
    assert live.fault(line, VALUES, ["k"], "en-GB", NOW) == ""
    assert live.fault(line, {**VALUES, "person.first_name": "£9"}, ["k"], "en-GB", NOW) == ""
    assert live.fault(line, VALUES, [], "en-GB", NOW) != ""  # no item has that price
