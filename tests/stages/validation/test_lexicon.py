"""The word lists that come with the package."""

import pytest

from tailorbird.stages.validation.lexicon import lexicon_for


@pytest.mark.parametrize("locale", ["en-GB", "en", "de-DE", "de_AT"])
def test_a_language_with_lists_has_hundreds_of_plain_words(locale: str) -> None:
    assert len(lexicon_for(locale).plain) >= 400


@pytest.mark.parametrize("locale", ["en", "de"])
def test_no_plain_word_is_a_claim_a_date_or_a_number(locale: str) -> None:
    lexicon = lexicon_for(locale)
    assert lexicon.plain & (lexicon.claims | lexicon.dates | lexicon.numbers) == set()
    assert all(word == word.lower().replace("’", "'") for word in lexicon.plain)


def test_other_languages_have_an_empty_lexicon() -> None:
    assert lexicon_for("fr-FR").plain == frozenset()
