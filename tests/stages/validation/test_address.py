"""How the reader is addressed."""

from dataclasses import replace

import pytest

from tailorbird.stages.validation.address import check_address_form, check_ownership, check_state
from tailorbird.stages.validation.ground import Ground
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.stages.validation.reading import read_draft
from tailorbird.types.brand import ApprovedLine, Brand
from tailorbird.types.brief import Limits
from tailorbird.types.slot_text import SlotText


def ground(locale: str, *approved: str) -> Ground:
    lines = tuple(ApprovedLine(str(n), "subject", locale, text) for n, text in enumerate(approved))
    brand = Brand("W", "", {}, lines, {}, {}, {})
    return Ground("subject", Limits(90), {}, {}, {}, brand, locale, "", lexicon_for(locale))


def forms(text: str, *approved: str) -> list[str]:
    return [f.evidence for f in check_address_form(read_draft(SlotText.parse(text)), ground("de-DE", *approved))]


def test_the_brands_own_lines_say_how_germans_are_addressed() -> None:
    assert forms("Passt das zu Ihnen?", "Etwas für dich") == ["Ihnen"]
    assert forms("Passt das zu dir?", "Etwas für Sie") == ["dir"]
    assert forms("Passt das zu dir?", "Etwas für dich") == []
    assert forms("Passt das zu dir?") == []


def test_the_word_for_her_or_them_is_no_address() -> None:
    assert forms("Wir mögen sie und ihre Art", "Etwas für dich") == []


def owned(text: str) -> list[str]:
    return [f.type for f in check_ownership(read_draft(SlotText.parse(text)), ground("en-GB"))]


def test_a_suggested_item_is_not_the_readers_and_was_not_ordered() -> None:
    assert owned("Your {{ item.name }} and more") == ["ownership"]
    assert owned("Last time you ordered {{ item.name }}") == ["past_order"]
    assert owned("To go with your {{ last_item.short_name }}: {{ item.name }}") == []
    assert owned("The last time: {{ last_item.short_name }}") == ["past_only"]
    assert owned("Order {{ item.name }} here") == []


FALSE_IN_A_WIN_BACK = [
    ("The same again: {{ item.name }}", "en-GB", "last_item"),
    ("The same as last time: {{ item.name }}", "en-GB", "last_item"),
    ("Here it is again: {{ item.name }}", "en-GB", "last_item"),
    ("Nearly out? {{ item.name }}", "en-GB", "last_item"),
    ("Time for more: {{ item.name }}", "en-GB", "last_item"),
    ("Still thinking it over? {{ item.name }}", "en-GB", "basket"),
    ("Still in your basket: {{ item.name }}", "en-GB", "basket"),
    ("Noch einmal dasselbe: {{ item.name }}", "de-DE", "last_item"),
    ("Hier noch einmal: {{ item.name }}", "de-DE", "last_item"),
    ("Fast leer? {{ item.name }}", "de-DE", "last_item"),
    ("Zeit für Nachschub: {{ item.name }}", "de-DE", "last_item"),
    ("Noch in deinem Korb: {{ item.name }}", "de-DE", "basket"),
    ("Dein Korb steht noch da", "de-DE", "basket"),
]


@pytest.mark.parametrize(("text", "locale", "source"), FALSE_IN_A_WIN_BACK)
def test_what_is_true_only_of_the_last_order_or_the_basket_needs_items_from_there(
    text: str, locale: str, source: str
) -> None:
    reading = read_draft(SlotText.parse(text))
    for other in ("bought_together", ""):
        assert "wrong_relation" in [f.type for f in check_state(reading, replace(ground(locale), source=other))]
    assert list(check_state(reading, replace(ground(locale), source=source))) == []
