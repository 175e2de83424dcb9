"""The languages that the fact check knows."""

from tailorbird.stages.facts.english import ENGLISH
from tailorbird.stages.facts.german import GERMAN
from tailorbird.stages.facts.language import Language

LANGUAGES = {"en": ENGLISH, "de": GERMAN}


def language_of(code: str) -> Language | None:
    """The word lists of a language, None where we have none."""
    return LANGUAGES.get(code)
