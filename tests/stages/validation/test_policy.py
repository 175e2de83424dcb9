"""Disallowed phrases and claim words."""

from tailorbird.stages.validation.policy import disallowed_phrases, phrase_pattern
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
