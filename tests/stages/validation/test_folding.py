"""Texts that look alike compare alike."""

import pytest

from tailorbird.stages.validation.folding import fold, fold_with_offsets


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
