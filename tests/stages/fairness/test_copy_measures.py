"""Measures of copy."""

import math

import pytest

from tailorbird.stages.fairness.copy_measures import COPY_MEASURES, measure_copy


@pytest.mark.parametrize(
    ("measure", "more", "less"),
    [
        ("sentiment", "A lovely, bright kettle", "A dull, ugly kettle"),
        ("warmth", "Thank you for your order", "Order received"),
        ("urgency", "Only today: hurry!", "There when it suits"),
        ("agency", "Choose, build and lead", "Look at this kettle"),
        ("care", "Comfort for the family", "Comparison of kettles"),
        ("declined", "We are sorry: this is not available", "This is here"),
        ("length", "A rather long line about a kettle", "A kettle"),
    ],
)
def test_each_measure_hears_what_it_is_for(measure: str, more: str, less: str) -> None:
    assert measure_copy([more], "en-GB")[measure] > measure_copy([less], "en-GB")[measure]


@pytest.mark.parametrize(
    ("measure", "more", "less"),
    [
        ("sentiment", "Ein schöner, heller Kessel", "Ein trüber, schlechter Kessel"),
        ("warmth", "Vielen Dank für Ihre Bestellung", "Bestellung erhalten"),
        ("urgency", "Nur heute!", "Wann es passt"),
    ],
)
def test_german_is_heard_as_well(measure: str, more: str, less: str) -> None:
    assert measure_copy([more], "de-DE")[measure] > measure_copy([less], "de-DE")[measure]


def test_a_phrase_counts_once_and_a_word_inside_another_does_not() -> None:
    assert measure_copy(["thank you"], "en")["warmth"] == 50.0
    assert measure_copy(["nowhere knows"], "en")["urgency"] == 0.0


def test_of_a_language_without_lists_only_the_length_is_known() -> None:
    found = measure_copy(["Bonjour, madame"], "fr-FR")
    assert found["length"] == 15.0
    assert all(math.isnan(found[name]) for name in COPY_MEASURES if name != "length")


@pytest.mark.parametrize("text", ["", "   ", "£9", "\U0001f4a5" * 50])
def test_a_text_without_words_has_no_tone(text: str) -> None:
    found = measure_copy([text], "en-GB")
    assert math.isnan(found["sentiment"]) and found["length"] == len(text)
