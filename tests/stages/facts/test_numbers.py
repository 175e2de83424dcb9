"""Numbers in digits of each convention, and in words."""

from decimal import Decimal

import pytest

from tailorbird.stages.facts.numbers import number_word, readings


@pytest.mark.parametrize(
    ("written", "language", "values"),
    [("1,234", "en", ["1234"]), ("1.234", "en", ["1.234"]), ("1.234", "de", ["1234", "1.234"]), ("1,5", "de", ["1.5"]),
     ("1,5", "en", ["1.5"]), ("1.234,50", "de", ["1234.50"]), ("1,234.50", "de", ["1234.50"]), ("2.13", "de", ["2.13"]),
     ("٤٨", "en", ["48"]), ("١٫٥", "en", ["1.5"]), ("١٬٢٣٤٫٥", "de", ["1234.5"]), ("1'234", "de", ["1234"]), ("1.2.3", "en", [])],
)  # fmt: skip
def test_digits_are_read_by_the_language_s_convention(written: str, language: str, values: list[str]) -> None:
    assert readings(written, language) == tuple(map(Decimal, values))


@pytest.mark.parametrize(
    ("words", "language", "value", "used"),
    [("twenty five pages", "en", 25, 2), ("two hundred and fifty of", "en", 250, 4), ("a dozen", "en", None, 0),
     ("dozen eggs", "en", 12, 1), ("one of", "en", None, 0), ("two thousand five hundred", "en", 2500, 4),
     ("three four", "en", 3, 1), ("fünfundzwanzig seiten", "de", 25, 1), ("zweihundertfünfzig", "de", 250, 1),
     ("zweitausendeinhundert", "de", 2100, 1), ("ein", "de", None, 0), ("sieben", "de", 7, 1), ("deux", "fr", None, 0)],
)  # fmt: skip
def test_numbers_in_words_are_read_and_articles_are_not(
    words: str, language: str, value: int | None, used: int
) -> None:
    assert number_word(words.split(), language) == (None if value is None else (Decimal(value), used))
