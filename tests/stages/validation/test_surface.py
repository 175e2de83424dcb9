"""Checks of the surface, one by one (the gate as a whole is in test_draft.py)."""

from dataclasses import replace

import pytest

from tailorbird.stages.validation.ground import Ground
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.stages.validation.reading import read_draft
from tailorbird.stages.validation.surface import check_characters, check_leak, check_length, check_markup, sample_sets
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits, Slot
from tailorbird.types.slot_text import SlotText

SAMPLES = {"item.name": ("Peg", "Long kettle", "Awkward & co"), "item.price": ("£2.00", "£124.00")}


def ground(limit: int = 20, least: int = 1) -> Ground:
    slots = {name: Slot(name, "text", "catalog") for name in SAMPLES}
    brand = Brand("Wren", "", {}, (), {}, {}, {})
    return Ground("subject", Limits(limit, least), slots, SAMPLES, {}, brand, "en-GB", "", lexicon_for("en"))


def test_sample_sets_take_the_shortest_then_the_longest_then_the_most_awkward() -> None:
    sets = sample_sets(SlotText.parse("{{ item.name }} {{ item.price }} {{ brand.name }}"), ground())
    assert sets[0] == {"item.name": "Peg", "item.price": "£2.00", "brand.name": "Wren"}
    assert sets[1]["item.price"] == "£124.00"
    assert sets[2] == {"item.name": "Awkward & co", "item.price": "£124.00", "brand.name": "Wren"}


def test_both_limits_hold_for_every_value() -> None:
    text = SlotText.parse("{{ item.name }}")
    reading = read_draft(text)
    assert [f.type for f in check_length(text, reading, ground(5))] == ["too_long"]
    assert [f.type for f in check_length(text, reading, ground(20, 4))] == ["too_short"]


def test_no_mark_hangs_in_the_air() -> None:
    reading = read_draft(SlotText.parse("One  two ,three ."))
    assert {f.type for f in check_characters(reading, ground())} == {"spacing"}


def test_ordinary_punctuation_is_no_markup() -> None:
    reading = read_draft(SlotText.parse("Well: “yes”, it’s here – isn't it? (Really.) A & B"))
    assert list(check_markup(reading, ground())) == []
    assert list(check_characters(reading, ground())) == []


def test_a_line_is_too_long_only_for_an_item_that_exists() -> None:
    text = SlotText.parse("{{ item.name }}, {{ item.price }}")
    reading, rows = read_draft(text), ({"item.name": "Long kettle", "item.price": "£2.00"}, {"item.name": "A" * 50})
    assert [f.type for f in check_length(text, reading, ground(18))] == ["too_long"]
    assert list(check_length(text, reading, replace(ground(18), rows=rows))) == []
    assert [f.type for f in check_length(text, reading, replace(ground(17), rows=rows))] == ["too_long"]


@pytest.mark.parametrize(
    "text",
    [
        "For { item.name } and you",
        "Hello %FNAME%",
        "Hello $name",
        "Hello *|FNAME|*",
        "See bit.ly/abc",
        "Call 0800 123 4567",
        "Call +44 20 7946 0000",
        "Click javascript:alert(1)",
    ],
)
def test_what_only_another_tool_would_fill_in_or_follow_is_refused(text: str) -> None:
    assert list(check_markup(read_draft(SlotText.parse(text)), ground(90)))


@pytest.mark.parametrize("text", ["Look → here", "A heart ❤\ufe0f", "So\ufe0f", "A\u00a0space", "A leaf 🌱"])
def test_pictures_arrows_and_odd_spaces_are_refused(text: str) -> None:
    assert list(check_characters(read_draft(SlotText.parse(text)), ground(90)))


@pytest.mark.parametrize(
    "text",
    [
        "One good reason: this",
        "Ein guter Grund: das",
        "The facts: all here",
        "Wash at 30 °C",
        "© Wren",
        "Tyvek® and/or",
    ],
)
def test_ordinary_words_and_signs_pass(text: str) -> None:
    reading = read_draft(SlotText.parse(text))
    assert [*check_markup(reading, ground(90)), *check_characters(reading, ground(90))] == []
    assert list(check_leak(reading, ground(90))) == []


def test_a_line_that_begins_like_the_prompt_is_an_echo() -> None:
    assert [f.type for f in check_leak(read_draft(SlotText.parse("Reason: a while")), ground())] == ["template_leak"]
