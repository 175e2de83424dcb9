"""How easily a text reads."""

import pytest

from tailorbird.stages.fairness.readability import reading_ease, sentences_in, syllables_in, words_of


def test_short_words_in_short_sentences_read_more_easily() -> None:
    easy = reading_ease("The cat sat on the mat. It was warm.", "en")
    hard = reading_ease("Institutional considerations necessitate comprehensive documentation of alternatives.", "en")
    assert easy is not None and hard is not None and easy > 100 > 0 > hard


def test_german_has_a_formula_of_its_own() -> None:
    text = "Der Hund geht heute in den Garten."
    # Amstad: 180 - words per sentence - 58.5 * syllables per word: 7 words, 9 syllables.
    assert reading_ease(text, "de") == pytest.approx(180 - 7 - 58.5 * 9 / 7)
    assert reading_ease(text, "en") != reading_ease(text, "de")


@pytest.mark.parametrize(
    ("word", "count"), [("kettle", 2), ("made", 1), ("wanted", 2), ("stitched", 1), ("boxes", 2), ("the", 1), ("a", 1)]
)
def test_english_syllables_are_counted_without_silent_letters(word: str, count: int) -> None:
    assert syllables_in(word, "en") == count


@pytest.mark.parametrize(("word", "count"), [("gießkanne", 3), ("blume", 2), ("haus", 1), ("bäume", 2), ("boot", 2)])
def test_german_vowels_that_belong_together_are_one_syllable(word: str, count: int) -> None:
    assert syllables_in(word, "de") == count


def test_lines_and_marks_divide_sentences_and_marks_alone_are_none() -> None:
    assert sentences_in("Hello\nWhat is it? This!  ... ") == 3
    assert words_of("Don’t re-use 24 £9 Äpfel!") == ["don’t", "re-use", "äpfel"]


@pytest.mark.parametrize(("text", "language"), [("", "en"), ("12 %", "en"), ("Bonjour", "fr")])
def test_nothing_is_said_of_texts_without_words_or_a_formula(text: str, language: str) -> None:
    assert reading_ease(text, language) is None
