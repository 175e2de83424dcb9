"""Disallowed phrases and claim words."""

import pytest

from tailorbird.stages.validation.policy import disallowed_phrases, find_disallowed, phrase_pattern
from tailorbird.types.brand import Brand


def brand() -> Brand:
    phrases = {"*": ("WOW",), "en": ("bargain",), "en-GB": ("act now", " "), "de-DE": ("bio",)}
    return Brand("Wren", "", {}, (), phrases, {}, {})


def test_phrases_of_the_locale_its_language_and_everywhere_hold() -> None:
    assert disallowed_phrases(brand(), "en-GB") == ("act now", "bargain", "wow")
    assert disallowed_phrases(brand(), "de-DE") == ("bio", "wow")


def test_phrases_match_whole_words_in_any_case() -> None:
    pattern = phrase_pattern(("bio", "100%"))
    assert pattern.search("Bio-Seife")
    assert not pattern.search("Biografie")
    assert pattern.search("Now 100% yours")


def test_no_phrases_match_nothing() -> None:
    assert not phrase_pattern(()).search("anything")


ENGLISH = ("can't miss", "plastic-free", "act now", "100%", "!", "sale", "deal", "hurry")
GERMAN = ("angebot", "rabatt", "einzigartig", "exklusiv", "garantiert", "!")


@pytest.mark.parametrize(
    ("language", "phrases", "text"),
    [
        ("en", ENGLISH, "You can’t miss this"),
        ("en", ENGLISH, "plastic–free and good"),
        ("en", ENGLISH, "plastic\u2011free and good"),
        ("en", ENGLISH, "act\u00a0now"),
        ("en", ENGLISH, "100 % cotton"),
        ("en", ENGLISH, "Look here！"),
        ("en", ENGLISH, "Look here‼"),
        ("en", ENGLISH, "Look here!"),
        ("en", ENGLISH, "Deals for you"),
        ("en", ENGLISH, "Sales"),
        ("de", GERMAN, "Angebote für dich"),
        ("de", GERMAN, "mit Rabatten"),
        ("de", GERMAN, "ein einzigartiges Ding"),
        ("de", GERMAN, "die exklusive Kanne"),
        ("de", GERMAN, "garantierte Freude"),
    ],
)
def test_typography_and_inflection_hide_no_phrase(language: str, phrases: tuple[str, ...], text: str) -> None:
    assert [denied for _, _, denied in find_disallowed(text, phrase_pattern(phrases, language), language)] == [False]


def test_a_span_is_that_of_the_text_as_it_was_typed() -> None:
    text = "Well‼ you can’t miss it"
    found = {text[start:end] for start, end, _ in find_disallowed(text, phrase_pattern(ENGLISH, "en"), "en")}
    assert found == {"‼", "can’t miss"}


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "No deal, no drama"), ("en", "and no hurry"), ("de", "Kein Angebot, nur ein Gruß"), ("de", "Ohne Rabatt")],
)
def test_a_phrase_that_is_denied_is_marked_as_such(language: str, text: str) -> None:
    pattern = phrase_pattern(ENGLISH if language == "en" else GERMAN, language)
    assert [denied for _, _, denied in find_disallowed(text, pattern, language)] == [True]
