"""Text as a reader sees it, and the way back to where it was written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tailorbird.types.folded import fold, mixed_script


def test_letters_that_look_like_latin_ones_are_folded() -> None:
    assert fold("аnа＠shοp。соm").text == "ana@shop.com"


def test_wide_and_foreign_digits_are_digits() -> None:
    assert fold("０２０ ٧٩٤٦ 1️⃣").text == "020 7946 1"


def test_what_nobody_sees_is_gone_and_belongs_to_the_span_before_it() -> None:
    text = "x a\u200bn\u00ada\u200b\u200b y"
    folded = fold(text)
    at = folded.text.index("ana")
    assert folded.text == "x ana y"
    assert folded.original(at, at + 3) == (2, 9)


def test_marks_on_letters_are_folded_with_their_letter() -> None:
    folded = fold("Jose\u0301 Mu\u0308ller, Strasse/Straße")
    assert folded.text == "Jose Muller, Strasse/Strasse"
    assert folded.original(0, 4) == (0, 5)


def test_one_character_does_not_grow_without_end() -> None:
    assert len(fold("\ufdfa" * 100).text) == 400


@given(st.text())
@example("\u200b")
@example("ﬁ\u0301x\u200b")
def test_every_span_of_the_folded_text_is_a_span_of_the_text(text: str) -> None:
    folded = fold(text)
    end_before = 0
    for at in range(len(folded.text)):
        start, end = folded.original(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert end >= end_before
        end_before = end
        assert fold(text[start]).text or text[start:end]


@given(st.text(alphabet=st.characters(max_codepoint=127, exclude_categories=["Cc"])))
def test_plain_text_stays_as_it_is(text: str) -> None:
    folded = fold(text)
    assert folded.text == text
    assert all(folded.original(n, n + 1) == (n, n + 1) for n in range(len(text)))


@pytest.mark.parametrize("word", ["s\u0430le", "\u0421heap", "d\u03b5al"])
def test_a_word_of_two_scripts_is_seen(word: str) -> None:
    assert mixed_script(f"a {word} here") == ((2, 2 + len(word)),)


@pytest.mark.parametrize("text", ["5 µm", "Zoë und Łukasz", "распродажа", "a Ω b", "naïve £5"])
def test_whole_words_of_one_script_are_not(text: str) -> None:
    assert not mixed_script(text)
