"""The languages that the fact check knows."""

from tailorbird.stages.facts.check import FactCheck
from tailorbird.stages.facts.languages import LANGUAGES, language_of


def test_languages_without_lists_are_none_and_the_check_names_the_others() -> None:
    assert language_of("fr") is None and language_of("en") is LANGUAGES["en"]
    assert FactCheck(lambda language: frozenset()).languages == set(LANGUAGES)
