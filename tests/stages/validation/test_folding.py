"""Texts that look alike compare alike."""

import pytest

from tailorbird.stages.validation.folding import fold, fold_with_offsets, mixed_script


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("can’t", "can't"),
        ("plastic–free", "plastic-free"),
        ("must\u2011have", "must-have"),
        ("act\u00a0now", "act now"),
        ("Now！", "Now!"),
        ("Now‼", "Now!!"),
        ("o\u0308kologisch", "ökologisch"),
        ("dis\u00adcount", "discount"),
        ("Für 24,00 € – „gut“", "Für 24,00 € - „gut“"),
    ],
)
def test_what_looks_alike_folds_alike(text: str, read: str) -> None:
    assert fold(text) == read


def test_every_folded_character_knows_where_it_came_from() -> None:
    text = "So ‼ don’t\u200b miss"
    folded, offsets = fold_with_offsets(text)
    start = folded.index("don't miss")
    assert text[offsets[start] : offsets[start + len("don't miss")]] == "don’t\u200b miss"
    assert fold_with_offsets("plain") == ("plain", (0, 1, 2, 3, 4, 5))


@pytest.mark.parametrize("word", ["s\u0430le", "\u0421heap", "d\u03b5al"])
def test_a_word_of_two_scripts_is_seen(word: str) -> None:
    assert mixed_script(f"a {word} here") == ((2, 2 + len(word)),)


@pytest.mark.parametrize("text", ["5 µm", "Zoë und Łukasz", "распродажа", "a Ω b", "naïve £5"])
def test_whole_words_of_one_script_are_not(text: str) -> None:
    assert not mixed_script(text)
